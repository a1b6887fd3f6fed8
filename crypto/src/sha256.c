/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <mbedtls/sha256.h>
#include <merlon/crypto/sha256.h>

static_assert(sizeof(mbedtls_sha256_context) <= sizeof(struct sha256), "the library's state fits");

static mbedtls_sha256_context *context_of(struct sha256 *hash)
{
	return (mbedtls_sha256_context *)(void *)hash->state;
}

/* The software implementation of this variant has no way to fail: its results are all 0. */
void sha256_begin(struct sha256 *hash)
{
	mbedtls_sha256_init(context_of(hash));
	(void)mbedtls_sha256_starts(context_of(hash), 0);
}

void sha256_update(struct sha256 *hash, const void *data, size_t size)
{
	(void)mbedtls_sha256_update(context_of(hash), data, size);
}

void sha256_finish(struct sha256 *hash, uint8_t digest[SHA256_SIZE])
{
	(void)mbedtls_sha256_finish(context_of(hash), digest);
}
