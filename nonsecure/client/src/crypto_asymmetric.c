/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: signatures, asymmetric encryption, key agreement. */
#include "crypto_call.h"

static psa_status_t sign(enum crypto_function function, mbedtls_svc_key_id_t key, psa_algorithm_t alg, struct crypto_in input,
			 struct crypto_out signature)
{
	return crypto_call(&(struct crypto_request) { .function = function, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN(input), CRYPTO_OUT(signature) });
}

static psa_status_t verify(enum crypto_function function, mbedtls_svc_key_id_t key, psa_algorithm_t alg, struct crypto_in input,
			   struct crypto_in signature)
{
	return crypto_call(&(struct crypto_request) { .function = function, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN(input, signature) });
}

psa_status_t psa_sign_hash(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
			   uint8_t *signature, size_t signature_size, size_t *signature_length)
{
	return sign(CRYPTO_SIGN_HASH, key, alg, (struct crypto_in) { hash, hash_length },
		    (struct crypto_out) { signature, signature_size, signature_length });
}

psa_status_t psa_verify_hash(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
			     const uint8_t *signature, size_t signature_length)
{
	return verify(CRYPTO_VERIFY_HASH, key, alg, (struct crypto_in) { hash, hash_length },
		      (struct crypto_in) { signature, signature_length });
}

psa_status_t psa_sign_message(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
			      uint8_t *signature, size_t signature_size, size_t *signature_length)
{
	return sign(CRYPTO_SIGN_MESSAGE, key, alg, (struct crypto_in) { input, input_length },
		    (struct crypto_out) { signature, signature_size, signature_length });
}

psa_status_t psa_verify_message(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
				const uint8_t *signature, size_t signature_length)
{
	return verify(CRYPTO_VERIFY_MESSAGE, key, alg, (struct crypto_in) { input, input_length },
		      (struct crypto_in) { signature, signature_length });
}

psa_status_t psa_asymmetric_encrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
				    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
				    size_t *output_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_ASYMMETRIC_ENCRYPT, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }, { salt, salt_length }),
						      CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_asymmetric_decrypt(mbedtls_svc_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
				    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
				    size_t *output_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_ASYMMETRIC_DECRYPT, .key = key, .algorithm = alg },
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }, { salt, salt_length }),
						      CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_raw_key_agreement(psa_algorithm_t alg, mbedtls_svc_key_id_t private_key, const uint8_t *peer_key,
				   size_t peer_key_length, uint8_t *output, size_t output_size, size_t *output_length)
{
	return sign(CRYPTO_RAW_KEY_AGREEMENT, private_key, alg, (struct crypto_in) { peer_key, peer_key_length },
		    (struct crypto_out) { output, output_size, output_length });
}
