/* SPDX-License-Identifier: Apache-2.0 */
/* The partition as the manifest names it: start and service function. */
#include "builtin.h"
#include "call.h"
#include "random.h"
#include <mbedtls/memory_buffer_alloc.h>
#include <merlon/secure_crypto/crypto.h>

/*
 * All of mbedTLS's memory: key material, bignums, vectors that must be whole. Dearest is a private operation of RSA-4096; mbedTLS's
 * numbers and headers hold pointers. Figures: secure/crypto/README.md.
 */
#ifdef PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY
enum { ARENA_SIZE = 17 * 1024 + 1024 * sizeof(void *) };
#else
enum { ARENA_SIZE = 8 * 1024 };
#endif
static uint8_t arena[ARENA_SIZE] __attribute__((aligned(8)));

/* What the core said when it started; with another than PSA_SUCCESS nothing is served. */
static psa_status_t state = PSA_ERROR_BAD_STATE;

static struct noise *noise_source;

CRYPTO_ENTRY void crypto_noise_set(struct noise *noise)
{
	noise_source = noise;
}

CRYPTO_ENTRY psa_status_t crypto_init(void)
{
	crypto_operations_reset();
	mbedtls_psa_crypto_free();
	mbedtls_memory_buffer_alloc_free();
	mbedtls_memory_buffer_alloc_init(arena, sizeof arena);
	crypto_random_init(noise_source);
	state = psa_crypto_init();
	if (state == PSA_SUCCESS)
		state = crypto_builtin_init();
	return state;
}

CRYPTO_ENTRY psa_status_t crypto_sfn(const psa_msg_t *msg)
{
	return crypto_dispatch(msg, state);
}
