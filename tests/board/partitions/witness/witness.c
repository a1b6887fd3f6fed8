/* SPDX-License-Identifier: Apache-2.0 */
/* Call type 0: a challenge -> a token that names this partition, not the caller. */
#include <psa/initial_attestation.h>
#include <psa_manifest/manifest.h>

static uint8_t challenge[PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64], token[PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE];

psa_status_t witness_sfn(const psa_msg_t *msg)
{
	size_t size = psa_read(msg->handle, 0, challenge, sizeof challenge), token_size;
	psa_status_t status = psa_initial_attest_get_token(challenge, size, token, sizeof token, &token_size);
	if (status == PSA_SUCCESS && token_size <= msg->out_size[0])
		psa_write(msg->handle, 0, token, token_size);
	return status;
}
