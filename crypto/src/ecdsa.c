/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/crypto/ecdsa.h>

psa_status_t ecdsa_verify(const struct ecdsa_curve *curve, const uint8_t *key, size_t key_size, const uint8_t *digest,
			  size_t digest_size, const uint8_t *signature, size_t signature_size)
{
	uint8_t raw[2 * ECDSA_SCALAR_MAX];
	const uint8_t *point = ecdsa_key_decode(curve->form, key, key_size);
	if (point == NULL)
		return PSA_ERROR_NOT_SUPPORTED;
	psa_status_t status = ecdsa_signature_decode(signature, signature_size, curve->form->scalar_size, raw);
	return status == PSA_SUCCESS ? curve->verify(point, digest, digest_size, raw) : status;
}
