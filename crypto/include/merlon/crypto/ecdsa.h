/* SPDX-License-Identifier: Apache-2.0 */
/**
 * ECDSA verification (FIPS 186-5) of DER signatures with DER public keys, exact as merlon/lib/ecdsa_der.h has it.
 * Public data only: not constant time.
 *
 * A curve is a `struct ecdsa_curve`; each lies in a file of its own, and an image links those that it names.
 */
#ifndef MERLON_CRYPTO_ECDSA_H
#define MERLON_CRYPTO_ECDSA_H

#include <merlon/lib/ecdsa_der.h>

struct ecdsa_curve {
	const struct ecdsa_key_form *form;
	/** `point` is x and y, `signature` r and s, all big-endian. @retval PSA_ERROR_INVALID_SIGNATURE  Also for a point off the curve. */
	psa_status_t (*verify)(const uint8_t *point, const uint8_t *digest, size_t digest_size, const uint8_t *signature);
};

extern const struct ecdsa_curve ecdsa_p256;      /* p256-m */
extern const struct ecdsa_curve ecdsa_p256_fast; /* our own; a digest below 32 bytes is PSA_ERROR_NOT_SUPPORTED */

/**
 * Verify a DER signature over a digest with a DER key.
 * @retval PSA_ERROR_NOT_SUPPORTED      The key is not exactly a SubjectPublicKeyInfo of this curve.
 * @retval PSA_ERROR_INVALID_ARGUMENT   The signature is not exact DER.
 * @retval PSA_ERROR_INVALID_SIGNATURE  The signature is wrong, or the key is no point of the curve.
 */
psa_status_t ecdsa_verify(const struct ecdsa_curve *curve, const uint8_t *key, size_t key_size, const uint8_t *digest,
			  size_t digest_size, const uint8_t *signature, size_t signature_size);

#endif
