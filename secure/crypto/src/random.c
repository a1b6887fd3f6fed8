/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"
#include "call.h"
#include <mbedtls/ctr_drbg.h>
#include <merlon/secure_crypto/crypto.h>
#include <psa/crypto.h>
#include <stdbool.h>

enum {
	/* Noise bytes per seed: 256 bits of entropy, which the derivation function of the generator compresses. A first seed takes half
	 * as much again, for the nonce. */
	SEED_SIZE = (256 + NOISE_MIN_ENTROPY - 1) / NOISE_MIN_ENTROPY,
	RESEED_INTERVAL = 1024, /* requests */
};
_Static_assert(SEED_SIZE + (SEED_SIZE + 1) / 2 <= MBEDTLS_CTR_DRBG_MAX_SEED_INPUT, "a seed is larger than mbedTLS takes");

/* The one generator of the image: mbedTLS's core is the one user. */
static struct {
	mbedtls_ctr_drbg_context drbg;
	struct noise *noise;
	bool seeded;
	void (*progress)(void *context);
	void *progress_context;
} generator;

CRYPTO_ENTRY void crypto_progress_set(void (*progress)(void *context), void *context)
{
	generator.progress = progress;
	generator.progress_context = context;
}

static int noise_callback(void *context, unsigned char *data, size_t size)
{
	return noise_read(context, data, size) == PSA_SUCCESS ? 0 : MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
}

void crypto_random_init(struct noise *noise)
{
	mbedtls_ctr_drbg_free(&generator.drbg);
	mbedtls_ctr_drbg_init(&generator.drbg);
	generator.noise = noise;
	generator.seeded = false;
}

/* Seed when it has not been done. On failure the generator stays unseeded: the next request tries again. */
static int seed(void)
{
	static const unsigned char personalization[] = "merlon";
	if (generator.seeded)
		return 0;
	mbedtls_ctr_drbg_set_entropy_len(&generator.drbg, SEED_SIZE);
	mbedtls_ctr_drbg_set_reseed_interval(&generator.drbg, RESEED_INTERVAL);
	int error = mbedtls_ctr_drbg_set_nonce_len(&generator.drbg, (SEED_SIZE + 1) / 2);
	if (error == 0)
		error = mbedtls_ctr_drbg_seed(&generator.drbg, noise_callback, generator.noise, personalization,
					      sizeof personalization - 1);
	generator.seeded = error == 0;
	if (error != 0)
		crypto_random_init(generator.noise);
	return error;
}

psa_status_t crypto_random_refresh(void)
{
	bool fresh = !generator.seeded;
	int error = seed();
	if (error == 0 && !fresh)
		error = mbedtls_ctr_drbg_reseed(&generator.drbg, NULL, 0);
	return error == 0 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output, size_t output_size,
					     size_t *output_length)
{
	(void)context;
	if (generator.progress != NULL)
		generator.progress(generator.progress_context);
	int error = seed();
	for (size_t done = 0, size; error == 0 && done < output_size; done += size) {
		size = output_size - done < MBEDTLS_CTR_DRBG_MAX_REQUEST ? output_size - done : MBEDTLS_CTR_DRBG_MAX_REQUEST;
		error = mbedtls_ctr_drbg_random(&generator.drbg, output + done, size);
	}
	*output_length = error == 0 ? output_size : 0;
	return error == 0 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}
