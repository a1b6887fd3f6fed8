/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/crypto/image_crypto.h>

static psa_status_t hash_begin(void *context)
{
	sha256_begin(context);
	return PSA_SUCCESS;
}

static psa_status_t hash_update(void *context, const void *data, size_t size)
{
	sha256_update(context, data, size);
	return PSA_SUCCESS;
}

static psa_status_t hash_finish(void *context, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	sha256_finish(context, digest);
	return PSA_SUCCESS;
}

void image_crypto_init_hash(struct image_crypto *crypto, struct sha256 *hash, void (*progress)(void *context))
{
	*crypto = (struct image_crypto) {
		.context = hash,
		.hash_begin = hash_begin,
		.hash_update = hash_update,
		.hash_finish = hash_finish,
		.progress = progress,
	};
}
