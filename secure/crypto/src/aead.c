/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authenticated encryption. One call or several, the data goes through in chunks.
 *
 * In one call too, decryption therefore writes plaintext to the caller's memory before the tag is checked. The caller is whoever
 * holds the key; the client library wipes that plaintext when the tag is wrong, and the whole tag is compared.
 */
#include "call.h"
#include <merlon/lib/mem.h>

static psa_status_t update_ad(void *operation, const uint8_t *data, size_t size)
{
	return psa_aead_update_ad(operation, data, size);
}

/* `limit` bytes of input `index` through psa_aead_update() to output 0. */
static psa_status_t stream(struct crypto_call *call, uint32_t index, size_t limit, psa_aead_operation_t *operation)
{
	psa_status_t status = PSA_SUCCESS;
	size_t size, done;
	for (; status == PSA_SUCCESS && (size = crypto_next(call, index, limit)) > 0; limit -= size) {
		status = psa_aead_update(operation, crypto_chunks.in, size, crypto_chunks.out, sizeof crypto_chunks.out, &done);
		if (status == PSA_SUCCESS)
			status = crypto_emit(call, 0, crypto_chunks.out, done);
	}
	return status;
}

/* Lengths, nonce and additional data of a call in one piece. */
static psa_status_t open(struct crypto_call *call, psa_aead_operation_t *operation, size_t plaintext_size)
{
	const struct crypto_aead_request *request = &call->head->aead;
	if (request->nonce_size > sizeof request->nonce)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = psa_aead_set_lengths(operation, call->msg->in_size[1], plaintext_size);
	if (status == PSA_SUCCESS)
		status = psa_aead_set_nonce(operation, request->nonce, request->nonce_size);
	return status == PSA_SUCCESS ? crypto_feed(call, 1, update_ad, operation) : status;
}

/* What is left in the core, then the tag: to output 0 in one piece, or to outputs 0 and 1. */
static psa_status_t finish(struct crypto_call *call, psa_aead_operation_t *operation, uint32_t tag_index)
{
	uint8_t tag[PSA_AEAD_TAG_MAX_SIZE];
	size_t rest = 0, size = 0;
	size_t room = crypto_room(call, tag_index) < sizeof tag ? crypto_room(call, tag_index) : sizeof tag;
	(void)crypto_chunk_use(1);
	psa_status_t status = psa_aead_finish(operation, crypto_chunks.out, CRYPTO_CHUNK_SLACK, &rest, tag, room, &size);
	if (status == PSA_SUCCESS)
		status = crypto_emit(call, 0, crypto_chunks.out, rest);
	return status == PSA_SUCCESS ? crypto_emit(call, tag_index, tag, size) : status;
}

static psa_status_t verify(struct crypto_call *call, uint32_t index, psa_aead_operation_t *operation)
{
	uint8_t tag[PSA_AEAD_TAG_MAX_SIZE];
	size_t rest = 0, size = psa_read(call->msg->handle, index, tag, sizeof tag);
	(void)crypto_chunk_use(1);
	psa_status_t status = psa_aead_verify(operation, crypto_chunks.out, CRYPTO_CHUNK_SLACK, &rest, tag, size);
	return status == PSA_SUCCESS ? crypto_emit(call, 0, crypto_chunks.out, rest) : status;
}

static psa_status_t aead_encrypt(struct crypto_call *call)
{
	psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
	size_t plain = call->msg->in_size[2], tag = PSA_ALG_AEAD_GET_TAG_LENGTH(call->request->algorithm);
	if (plain > SIZE_MAX - tag || crypto_room(call, 0) < plain + tag)
		return PSA_ERROR_BUFFER_TOO_SMALL;
	psa_status_t status = psa_aead_encrypt_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS)
		status = open(call, &operation, plain);
	if (status == PSA_SUCCESS)
		status = stream(call, 2, plain, &operation);
	if (status == PSA_SUCCESS)
		status = finish(call, &operation, 0);
	(void)psa_aead_abort(&operation);
	return status;
}

static psa_status_t aead_decrypt(struct crypto_call *call)
{
	psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
	size_t tag = PSA_ALG_AEAD_GET_TAG_LENGTH(call->request->algorithm);
	psa_status_t status = psa_aead_decrypt_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS && call->msg->in_size[2] < tag)
		status = PSA_ERROR_INVALID_ARGUMENT;
	if (status == PSA_SUCCESS && crypto_room(call, 0) < call->msg->in_size[2] - tag)
		status = PSA_ERROR_BUFFER_TOO_SMALL;
	if (status == PSA_SUCCESS)
		status = open(call, &operation, call->msg->in_size[2] - tag);
	if (status == PSA_SUCCESS)
		status = stream(call, 2, call->msg->in_size[2] - tag, &operation);
	if (status == PSA_SUCCESS)
		status = verify(call, 2, &operation);
	(void)psa_aead_abort(&operation);
	return status;
}

static psa_status_t aead_encrypt_setup(struct crypto_call *call)
{
	return psa_aead_encrypt_setup(&call->operation->state->aead, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t aead_decrypt_setup(struct crypto_call *call)
{
	return psa_aead_decrypt_setup(&call->operation->state->aead, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t aead_generate_nonce(struct crypto_call *call)
{
	uint8_t nonce[PSA_AEAD_NONCE_MAX_SIZE];
	size_t size = 0, room = crypto_room(call, 0) < sizeof nonce ? crypto_room(call, 0) : sizeof nonce;
	psa_status_t status = psa_aead_generate_nonce(&call->operation->state->aead, nonce, room, &size);
	return status == PSA_SUCCESS ? crypto_emit(call, 0, nonce, size) : status;
}

static psa_status_t aead_set_nonce(struct crypto_call *call)
{
	uint8_t nonce[CRYPTO_NONCE_MAX];
	if (call->msg->in_size[1] > sizeof nonce)
		return PSA_ERROR_NOT_SUPPORTED;
	size_t size = psa_read(call->msg->handle, 1, nonce, sizeof nonce);
	return psa_aead_set_nonce(&call->operation->state->aead, nonce, size);
}

static psa_status_t aead_set_lengths(struct crypto_call *call)
{
	return psa_aead_set_lengths(&call->operation->state->aead, call->request->argument[0], call->request->argument[1]);
}

static psa_status_t aead_update_ad(struct crypto_call *call)
{
	return crypto_feed(call, 1, update_ad, &call->operation->state->aead);
}

static psa_status_t aead_update(struct crypto_call *call)
{
	return stream(call, 1, SIZE_MAX, &call->operation->state->aead);
}

static psa_status_t aead_finish(struct crypto_call *call)
{
	return finish(call, &call->operation->state->aead, 1);
}

static psa_status_t aead_verify(struct crypto_call *call)
{
	if (call->msg->in_size[1] > PSA_AEAD_TAG_MAX_SIZE)
		return PSA_ERROR_INVALID_SIGNATURE;
	return verify(call, 1, &call->operation->state->aead);
}

#define IN_ONE_PIECE(function)                                                                                                     \
	{                                                                                                                          \
		.run = (function), .inputs = 2, .outputs = 1, .effect = CRYPTO_PLAIN,                                              \
		.head_size = sizeof(struct crypto_aead_request)                                                                    \
	}

static psa_status_t aead_abort(struct crypto_operation *operation)
{
	return psa_aead_abort(&operation->state->aead);
}

static const struct crypto_row rows[] = {
	[CRYPTO_AEAD_ENCRYPT & 0xff] = IN_ONE_PIECE(aead_encrypt),
	[CRYPTO_AEAD_DECRYPT & 0xff] = IN_ONE_PIECE(aead_decrypt),
	[CRYPTO_AEAD_ENCRYPT_SETUP & 0xff] = CRYPTO_SETUP(aead_encrypt_setup),
	[CRYPTO_AEAD_DECRYPT_SETUP & 0xff] = CRYPTO_SETUP(aead_decrypt_setup),
	[CRYPTO_AEAD_GENERATE_NONCE & 0xff] = CRYPTO_STEP(aead_generate_nonce, 0, 1, CRYPTO_KEEPS),
	[CRYPTO_AEAD_SET_NONCE & 0xff] = CRYPTO_STEP(aead_set_nonce, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_AEAD_SET_LENGTHS & 0xff] = CRYPTO_STEP(aead_set_lengths, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_AEAD_UPDATE_AD & 0xff] = CRYPTO_STEP(aead_update_ad, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_AEAD_UPDATE & 0xff] = CRYPTO_STEP(aead_update, 1, 1, CRYPTO_KEEPS),
	[CRYPTO_AEAD_FINISH & 0xff] = CRYPTO_STEP(aead_finish, 0, 2, CRYPTO_ENDS),
	[CRYPTO_AEAD_VERIFY & 0xff] = CRYPTO_STEP(aead_verify, 1, 1, CRYPTO_ENDS),
	[CRYPTO_AEAD_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
};

const struct crypto_rows crypto_aead_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_AEAD, aead_abort,
					      sizeof(((union crypto_state *)NULL)->aead) };
