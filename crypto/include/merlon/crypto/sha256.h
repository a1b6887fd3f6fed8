/* SPDX-License-Identifier: Apache-2.0 */
/** SHA-256 (FIPS 180-4), in pieces. No heap; the state belongs to the caller. */
#ifndef MERLON_CRYPTO_SHA256_H
#define MERLON_CRYPTO_SHA256_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK_SIZE = 64 };

/** The running hash; nobody else's business. Not secret by itself; wipe it when what was hashed is. */
struct sha256 {
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	uint8_t block[SHA256_BLOCK_SIZE];
};

void sha256_begin(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, size_t size);
void sha256_finish(struct sha256 *hash, uint8_t digest[SHA256_SIZE]);

#endif
