/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/crypto/ecdsa.h>
#include <merlon/crypto/image_crypto.h>

psa_status_t image_verify_p256(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			       const uint8_t *signature, size_t signature_size)
{
	(void)context;
	return ecdsa_verify(&ecdsa_p256_fast, key->der, key->der_size, digest, IMAGE_DIGEST_SIZE, signature, signature_size);
}
