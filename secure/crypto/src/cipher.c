/* SPDX-License-Identifier: Apache-2.0 */
/* Unauthenticated ciphers, in chunks. For products that want one: the others link cipher_absent.c instead. */
#include "call.h"

static psa_status_t stream(struct crypto_call *call, uint32_t index, psa_cipher_operation_t *operation)
{
	psa_status_t status = PSA_SUCCESS;
	size_t size, done;
	while (status == PSA_SUCCESS && (size = crypto_next(call, index, SIZE_MAX)) > 0) {
		status = psa_cipher_update(operation, crypto_chunks.in, size, crypto_chunks.out, sizeof crypto_chunks.out, &done);
		if (status == PSA_SUCCESS)
			status = crypto_emit(call, 0, crypto_chunks.out, done);
	}
	return status;
}

static psa_status_t finish(struct crypto_call *call, psa_cipher_operation_t *operation)
{
	size_t done = 0;
	(void)crypto_chunk_use(1);
	psa_status_t status = psa_cipher_finish(operation, crypto_chunks.out, CRYPTO_CHUNK_SLACK, &done);
	return status == PSA_SUCCESS ? crypto_emit(call, 0, crypto_chunks.out, done) : status;
}

static psa_status_t generate_iv(struct crypto_call *call, psa_cipher_operation_t *operation)
{
	uint8_t iv[PSA_CIPHER_IV_MAX_SIZE];
	size_t size = 0, room = crypto_room(call, 0) < sizeof iv ? crypto_room(call, 0) : sizeof iv;
	psa_status_t status = psa_cipher_generate_iv(operation, iv, room, &size);
	return status == PSA_SUCCESS ? crypto_emit(call, 0, iv, size) : status;
}

/* Bytes of IV that a call in one piece puts before, or finds before, the text. */
static psa_status_t iv_size(const struct crypto_call *call, size_t *size)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_status_t status = psa_get_key_attributes(crypto_request_key(call), &attributes);
	*size = PSA_CIPHER_IV_LENGTH(psa_get_key_type(&attributes), call->request->algorithm);
	return status;
}

static psa_status_t cipher_encrypt(struct crypto_call *call)
{
	psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
	size_t iv;
	psa_status_t status = iv_size(call, &iv);
	if (status == PSA_SUCCESS)
		status = psa_cipher_encrypt_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS && iv > 0)
		status = generate_iv(call, &operation);
	if (status == PSA_SUCCESS)
		status = stream(call, 1, &operation);
	if (status == PSA_SUCCESS)
		status = finish(call, &operation);
	(void)psa_cipher_abort(&operation);
	return status;
}

static psa_status_t cipher_decrypt(struct crypto_call *call)
{
	psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
	size_t iv;
	psa_status_t status = iv_size(call, &iv);
	if (status == PSA_SUCCESS)
		status = psa_cipher_decrypt_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS && iv > 0)
		status = psa_cipher_set_iv(&operation, crypto_chunks.in, crypto_next(call, 1, iv));
	if (status == PSA_SUCCESS)
		status = stream(call, 1, &operation);
	if (status == PSA_SUCCESS)
		status = finish(call, &operation);
	(void)psa_cipher_abort(&operation);
	return status;
}

static psa_status_t cipher_encrypt_setup(struct crypto_call *call)
{
	return psa_cipher_encrypt_setup(&call->operation->state->cipher, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t cipher_decrypt_setup(struct crypto_call *call)
{
	return psa_cipher_decrypt_setup(&call->operation->state->cipher, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t cipher_generate_iv(struct crypto_call *call)
{
	return generate_iv(call, &call->operation->state->cipher);
}

static psa_status_t cipher_set_iv(struct crypto_call *call)
{
	uint8_t iv[PSA_CIPHER_IV_MAX_SIZE];
	if (call->msg->in_size[1] > sizeof iv)
		return PSA_ERROR_INVALID_ARGUMENT;
	return psa_cipher_set_iv(&call->operation->state->cipher, iv, psa_read(call->msg->handle, 1, iv, sizeof iv));
}

static psa_status_t cipher_update(struct crypto_call *call)
{
	return stream(call, 1, &call->operation->state->cipher);
}

static psa_status_t cipher_finish(struct crypto_call *call)
{
	return finish(call, &call->operation->state->cipher);
}

static psa_status_t cipher_abort(struct crypto_operation *operation)
{
	return psa_cipher_abort(&operation->state->cipher);
}

static const struct crypto_row rows[] = {
	[CRYPTO_CIPHER_ENCRYPT & 0xff] = CRYPTO_ROW(cipher_encrypt, 1, 1),
	[CRYPTO_CIPHER_DECRYPT & 0xff] = CRYPTO_ROW(cipher_decrypt, 1, 1),
	[CRYPTO_CIPHER_ENCRYPT_SETUP & 0xff] = CRYPTO_SETUP(cipher_encrypt_setup),
	[CRYPTO_CIPHER_DECRYPT_SETUP & 0xff] = CRYPTO_SETUP(cipher_decrypt_setup),
	[CRYPTO_CIPHER_GENERATE_IV & 0xff] = CRYPTO_STEP(cipher_generate_iv, 0, 1, CRYPTO_KEEPS),
	[CRYPTO_CIPHER_SET_IV & 0xff] = CRYPTO_STEP(cipher_set_iv, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_CIPHER_UPDATE & 0xff] = CRYPTO_STEP(cipher_update, 1, 1, CRYPTO_KEEPS),
	[CRYPTO_CIPHER_FINISH & 0xff] = CRYPTO_STEP(cipher_finish, 0, 1, CRYPTO_ENDS),
	[CRYPTO_CIPHER_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
};

const struct crypto_rows crypto_cipher_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_CIPHER, cipher_abort,
						sizeof(((union crypto_state *)NULL)->cipher) };
