/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, asymmetric encryption, key agreement. */
#include "call.h"

/* Two inputs and room for one output, each whole. A part that a function does not have stays empty. */
struct parts {
	struct crypto_buffer first, second, out;
};

static void release(struct parts *parts)
{
	crypto_buffer_release(&parts->first);
	crypto_buffer_release(&parts->second);
	crypto_buffer_release(&parts->out);
}

static psa_status_t gather(struct crypto_call *call, struct parts *parts, bool has_second, size_t out_limit)
{
	psa_status_t status = crypto_buffer_read(call, 1, &parts->first);
	if (status == PSA_SUCCESS && has_second)
		status = crypto_buffer_read(call, 2, &parts->second);
	if (status == PSA_SUCCESS && out_limit > 0)
		status = crypto_buffer_for(call, 0, out_limit, &parts->out);
	return status;
}

static psa_status_t answer(struct crypto_call *call, struct parts *parts, size_t size, psa_status_t status)
{
	if (status == PSA_SUCCESS)
		status = crypto_emit(call, 0, parts->out.data, size);
	release(parts);
	return status;
}

static psa_status_t sign_hash(struct crypto_call *call)
{
	struct parts parts = { 0 };
	size_t size = 0;
	psa_status_t status = gather(call, &parts, false, PSA_SIGNATURE_MAX_SIZE);
	if (status == PSA_SUCCESS)
		status = psa_sign_hash(crypto_request_key(call), call->request->algorithm, parts.first.data, parts.first.size,
				       parts.out.data, parts.out.size, &size);
	return answer(call, &parts, size, status);
}

static psa_status_t verify_hash(struct crypto_call *call)
{
	struct parts parts = { 0 };
	psa_status_t status = gather(call, &parts, true, 0);
	if (status == PSA_SUCCESS)
		status = psa_verify_hash(crypto_request_key(call), call->request->algorithm, parts.first.data, parts.first.size,
					 parts.second.data, parts.second.size);
	release(&parts);
	return status;
}

static psa_status_t hash_update(void *operation, const uint8_t *data, size_t size)
{
	return psa_hash_update(operation, data, size);
}

/*
 * A message of any length is hashed in chunks when the key may also sign or verify hashes (`usage`): then the two ways are the same
 * operation. Otherwise *size stays 0, nothing was read, and the core gets the whole message.
 */
static psa_status_t digest(struct crypto_call *call, psa_key_usage_t usage, uint8_t hash[PSA_HASH_MAX_SIZE], size_t *size)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
	psa_algorithm_t algorithm = call->request->algorithm;
	*size = 0;
	psa_status_t status = psa_get_key_attributes(crypto_request_key(call), &attributes);
	bool may = (psa_get_key_usage_flags(&attributes) & usage) != 0;
	if (status != PSA_SUCCESS || !may || !PSA_ALG_IS_SIGN_MESSAGE(algorithm) || !PSA_ALG_IS_SIGN_HASH(algorithm))
		return status;
	status = psa_hash_setup(&operation, PSA_ALG_SIGN_GET_HASH(algorithm));
	if (status == PSA_SUCCESS)
		status = crypto_feed(call, 1, hash_update, &operation);
	if (status == PSA_SUCCESS)
		status = psa_hash_finish(&operation, hash, PSA_HASH_MAX_SIZE, size);
	(void)psa_hash_abort(&operation);
	return status;
}

static psa_status_t sign_message(struct crypto_call *call)
{
	struct parts parts = { 0 };
	uint8_t hash[PSA_HASH_MAX_SIZE];
	size_t hash_size, size = 0;
	psa_status_t status = digest(call, PSA_KEY_USAGE_SIGN_HASH, hash, &hash_size);
	if (status == PSA_SUCCESS && hash_size > 0) {
		status = crypto_buffer_for(call, 0, PSA_SIGNATURE_MAX_SIZE, &parts.out);
		if (status == PSA_SUCCESS)
			status = psa_sign_hash(crypto_request_key(call), call->request->algorithm, hash, hash_size, parts.out.data,
					       parts.out.size, &size);
	} else if (status == PSA_SUCCESS) {
		status = gather(call, &parts, false, PSA_SIGNATURE_MAX_SIZE);
		if (status == PSA_SUCCESS)
			status = psa_sign_message(crypto_request_key(call), call->request->algorithm, parts.first.data,
						  parts.first.size, parts.out.data, parts.out.size, &size);
	}
	return answer(call, &parts, size, status);
}

static psa_status_t verify_message(struct crypto_call *call)
{
	struct parts parts = { 0 };
	uint8_t hash[PSA_HASH_MAX_SIZE];
	size_t hash_size;
	psa_status_t status = digest(call, PSA_KEY_USAGE_VERIFY_HASH, hash, &hash_size);
	if (status == PSA_SUCCESS && hash_size > 0) {
		status = crypto_buffer_read(call, 2, &parts.second);
		if (status == PSA_SUCCESS)
			status = psa_verify_hash(crypto_request_key(call), call->request->algorithm, hash, hash_size,
						 parts.second.data, parts.second.size);
	} else if (status == PSA_SUCCESS) {
		status = gather(call, &parts, true, 0);
		if (status == PSA_SUCCESS)
			status = psa_verify_message(crypto_request_key(call), call->request->algorithm, parts.first.data,
						    parts.first.size, parts.second.data, parts.second.size);
	}
	release(&parts);
	return status;
}

static psa_status_t asymmetric_encrypt(struct crypto_call *call)
{
	struct parts parts = { 0 };
	size_t size = 0;
	psa_status_t status = gather(call, &parts, true, CRYPTO_BUFFER_MAX);
	if (status == PSA_SUCCESS)
		status = psa_asymmetric_encrypt(crypto_request_key(call), call->request->algorithm, parts.first.data,
						parts.first.size, parts.second.data, parts.second.size, parts.out.data,
						parts.out.size, &size);
	return answer(call, &parts, size, status);
}

static psa_status_t asymmetric_decrypt(struct crypto_call *call)
{
	struct parts parts = { 0 };
	size_t size = 0;
	psa_status_t status = gather(call, &parts, true, CRYPTO_BUFFER_MAX);
	if (status == PSA_SUCCESS)
		status = psa_asymmetric_decrypt(crypto_request_key(call), call->request->algorithm, parts.first.data,
						parts.first.size, parts.second.data, parts.second.size, parts.out.data,
						parts.out.size, &size);
	return answer(call, &parts, size, status);
}

static psa_status_t raw_key_agreement(struct crypto_call *call)
{
	struct parts parts = { 0 };
	size_t size = 0;
	psa_status_t status = gather(call, &parts, false, PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE);
	if (status == PSA_SUCCESS)
		status = psa_raw_key_agreement(call->request->algorithm, crypto_request_key(call), parts.first.data,
					       parts.first.size, parts.out.data, parts.out.size, &size);
	return answer(call, &parts, size, status);
}

static const struct crypto_row rows[] = {
	[CRYPTO_SIGN_HASH & 0xff] = CRYPTO_ROW(sign_hash, 1, 1),
	[CRYPTO_VERIFY_HASH & 0xff] = CRYPTO_ROW(verify_hash, 2, 0),
	[CRYPTO_SIGN_MESSAGE & 0xff] = CRYPTO_ROW(sign_message, 1, 1),
	[CRYPTO_VERIFY_MESSAGE & 0xff] = CRYPTO_ROW(verify_message, 2, 0),
	[CRYPTO_ASYMMETRIC_ENCRYPT & 0xff] = CRYPTO_ROW(asymmetric_encrypt, 2, 1),
	[CRYPTO_ASYMMETRIC_DECRYPT & 0xff] = CRYPTO_ROW(asymmetric_decrypt, 2, 1),
	[CRYPTO_RAW_KEY_AGREEMENT & 0xff] = CRYPTO_ROW(raw_key_agreement, 1, 1),
};

const struct crypto_rows crypto_asymmetric_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_NONE, NULL, 0 };
