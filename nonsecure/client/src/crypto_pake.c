/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto_extra.h for clients: password-authenticated key exchange. */
#include "crypto_call.h"

psa_status_t psa_pake_setup(psa_pake_operation_t *operation, const psa_pake_cipher_suite_t *cipher_suite)
{
	return crypto_begin(&(struct crypto_request) { .function = CRYPTO_PAKE_SETUP,
						       .algorithm = psa_pake_cs_get_algorithm(cipher_suite),
						       .argument = { psa_pake_cs_get_hash(cipher_suite),
								     psa_pake_cs_get_primitive(cipher_suite) } },
			    &operation->handle);
}

psa_status_t psa_pake_set_password_key(psa_pake_operation_t *operation, mbedtls_svc_key_id_t password)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_SET_PASSWORD_KEY, .key = password },
			   &operation->handle, NULL);
}

psa_status_t psa_pake_set_user(psa_pake_operation_t *operation, const uint8_t *user_id, size_t user_id_len)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_SET_USER }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ user_id, user_id_len }) });
}

psa_status_t psa_pake_set_peer(psa_pake_operation_t *operation, const uint8_t *peer_id, size_t peer_id_len)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_SET_PEER }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ peer_id, peer_id_len }) });
}

psa_status_t psa_pake_set_role(psa_pake_operation_t *operation, psa_pake_role_t role)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_SET_ROLE, .argument = { role } }, &operation->handle,
			   NULL);
}

psa_status_t psa_pake_output(psa_pake_operation_t *operation, psa_pake_step_t step, uint8_t *output, size_t output_size,
			     size_t *output_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_OUTPUT, .argument = { step } }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_OUT({ output, output_size, output_length }) });
}

psa_status_t psa_pake_input(psa_pake_operation_t *operation, psa_pake_step_t step, const uint8_t *input, size_t input_length)
{
	return crypto_step(&(struct crypto_request) { .function = CRYPTO_PAKE_INPUT, .argument = { step } }, &operation->handle,
			   &(struct crypto_vectors) { CRYPTO_IN({ input, input_length }) });
}

psa_status_t psa_pake_get_implicit_key(psa_pake_operation_t *operation, psa_key_derivation_operation_t *output)
{
	return crypto_end(&(struct crypto_request) { .function = CRYPTO_PAKE_GET_IMPLICIT_KEY, .argument = { output->handle } },
			  &operation->handle, NULL);
}

psa_status_t psa_pake_abort(psa_pake_operation_t *operation)
{
	return crypto_abort(CRYPTO_PAKE_ABORT, &operation->handle);
}
