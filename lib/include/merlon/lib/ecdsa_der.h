/* SPDX-License-Identifier: Apache-2.0 */
/**
 * ECDSA public keys and signatures in DER. One encoding of each is accepted, no other: lengths and integers are minimal, integers
 * positive, no byte follows. Sources: RFC 5480 (SubjectPublicKeyInfo), RFC 3279 section 2.2.3 (Ecdsa-Sig-Value), ITU-T X.690.
 */
#ifndef MERLON_LIB_ECDSA_DER_H
#define MERLON_LIB_ECDSA_DER_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ECDSA_SCALAR_MAX = 48,     /* bytes of r, s or a coordinate on the largest curve known here, P-384 */
	ECDSA_SIGNATURE_MAX = 104, /* Ecdsa-Sig-Value of P-384, bytes; P-256: 72 */
};

/** How the keys of one curve look. */
struct ecdsa_key_form {
	const uint8_t *prefix; /* SubjectPublicKeyInfo up to and with the 0x04 of the uncompressed point */
	uint8_t prefix_size;
	uint8_t scalar_size; /* of r, s and a coordinate, bytes */
};
extern const struct ecdsa_key_form ecdsa_key_p256, ecdsa_key_p384;

/**
 * Find the point in a SubjectPublicKeyInfo.
 * @return x and y, big-endian, inside `der`; NULL when `der` is not exactly such a key. Whether the point lies on the curve is checked
 *         when it is used.
 */
const uint8_t *ecdsa_key_decode(const struct ecdsa_key_form *form, const uint8_t *der, size_t size);

/**
 * Decode Ecdsa-Sig-Value into r and s, `scalar_size` bytes each, big-endian, one after the other.
 * @param scalar_size  At most ECDSA_SCALAR_MAX.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Not exact DER, or r or s is 0 or longer than `scalar_size`.
 */
psa_status_t ecdsa_signature_decode(const uint8_t *der, size_t size, uint8_t scalar_size, uint8_t *raw);

#endif
