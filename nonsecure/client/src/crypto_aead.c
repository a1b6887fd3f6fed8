/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: authenticated encryption. */
#include "crypto_call.h"
#include <merlon/lib/mem.h>

psa_status_t psa_aead_encrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
			      const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
			      size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size, size_t *ciphertext_length)
{
	return crypto_call_nonce(
		&(struct crypto_request) { .function = CRYPTO_AEAD_ENCRYPT, .key = key, .algorithm = alg },
		&(struct crypto_in) { nonce, nonce_length },
		&(struct crypto_vectors) { CRYPTO_IN({ additional_data, additional_data_length }, { plaintext, plaintext_length }),
					   CRYPTO_OUT({ ciphertext, ciphertext_size, ciphertext_length }) });
}

psa_status_t psa_aead_decrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
			      const uint8_t *additional_data, size_t additional_data_length, const uint8_t *ciphertext,
			      size_t ciphertext_length, uint8_t *plaintext, size_t plaintext_size, size_t *plaintext_length)
{
	psa_status_t status =
		crypto_call_nonce(&(struct crypto_request) { .function = CRYPTO_AEAD_DECRYPT, .key = key, .algorithm = alg },
				  &(struct crypto_in) { nonce, nonce_length },
				  &(struct crypto_vectors) {
					  CRYPTO_IN({ additional_data, additional_data_length }, { ciphertext, ciphertext_length }),
					  CRYPTO_OUT({ plaintext, plaintext_size, plaintext_length }) });
	/* The service decrypts in chunks and learns at the end whether the tag is right. */
	if (status == PSA_ERROR_INVALID_SIGNATURE)
		mem_wipe(plaintext, ciphertext_length < plaintext_size ? ciphertext_length : plaintext_size);
	return status;
}

psa_status_t psa_aead_encrypt_setup(psa_aead_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_AEAD_ENCRYPT_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_aead_decrypt_setup(psa_aead_operation_t *operation, mbedtls_svc_key_id_t key, psa_algorithm_t alg)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_AEAD_DECRYPT_SETUP, .key = key, .algorithm = alg },
			    &operation->handle);
}

psa_status_t psa_aead_generate_nonce(psa_aead_operation_t *operation, uint8_t *nonce, size_t nonce_size, size_t *nonce_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_AEAD_GENERATE_NONCE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_OUT({ nonce, nonce_size, nonce_length }) });
}

psa_status_t psa_aead_set_nonce(psa_aead_operation_t *operation, const uint8_t *nonce, size_t nonce_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_AEAD_SET_NONCE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ nonce, nonce_length }) });
}

psa_status_t psa_aead_set_lengths(psa_aead_operation_t *operation, size_t ad_length, size_t plaintext_length)
{
	struct crypto_request request = { .function = CRYPTO_AEAD_SET_LENGTHS,
					  .argument = { (uint32_t)ad_length, (uint32_t)plaintext_length } };
	if (request.argument[0] != ad_length || request.argument[1] != plaintext_length)
		return PSA_ERROR_INVALID_ARGUMENT; /* longer than any message of the service */
	return crypto_step(&request, &operation->handle, NULL);
}

psa_status_t psa_aead_update_ad(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_AEAD_UPDATE_AD }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }) });
}

psa_status_t psa_aead_update(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length, uint8_t *output,
			     size_t output_size, size_t *output_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_AEAD_UPDATE }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }),
						      CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_aead_finish(psa_aead_operation_t *operation, uint8_t *ciphertext, size_t ciphertext_size,
			     size_t *ciphertext_length, uint8_t *tag, size_t tag_size, size_t *tag_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_AEAD_FINISH }, &operation->handle,
			  &(struct crypto_vectors) {
				  CRYPTO_OUT({ ciphertext, ciphertext_size, ciphertext_length }, { tag, tag_size, tag_length }) });
}

psa_status_t psa_aead_verify(psa_aead_operation_t *operation, uint8_t *plaintext, size_t plaintext_size, size_t *plaintext_length,
			     const uint8_t *tag, size_t tag_length)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_AEAD_VERIFY }, &operation->handle,
			  &(struct crypto_vectors) { CRYPTO_IN({ tag, tag_length }),
						     CRYPTO_OUT({ plaintext, plaintext_size, plaintext_length }) });
}

psa_status_t psa_aead_abort(psa_aead_operation_t *operation)
{
	return crypto_abort(CRYPTO_AEAD_ABORT, &operation->handle);
}
