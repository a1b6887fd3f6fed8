/* SPDX-License-Identifier: Apache-2.0 */
/* P-256 by p256-m. */
#include <mbedtls/build_info.h>
#include <merlon/crypto/ecdsa.h>
#include <p256-m/p256-m.h>

static psa_status_t p256_verify(const uint8_t *point, const uint8_t *digest, size_t digest_size, const uint8_t *signature)
{
	return p256_ecdsa_verify(signature, point, digest, digest_size) == P256_SUCCESS ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

const struct ecdsa_curve ecdsa_p256 = { &ecdsa_key_p256, p256_verify };

/* p256-m's key generation and signing ask for random numbers through this name (config/mbedtls_bl2.h). Nothing here calls them; were
 * something to, it would get an error instead of a weak key. */
psa_status_t psa_generate_random(uint8_t *output, size_t size);
psa_status_t psa_generate_random(uint8_t *output, size_t size)
{
	(void)output;
	(void)size;
	return PSA_ERROR_NOT_SUPPORTED;
}
