/* SPDX-License-Identifier: Apache-2.0 */
/** The random generator of the Crypto partition: noise with health tests -> CTR_DRBG over AES-256 (SP 800-90A, with derivation function). */
#ifndef MERLON_CRYPTO_RANDOM_H
#define MERLON_CRYPTO_RANDOM_H

#include <merlon/hal/noise.h>
#include <psa/error.h>

/** @param noise  Kept by reference for ever. It is first read when the first random byte is asked for. */
void crypto_random_init(struct noise *noise);

/**
 * Mix fresh noise in. Whoever makes a key calls this first, so that a source which has failed since then stops it.
 * @retval PSA_ERROR_INSUFFICIENT_ENTROPY  The source gives nothing, or a health test has failed.
 */
psa_status_t crypto_random_refresh(void);

#endif
