/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/ecdsa_der.h>
#include <string.h>

enum { DER_INTEGER = 0x02, DER_SEQUENCE = 0x30 };

/* One INTEGER at `der`, right-aligned into `scalar_size` bytes. Returns its encoded size, 0 when it is not exact. */
static size_t integer_decode(const uint8_t *der, size_t size, uint8_t scalar_size, uint8_t *out)
{
	if (size < 3 || der[0] != DER_INTEGER)
		return 0;
	size_t length = der[1]; /* short form only: at most ECDSA_SCALAR_MAX + 1 bytes are of use */
	if (length == 0 || length > size - 2)
		return 0;
	const uint8_t *value = der + 2;
	size_t value_size = length;
	if (value[0] == 0) { /* only to keep the next byte from being a sign bit: 0 itself is no r or s */
		if (length < 2 || value[1] < 0x80)
			return 0;
		value++;
		value_size--;
	} else if (value[0] >= 0x80) {
		return 0; /* negative */
	}
	if (value_size > scalar_size)
		return 0;
	memset(out, 0, scalar_size);
	memcpy(out + scalar_size - value_size, value, value_size);
	return 2 + length;
}

psa_status_t ecdsa_signature_decode(const uint8_t *der, size_t size, uint8_t scalar_size, uint8_t *raw)
{
	/* Two integers of up to 50 bytes with head: the body stays below 128 bytes, so its length takes one byte on every curve here. */
	if (size < 2 || der[0] != DER_SEQUENCE || der[1] >= 0x80 || der[1] != size - 2)
		return PSA_ERROR_INVALID_ARGUMENT;
	const uint8_t *at = der + 2, *end = der + size;
	for (unsigned i = 0; i < 2; i++) {
		size_t used = integer_decode(at, (size_t)(end - at), scalar_size, raw + i * scalar_size);
		if (used == 0)
			return PSA_ERROR_INVALID_ARGUMENT;
		at += used;
	}
	return at == end ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

/* SEQUENCE { SEQUENCE { id-ecPublicKey, the curve }, BIT STRING with 0 unused bits { 04 */
static const uint8_t p256_prefix[] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
	0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
};
static const uint8_t p384_prefix[] = {
	0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
};
const struct ecdsa_key_form ecdsa_key_p256 = { p256_prefix, sizeof p256_prefix, 32 };
const struct ecdsa_key_form ecdsa_key_p384 = { p384_prefix, sizeof p384_prefix, 48 };

const uint8_t *ecdsa_key_decode(const struct ecdsa_key_form *form, const uint8_t *der, size_t size)
{
	if (size != form->prefix_size + 2u * form->scalar_size || memcmp(der, form->prefix, form->prefix_size) != 0)
		return NULL;
	return der + form->prefix_size;
}
