/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures in DER under libFuzzer: what is accepted encodes back to the same bytes, so there is one encoding. */
#include <merlon/lib/ecdsa_der.h>
#include <stdlib.h>
#include <string.h>

static size_t encode_integer(uint8_t *out, const uint8_t *raw, size_t size)
{
	while (size > 0 && *raw == 0) {
		raw++;
		size--;
	}
	size_t pad = size > 0 && *raw >= 0x80;
	out[0] = 0x02;
	out[1] = (uint8_t)(size + pad);
	out[2] = 0;
	memcpy(out + 2 + pad, raw, size);
	return 2 + pad + size;
}

static void try_size(const uint8_t *data, size_t size, uint8_t scalar_size)
{
	uint8_t raw[2 * ECDSA_SCALAR_MAX], again[2 + 2 * (3 + ECDSA_SCALAR_MAX)];
	if (ecdsa_signature_decode(data, size, scalar_size, raw) != PSA_SUCCESS)
		return;
	size_t used = 2 + encode_integer(again + 2, raw, scalar_size);
	used += encode_integer(again + used, raw + scalar_size, scalar_size);
	again[0] = 0x30;
	again[1] = (uint8_t)(used - 2);
	if (used != size || memcmp(again, data, size) != 0 || size > ECDSA_SIGNATURE_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_size(data, size, 32);
	try_size(data, size, 48);
	(void)ecdsa_key_decode(&ecdsa_key_p256, data, size);
	(void)ecdsa_key_decode(&ecdsa_key_p384, data, size);
	return 0;
}
