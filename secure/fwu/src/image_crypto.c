/* SPDX-License-Identifier: Apache-2.0 */
/* The image policy's cryptography over the Crypto partition: the same decisions as BL2's, by another implementation of the sums. */
#include <merlon/lib/ecdsa_der.h>
#include <merlon/secure_fwu/fwu.h>
#include <psa/crypto.h>

enum { P256_POINT_SIZE = 65, P256_SIGNATURE_SIZE = 64 };

/* One image is judged at a time. */
static psa_hash_operation_t running;

static psa_status_t hash_begin(void *context)
{
	psa_hash_operation_t *operation = context;
	(void)psa_hash_abort(operation); /* a judgement that ended early leaves one */
	*operation = psa_hash_operation_init();
	return psa_hash_setup(operation, PSA_ALG_SHA_256);
}

static psa_status_t hash_update(void *context, const void *data, size_t size)
{
	return psa_hash_update(context, data, size);
}

static psa_status_t hash_finish(void *context, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	size_t size = 0;
	return psa_hash_finish(context, digest, IMAGE_DIGEST_SIZE, &size);
}

static psa_status_t verify(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			   const uint8_t *signature, size_t signature_size)
{
	(void)context;
	uint8_t raw[P256_SIGNATURE_SIZE];
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	mbedtls_svc_key_id_t id = MBEDTLS_SVC_KEY_ID_INIT;
	const uint8_t *point = ecdsa_key_decode(&ecdsa_key_p256, key->der, key->der_size);
	if (point == NULL)
		return PSA_ERROR_INVALID_SIGNATURE;
	psa_status_t status = ecdsa_signature_decode(signature, signature_size, ecdsa_key_p256.scalar_size, raw);
	if (status != PSA_SUCCESS)
		return status;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
	/* x and y follow the 0x04 that ends the prefix. */
	status = psa_import_key(&attributes, point - 1, P256_POINT_SIZE, &id);
	if (status == PSA_SUCCESS)
		status = psa_verify_hash(id, PSA_ALG_ECDSA(PSA_ALG_SHA_256), digest, IMAGE_DIGEST_SIZE, raw, sizeof raw);
	(void)psa_destroy_key(id);
	return status;
}

void fwu_crypto_init(struct image_crypto *crypto, void (*progress)(void *context))
{
	*crypto = (struct image_crypto) {
		.context = &running,
		.hash_begin = hash_begin,
		.hash_update = hash_update,
		.hash_finish = hash_finish,
		.verify = verify,
		.progress = progress,
	};
}
