/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PSA Initial Attestation API 1.0: a signed statement of who this device is and what it runs, for a verifier elsewhere.
 *
 * The token is RFC 9783's, profile tag:psacertified.org,2023:psa#tfm, a COSE_Sign1 message with ES256. Source: Arm IHI 0085.
 */
#ifndef PSA_INITIAL_ATTESTATION_H
#define PSA_INITIAL_ATTESTATION_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_INITIAL_ATTEST_API_VERSION_MAJOR 1
#define PSA_INITIAL_ATTEST_API_VERSION_MINOR 0

/** The sizes that a challenge may have, bytes. */
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_32 32u
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_48 48u
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64 64u

/** No token is larger than this, bytes. */
#define PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE 768u

/**
 * Make a token about the device as it runs now, for the caller.
 *
 * @param auth_challenge  The verifier's fresh challenge: `challenge_size` bytes, one of the three sizes above.
 * @param token_buf       Where the token goes, `token_buf_size` bytes of the caller's.
 * @param token_size      Out: bytes of the token; 0 at every error.
 * @retval PSA_ERROR_INVALID_ARGUMENT   Another challenge size; no buffer, or one of 0 bytes; memory that is not the caller's.
 * @retval PSA_ERROR_BUFFER_TOO_SMALL   The token is larger than the buffer; nothing was written.
 * @retval PSA_ERROR_SERVICE_FAILURE    The attestation key cannot be used: the device was not provisioned, is open for debugging of the
 *                                      PSA Root of Trust, or is decommissioned.
 * @retval PSA_ERROR_INSUFFICIENT_ENTROPY  The noise source failed.
 * @retval PSA_ERROR_GENERIC_ERROR      BL2 left no measurement of what runs.
 */
psa_status_t psa_initial_attest_get_token(const uint8_t *auth_challenge, size_t challenge_size, uint8_t *token_buf,
					  size_t token_buf_size, size_t *token_size);

/**
 * The exact size of the token that the same caller gets for a challenge of `challenge_size` bytes until the next reset.
 *
 * @param token_size  Out: bytes; 0 at every error.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Another challenge size.
 * @retval PSA_ERROR_SERVICE_FAILURE, PSA_ERROR_GENERIC_ERROR  As above.
 */
psa_status_t psa_initial_attest_get_token_size(size_t challenge_size, size_t *token_size);

#ifdef __cplusplus
}
#endif

#endif
