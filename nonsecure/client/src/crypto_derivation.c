/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: key derivation. An error leaves the operation as it is: only abort ends it. */
#include "crypto_call.h"

psa_status_t psa_key_derivation_setup(psa_key_derivation_operation_t *operation, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_DERIVATION_SETUP, .algorithm = alg }, &operation->handle);
}

psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation, size_t *capacity)
{
	uint32_t word = 0;
	psa_status_t status = crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_GET_CAPACITY }, operation->handle,
					 &(struct crypto_vectors) { CRYPTO_OUT({ &word, sizeof word, NULL }) });
	*capacity = status == PSA_SUCCESS ? word : 0;
	return status;
}

psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation, size_t capacity)
{
	struct crypto_request request = { .function = CRYPTO_DERIVATION_SET_CAPACITY, .argument = { (uint32_t)capacity } };
	return request.argument[0] == capacity ? crypto_ask(&request, operation->handle, NULL) : PSA_ERROR_INVALID_ARGUMENT;
}

psa_status_t psa_key_derivation_input_bytes(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t which,
					    const uint8_t *data, size_t data_length)
{
	return crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_INPUT_BYTES, .argument = { which } },
			  operation->handle, &(struct crypto_vectors) { CRYPTO_IN({ data, data_length }) });
}

psa_status_t psa_key_derivation_input_integer(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t which,
					      uint64_t value)
{
	struct crypto_request request = { .function = CRYPTO_DERIVATION_INPUT_INTEGER, .argument = { which, (uint32_t)value } };
	return request.argument[1] == value ? crypto_ask(&request, operation->handle, NULL) : PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_key_derivation_input_key(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t which,
					  mbedtls_svc_key_id_t key)
{
	return crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_INPUT_KEY, .key = key, .argument = { which } },
			  operation->handle, NULL);
}

psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t which,
					      mbedtls_svc_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length)
{
	return crypto_ask(
		&(struct crypto_request) { .function = CRYPTO_DERIVATION_KEY_AGREEMENT, .key = private_key, .argument = { which } },
		operation->handle, &(struct crypto_vectors) { CRYPTO_IN({ peer_key, peer_key_length }) });
}

psa_status_t psa_key_derivation_output_bytes(psa_key_derivation_operation_t *operation, uint8_t *output, size_t output_length)
{
	return crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_OUTPUT_BYTES }, operation->handle,
			  &(struct crypto_vectors) { CRYPTO_OUT({ output, output_length, NULL }) });
}

psa_status_t psa_key_derivation_verify_bytes(psa_key_derivation_operation_t *operation, const uint8_t *expected,
					     size_t expected_length)
{
	return crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_VERIFY_BYTES }, operation->handle,
			  &(struct crypto_vectors) { CRYPTO_IN({ expected, expected_length }) });
}

psa_status_t psa_key_derivation_verify_key(psa_key_derivation_operation_t *operation, psa_key_id_t expected)
{
	return crypto_ask(&(struct crypto_request) { .function = CRYPTO_DERIVATION_VERIFY_KEY, .key = expected }, operation->handle,
			  NULL);
}

psa_status_t psa_key_derivation_abort(psa_key_derivation_operation_t *operation)
{
	return crypto_abort(CRYPTO_DERIVATION_ABORT, &operation->handle);
}
