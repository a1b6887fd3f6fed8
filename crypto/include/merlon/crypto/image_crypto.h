/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The cryptography that lib's image policy calls: SHA-256 and ECDSA, for BL2 and for tools that run BL2's code. What verifies is one
 * function per file; an image links the one it names. docs/signatures.md says what another takes.
 */
#ifndef MERLON_CRYPTO_IMAGE_CRYPTO_H
#define MERLON_CRYPTO_IMAGE_CRYPTO_H

#include <merlon/crypto/sha256.h>
#include <merlon/lib/policy.h>

/** As struct image_crypto's `verify`: ECDSA P-256 by our own verifier, and by p256-m. `context` is not looked at. */
psa_status_t image_verify_p256(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			       const uint8_t *signature, size_t signature_size);
psa_status_t image_verify_p256m(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
				const uint8_t *signature, size_t signature_size);

/**
 * Fill in all but `verify`.
 * @param hash      State of the running hash; owned by the caller, must outlive `crypto`.
 * @param progress  Called at least every 1 KB hashed, to feed a watchdog; may be NULL.
 */
void image_crypto_init_hash(struct image_crypto *crypto, struct sha256 *hash, void (*progress)(void *context));

/** The same, and `verify` is image_verify_p256(). */
static inline void image_crypto_init(struct image_crypto *crypto, struct sha256 *hash, void (*progress)(void *context))
{
	image_crypto_init_hash(crypto, hash, progress);
	crypto->verify = image_verify_p256;
}

#endif
