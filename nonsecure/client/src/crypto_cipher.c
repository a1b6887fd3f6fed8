/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: unauthenticated ciphers. */
#include "crypto_call.h"

/* In one piece, both ways. */
static psa_status_t cipher(enum crypto_function function, mbedtls_svc_key_id_t key, psa_algorithm_t alg,
			   const struct crypto_in *input, const struct crypto_out *output)
{
	return crypto_call(&(struct crypto_request) { .function = function, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN(*input), CRYPTO_OUT(*output) });
}

psa_status_t psa_cipher_encrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
				uint8_t *output, size_t output_size, size_t *output_length)
{
	return cipher(CRYPTO_CIPHER_ENCRYPT, key, alg, &(struct crypto_in) { input, input_length },
		      &(struct crypto_out) { output, output_size, output_length });
}

psa_status_t psa_cipher_decrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
				uint8_t *output, size_t output_size, size_t *output_length)
{
	return cipher(CRYPTO_CIPHER_DECRYPT, key, alg, &(struct crypto_in) { input, input_length },
		      &(struct crypto_out) { output, output_size, output_length });
}

psa_status_t psa_cipher_encrypt_setup(psa_cipher_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_CIPHER_ENCRYPT_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_cipher_decrypt_setup(psa_cipher_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_CIPHER_DECRYPT_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_cipher_generate_iv(psa_cipher_operation_t *operation, uint8_t *iv, size_t iv_size, size_t *iv_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_CIPHER_GENERATE_IV }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_OUT({ iv, iv_size, iv_length }) });
}

psa_status_t psa_cipher_set_iv(psa_cipher_operation_t *operation, const uint8_t *iv, size_t iv_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_CIPHER_SET_IV }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ iv, iv_length }) });
}

psa_status_t psa_cipher_update(psa_cipher_operation_t *operation, const uint8_t *input, size_t input_length, uint8_t *output,
			       size_t output_size, size_t *output_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_CIPHER_UPDATE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }),
						      CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_cipher_finish(psa_cipher_operation_t *operation, uint8_t *output, size_t output_size, size_t *output_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_CIPHER_FINISH }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_cipher_abort(psa_cipher_operation_t *operation)
{
	return crypto_abort(CRYPTO_CIPHER_ABORT, &operation->handle);
}
