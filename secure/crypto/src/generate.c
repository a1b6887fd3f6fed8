/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes for clients. */
#include "call.h"

static psa_status_t random_generate(struct crypto_call *call)
{
	psa_status_t status = PSA_SUCCESS;
	while (status == PSA_SUCCESS && crypto_room(call, 0) > 0) {
		size_t size = crypto_chunk_use(crypto_room(call, 0));
		status = psa_generate_random(crypto_chunks.out, size);
		if (status == PSA_SUCCESS)
			status = crypto_emit(call, 0, crypto_chunks.out, size);
	}
	return status;
}

static const struct crypto_row rows[] = {
	[CRYPTO_RANDOM_GENERATE & 0xff] = CRYPTO_ROW(random_generate, 0, 1),
};

const struct crypto_rows crypto_random_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_NONE, NULL, 0 };
