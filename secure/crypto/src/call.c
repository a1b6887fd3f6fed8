/* SPDX-License-Identifier: Apache-2.0 */
#include "call.h"
#include "builtin.h"
#include <mbedtls/platform.h>
#include <merlon/lib/mem.h>
#include <string.h>

struct crypto_chunks crypto_chunks;

/* The core's name for what the client calls `id`. */
static mbedtls_svc_key_id_t own_key(const struct crypto_call *call, uint32_t id)
{
	return mbedtls_svc_key_id_make(call->msg->client_id, id);
}

mbedtls_svc_key_id_t crypto_request_key(const struct crypto_call *call)
{
	uint32_t id = call->request->key;
	if (crypto_builtin_is(id))
		return crypto_builtin_find(call->msg->client_id, id);
	return own_key(call, id);
}

size_t crypto_chunk_use(size_t size)
{
	if (size > CRYPTO_CHUNK_SIZE)
		size = CRYPTO_CHUNK_SIZE;
	if (size > crypto_chunks.used)
		crypto_chunks.used = size;
	return size;
}

void crypto_chunks_wipe(void)
{
	if (crypto_chunks.used == 0)
		return;
	mem_wipe(crypto_chunks.in, crypto_chunks.used);
	mem_wipe(crypto_chunks.out, crypto_chunks.used + CRYPTO_CHUNK_SLACK);
	crypto_chunks.used = 0;
}

size_t crypto_next(struct crypto_call *call, uint32_t index, size_t limit)
{
	size_t left = call->msg->in_size[index];
	size_t size = crypto_chunk_use(limit < left ? limit : left);
	return size == 0 ? 0 : psa_read(call->msg->handle, index, crypto_chunks.in, size);
}

psa_status_t crypto_feed(struct crypto_call *call, uint32_t index, psa_status_t (*update)(void *operation, const uint8_t *, size_t),
			 void *operation)
{
	psa_status_t status = PSA_SUCCESS;
	size_t size;
	while (status == PSA_SUCCESS && (size = crypto_next(call, index, SIZE_MAX)) > 0)
		status = update(operation, crypto_chunks.in, size);
	return status;
}

size_t crypto_room(const struct crypto_call *call, uint32_t index)
{
	return call->msg->out_size[index] - call->written[index];
}

psa_status_t crypto_emit(struct crypto_call *call, uint32_t index, const void *data, size_t size)
{
	if (size > crypto_room(call, index))
		return PSA_ERROR_BUFFER_TOO_SMALL;
	if (size > 0)
		psa_write(call->msg->handle, index, data, size);
	call->written[index] += size;
	return PSA_SUCCESS;
}

psa_status_t crypto_emit_word(struct crypto_call *call, uint32_t word)
{
	return crypto_emit(call, 0, &word, sizeof word);
}

static psa_status_t take(struct crypto_buffer *buffer, size_t size)
{
	buffer->size = size;
	buffer->data = size > CRYPTO_BUFFER_MAX ? NULL : mbedtls_calloc(1, size > 0 ? size : 1);
	return buffer->data == NULL ? PSA_ERROR_INSUFFICIENT_MEMORY : PSA_SUCCESS;
}

psa_status_t crypto_buffer_read(struct crypto_call *call, uint32_t index, struct crypto_buffer *buffer)
{
	psa_status_t status = take(buffer, call->msg->in_size[index]);
	if (status == PSA_SUCCESS && buffer->size > 0)
		buffer->size = psa_read(call->msg->handle, index, buffer->data, buffer->size);
	return status;
}

psa_status_t crypto_buffer_for(struct crypto_call *call, uint32_t index, size_t limit, struct crypto_buffer *buffer)
{
	size_t room = crypto_room(call, index);
	return take(buffer, room < limit ? room : limit);
}

psa_status_t crypto_buffer_emit(struct crypto_call *call, uint32_t index, struct crypto_buffer *buffer, size_t size,
				psa_status_t status)
{
	if (status == PSA_SUCCESS)
		status = crypto_emit(call, index, buffer->data, size);
	crypto_buffer_release(buffer);
	return status;
}

void crypto_buffer_release(struct crypto_buffer *buffer)
{
	if (buffer->data == NULL)
		return;
	mem_wipe(buffer->data, buffer->size);
	mbedtls_free(buffer->data);
	buffer->data = NULL;
}

void crypto_attributes_read(struct crypto_call *call, psa_key_attributes_t *attributes)
{
	struct crypto_attributes wire;
	memset(&wire, 0, sizeof wire);
	(void)psa_read(call->msg->handle, 1, &wire, sizeof wire); /* the table has checked the size */
	psa_key_attributes_t decoded = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_id(&decoded, own_key(call, wire.id));
	psa_set_key_lifetime(&decoded, wire.lifetime); /* a volatile key loses the identifier, not the owner */
	psa_set_key_usage_flags(&decoded, wire.usage);
	psa_set_key_algorithm(&decoded, wire.algorithm);
	psa_set_key_enrollment_algorithm(&decoded, wire.enrollment_algorithm);
	psa_set_key_type(&decoded, wire.type);
	psa_set_key_bits(&decoded, wire.bits);
	*attributes = decoded;
}

psa_status_t crypto_answer_key(struct crypto_call *call, psa_status_t status, mbedtls_svc_key_id_t key)
{
	return status == PSA_SUCCESS ? crypto_emit_word(call, MBEDTLS_SVC_KEY_ID_GET_KEY_ID(key)) : status;
}
