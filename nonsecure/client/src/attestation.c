/* SPDX-License-Identifier: Apache-2.0 */
/* psa/initial_attestation.h for clients. */
#include <merlon/lib/service_wire.h>
#include <psa/client.h>
#include <psa/initial_attestation.h>
#include <psa_manifest/sid.h>

/* Memory that is not the caller's is an invalid argument here. */
static psa_status_t call(enum attest_call function, const psa_invec *in, psa_outvec *out)
{
	psa_status_t status = psa_call(ATTESTATION_HANDLE, (int32_t)function, in, 1, out, 1);
	return status == PSA_ERROR_PROGRAMMER_ERROR ? PSA_ERROR_INVALID_ARGUMENT : status;
}

psa_status_t psa_initial_attest_get_token(const uint8_t *auth_challenge, size_t challenge_size, uint8_t *token_buf,
					  size_t token_buf_size, size_t *token_size)
{
	psa_outvec out = { token_buf, token_buf_size };
	*token_size = 0;
	if (token_buf == NULL)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = call(ATTEST_CALL_GET_TOKEN, &(psa_invec) { auth_challenge, challenge_size }, &out);
	if (status == PSA_SUCCESS)
		*token_size = out.len;
	return status;
}

psa_status_t psa_initial_attest_get_token_size(size_t challenge_size, size_t *token_size)
{
	uint32_t challenge = challenge_size <= UINT32_MAX ? (uint32_t)challenge_size : UINT32_MAX, size;
	psa_status_t status = call(ATTEST_CALL_GET_TOKEN_SIZE, &(psa_invec) { &challenge, sizeof challenge },
				   &(psa_outvec) { &size, sizeof size });
	*token_size = status == PSA_SUCCESS ? size : 0;
	return status;
}
