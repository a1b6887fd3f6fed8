/* SPDX-License-Identifier: Apache-2.0 */
/* What a service does with the vectors of the message that it serves: one copy, straight from or to the client's memory. */
#include "core.h"

static uintptr_t advance(struct spm_thread *thread, const uintptr_t arguments[4], uint8_t *buffer, size_t size)
{
	struct spm_message *message = spm_message_find(thread, (psa_handle_t)arguments[0]);
	size_t index = arguments[1];
	if (message == NULL || message->type < 0)
		return spm_error(thread, SPM_ERROR_MESSAGE);
	if (index >= PSA_MAX_IOVEC)
		return spm_error(thread, SPM_ERROR_INDEX);
	if ((message->mapped >> index & 1) != 0)
		return spm_error(thread, SPM_ERROR_MAPPING);
	size_t count = size < message->in[index].left ? size : message->in[index].left;
	message->touched = (uint8_t)(message->touched | 1u << index);
	if (buffer != NULL)
		spm_copy(buffer, message->in[index].next, count);
	message->in[index].next += count;
	message->in[index].left -= count;
	return count;
}

uintptr_t spm_serve_read(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint8_t *buffer = (uint8_t *)arguments[2];
	size_t size = arguments[3];
	if (!spm_may_access(spm_partition_of(thread), buffer, size, true))
		return spm_error(thread, SPM_ERROR_MEMORY);
	return advance(thread, arguments, buffer, size);
}

uintptr_t spm_serve_skip(struct spm_thread *thread, const uintptr_t arguments[4])
{
	return advance(thread, arguments, NULL, arguments[2]);
}

uintptr_t spm_serve_write(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = spm_message_find(thread, (psa_handle_t)arguments[0]);
	size_t index = arguments[1], size = arguments[3];
	const uint8_t *buffer = (const uint8_t *)arguments[2];
	if (message == NULL || message->type < 0)
		return spm_error(thread, SPM_ERROR_MESSAGE);
	if (index >= PSA_MAX_IOVEC)
		return spm_error(thread, SPM_ERROR_INDEX);
	if ((message->mapped >> (PSA_MAX_IOVEC + index) & 1) != 0)
		return spm_error(thread, SPM_ERROR_MAPPING);
	if (size > message->out[index].left)
		return spm_error(thread, SPM_ERROR_OVERRUN);
	if (!spm_may_access(spm_partition_of(thread), buffer, size, false))
		return spm_error(thread, SPM_ERROR_MEMORY);
	message->touched = (uint8_t)(message->touched | 1u << (PSA_MAX_IOVEC + index));
	if (!message->orphan)
		spm_copy(message->out[index].next, buffer, size);
	message->out[index].next += size;
	message->out[index].left -= size;
	message->out[index].used += size;
	return 0;
}

uintptr_t spm_serve_rhandle(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = spm_message_find(thread, (psa_handle_t)arguments[0]);
	if (message == NULL)
		return spm_error(thread, SPM_ERROR_MESSAGE);
	if (message->connection == NULL)
		return spm_error(thread, SPM_ERROR_STATELESS);
	message->connection->rhandle = (void *)arguments[1];
	return 0;
}
