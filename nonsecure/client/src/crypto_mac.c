/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: message authentication codes. */
#include "crypto_call.h"

psa_status_t psa_mac_compute(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length, uint8_t *mac,
			     size_t mac_size, size_t *mac_length)
{
	return crypto_call(
		&(struct crypto_request) { .function = CRYPTO_MAC_COMPUTE, .key = key, .algorithm = alg },
		&(struct crypto_vectors) { CRYPTO_IN({ input, input_length }), CRYPTO_OUT({ mac, mac_size, mac_length }) });
}

psa_status_t psa_mac_verify(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
			    const uint8_t *mac, size_t mac_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_MAC_VERIFY, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }, { mac, mac_length }) });
}

psa_status_t psa_mac_sign_setup(psa_mac_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_MAC_SIGN_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_mac_verify_setup(psa_mac_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_MAC_VERIFY_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_mac_update(psa_mac_operation_t *operation, const uint8_t *input, size_t input_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_MAC_UPDATE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }) });
}

psa_status_t psa_mac_sign_finish(psa_mac_operation_t *operation, uint8_t *mac, size_t mac_size, size_t *mac_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_MAC_SIGN_FINISH }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_OUT({ mac, mac_size, mac_length }) });
}

psa_status_t psa_mac_verify_finish(psa_mac_operation_t *operation, const uint8_t *mac, size_t mac_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_MAC_VERIFY_FINISH }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_IN({ mac, mac_length }) });
}

psa_status_t psa_mac_abort(psa_mac_operation_t *operation)
{
	return crypto_abort(CRYPTO_MAC_ABORT, &operation->handle);
}
