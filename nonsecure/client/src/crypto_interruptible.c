/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: ECDSA in steps. */
#include "crypto_call.h"

void psa_interruptible_set_max_ops(uint32_t max_ops)
{
	(void)crypto_call(&(struct crypto_request) { .function = CRYPTO_INTERRUPTIBLE_SET_MAX_OPS, .argument = { max_ops } },
			  &(struct crypto_vectors) { 0 });
}

uint32_t psa_interruptible_get_max_ops(void)
{
	uint32_t word;
	psa_status_t status = crypto_call(&(struct crypto_request) { .function = CRYPTO_INTERRUPTIBLE_GET_MAX_OPS },
					  &(struct crypto_vectors) { CRYPTO_OUT({ &word, sizeof word, NULL }) });
	return status == PSA_SUCCESS ? word : PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED;
}

static uint32_t num_ops(uint32_t handle)
{
	uint32_t word = 0;
	psa_status_t status = crypto_ask(&(struct crypto_request) { .function = CRYPTO_INTERRUPTIBLE_GET_NUM_OPS }, handle,
					 &(struct crypto_vectors) { CRYPTO_OUT({ &word, sizeof word, NULL }) });
	return status == PSA_SUCCESS ? word : 0;
}

/* An operation that is not complete goes on; any other answer ends it. */
static psa_status_t complete(enum crypto_function function, uint32_t *handle, const struct crypto_vectors *vectors)
{
	psa_status_t status = crypto_ask(&(struct crypto_request) { .function = function }, *handle, vectors);
	if (status != PSA_OPERATION_INCOMPLETE)
		*handle = 0;
	return status;
}

uint32_t psa_sign_hash_get_num_ops(const psa_sign_hash_interruptible_operation_t *operation)
{
	return num_ops(operation->handle);
}

uint32_t psa_verify_hash_get_num_ops(const psa_verify_hash_interruptible_operation_t *operation)
{
	return num_ops(operation->handle);
}

psa_status_t psa_sign_hash_start(psa_sign_hash_interruptible_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg,
				 const uint8_t *hash, size_t hash_length)
{
	return crypto_begin_with(&(struct crypto_request) { .function = CRYPTO_SIGN_HASH_START, .key = key, .algorithm = alg },
				 &(struct crypto_in) { hash, hash_length }, 1, &operation->handle);
}

psa_status_t psa_sign_hash_complete(psa_sign_hash_interruptible_operation_t *operation, uint8_t *signature, size_t signature_size,
				    size_t *signature_length)
{
	return complete(CRYPTO_SIGN_HASH_COMPLETE, &operation->handle,
			&(struct crypto_vectors) { CRYPTO_OUT({ signature, signature_size, signature_length }) });
}

psa_status_t psa_sign_hash_abort(psa_sign_hash_interruptible_operation_t *operation)
{
	return crypto_abort(CRYPTO_INTERRUPTIBLE_ABORT, &operation->handle);
}

psa_status_t psa_verify_hash_start(psa_verify_hash_interruptible_operation_t *operation, mbedtls_svc_key_id_t key,
				   psa_algorithm_t alg, const uint8_t *hash, size_t hash_length, const uint8_t *signature,
				   size_t signature_length)
{
	struct crypto_in in[] = { { hash, hash_length }, { signature, signature_length } };
	return crypto_begin_with(&(struct crypto_request) { .function = CRYPTO_VERIFY_HASH_START, .key = key, .algorithm = alg },
				 in, 2, &operation->handle);
}

psa_status_t psa_verify_hash_complete(psa_verify_hash_interruptible_operation_t *operation)
{
	return complete(CRYPTO_VERIFY_HASH_COMPLETE, &operation->handle, NULL);
}

psa_status_t psa_verify_hash_abort(psa_verify_hash_interruptible_operation_t *operation)
{
	return crypto_abort(CRYPTO_INTERRUPTIBLE_ABORT, &operation->handle);
}
