/* SPDX-License-Identifier: Apache-2.0 */
/** ECDSA P-256 verification for public data only: fast and small, not constant time. Source: FIPS 186-5 section 6.4.2. */
#ifndef MERLON_CRYPTO_P256_VERIFY_H
#define MERLON_CRYPTO_P256_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

enum { P256_DIGEST_SIZE = 32 };

/**
 * @param public_key  The point's x and y, big-endian, without the leading 0x04.
 * @param digest      32 bytes, as SHA-256 gives them.
 * @param signature   r and s, big-endian.
 * Kept apart from its callers, so that its cost can be counted.
 * @return true only when the point is on the curve, 0 < r, s < n, and the signature is right.
 */
__attribute__((noinline)) bool p256_verify(const uint8_t public_key[64], const uint8_t digest[32], const uint8_t signature[64]);

#endif
