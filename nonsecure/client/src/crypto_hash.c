/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: hashes. */
#include "crypto_call.h"

psa_status_t psa_hash_compute(psa_algorithm_t alg, const uint8_t *input, size_t input_length, uint8_t *hash, size_t hash_size,
			      size_t *hash_length)
{
	return crypto_call(
		&(struct crypto_request) { .function = CRYPTO_HASH_COMPUTE, .algorithm = alg },
		&(struct crypto_vectors) { CRYPTO_IN({ input, input_length }), CRYPTO_OUT({ hash, hash_size, hash_length }) });
}

psa_status_t psa_hash_compare(psa_algorithm_t alg, const uint8_t *input, size_t input_length, const uint8_t *hash,
			      size_t hash_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_HASH_COMPARE, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }, { hash, hash_length }) });
}

psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_HASH_SETUP, .algorithm = alg }, &operation->handle);
}

psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t input_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_HASH_UPDATE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }) });
}

psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t hash_size, size_t *hash_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_HASH_FINISH }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_OUT({ hash, hash_size, hash_length }) });
}

psa_status_t psa_hash_verify(psa_hash_operation_t *operation, const uint8_t *hash, size_t hash_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_HASH_VERIFY }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_IN({ hash, hash_length }) });
}

psa_status_t psa_hash_abort(psa_hash_operation_t *operation)
{
	return crypto_abort(CRYPTO_HASH_ABORT, &operation->handle);
}

psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation, psa_hash_operation_t *target_operation)
{
	struct crypto_request request = { .function = CRYPTO_HASH_CLONE, .handle = source_operation->handle };
	return crypto_begin(&request, &target_operation->handle);
}
