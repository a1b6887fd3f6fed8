/* SPDX-License-Identifier: Apache-2.0 */
/* MM-IOVEC, at isolation level 1: a service uses its client's bytes in place. Once per vector, and no reading or writing beside it. */
#include "core.h"

/* The message, when it is a call of a service that maps vectors; NULL: the caller erred. */
static struct spm_message *find(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = spm_message_find(thread, (psa_handle_t)arguments[0]);
	enum spm_error error = SPM_ERROR_NONE;
	if (message == NULL || message->type < 0 || !spm_table.services[message->service].mm_iovec)
		error = SPM_ERROR_MESSAGE;
	else if (arguments[1] >= PSA_MAX_IOVEC)
		error = SPM_ERROR_INDEX;
	thread->error = (uint8_t)error;
	return error == SPM_ERROR_NONE ? message : NULL;
}

/* `place`: index of an input, PSA_MAX_IOVEC + index of an output. */
static uintptr_t map(struct spm_thread *thread, struct spm_message *message, uintptr_t place, const void *base, size_t size)
{
	if (size == 0)
		return spm_error(thread, SPM_ERROR_INDEX);
	if (((message->mapped | message->touched) >> place & 1) != 0)
		return spm_error(thread, SPM_ERROR_MAPPING);
	message->mapped = (uint8_t)(message->mapped | 1u << place);
	return (uintptr_t)base;
}

/* Unmapped, it counts as touched and stays mapped: it can be neither read nor mapped again. */
static bool unmap(struct spm_thread *thread, struct spm_message *message, uintptr_t place)
{
	if ((message->mapped & ~message->touched & 1u << place) == 0) {
		(void)spm_error(thread, SPM_ERROR_MAPPING);
		return false;
	}
	message->touched = (uint8_t)(message->touched | 1u << place);
	return true;
}

uintptr_t spm_serve_map_invec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = find(thread, arguments);
	uintptr_t index = arguments[1];
	return message != NULL ? map(thread, message, index, message->in[index].next, message->in[index].left) : 0;
}

uintptr_t spm_serve_map_outvec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = find(thread, arguments);
	uintptr_t index = arguments[1];
	return message != NULL ? map(thread, message, PSA_MAX_IOVEC + index, message->out[index].next, message->out[index].left)
			       : 0;
}

uintptr_t spm_serve_unmap_invec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = find(thread, arguments);
	if (message != NULL)
		(void)unmap(thread, message, arguments[1]);
	return 0;
}

uintptr_t spm_serve_unmap_outvec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = find(thread, arguments);
	if (message == NULL || !unmap(thread, message, PSA_MAX_IOVEC + arguments[1]))
		return 0;
	if (arguments[2] > message->out[arguments[1]].left)
		return spm_error(thread, SPM_ERROR_OVERRUN);
	message->out[arguments[1]].used = arguments[2];
	return 0;
}
