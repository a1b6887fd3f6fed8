/* SPDX-License-Identifier: Apache-2.0 */
/** The cryptography that lib's image policy calls: SHA-256 and ECDSA P-256, for BL2 and for tools that run BL2's code. */
#ifndef MERLON_CRYPTO_IMAGE_CRYPTO_H
#define MERLON_CRYPTO_IMAGE_CRYPTO_H

#include <merlon/crypto/sha256.h>
#include <merlon/lib/policy.h>

/**
 * Fill in `crypto`.
 * @param hash      State of the running hash; owned by the caller, must outlive `crypto`.
 * @param progress  Called at least every 1 KB hashed, to feed a watchdog; may be NULL.
 */
void image_crypto_init(struct image_crypto *crypto, struct sha256 *hash, void (*progress)(void *context));

#endif
