/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second back end for one algorithm: SHA-256 by merlon/crypto/sha256.h in place of mbedTLS's hashes. It takes the place of
 * secure/crypto/src/hash.c, one file for another; no caller changes, neither the client library nor the dispatcher.
 */
#include "call.h"
#include <merlon/crypto/sha256.h>
#include <merlon/lib/mem.h>
#include <string.h>

static struct sha256 *hash_of(struct crypto_operation *operation)
{
	return (void *)operation->state;
}

static psa_status_t update(void *hash, const uint8_t *data, size_t size)
{
	sha256_update(hash, data, size);
	return PSA_SUCCESS;
}

static psa_status_t begin(const struct crypto_call *call, struct sha256 *hash)
{
	if (call->request->algorithm != PSA_ALG_SHA_256)
		return PSA_ALG_IS_HASH(call->request->algorithm) ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
	sha256_begin(hash);
	return PSA_SUCCESS;
}

static psa_status_t finish(struct crypto_call *call, struct sha256 *hash)
{
	uint8_t digest[SHA256_SIZE];
	sha256_finish(hash, digest);
	return crypto_emit(call, 0, digest, sizeof digest);
}

static psa_status_t verify(struct crypto_call *call, uint32_t index, struct sha256 *hash)
{
	uint8_t digest[SHA256_SIZE], expected[SHA256_SIZE];
	sha256_finish(hash, digest);
	if (call->msg->in_size[index] != sizeof expected)
		return PSA_ERROR_INVALID_SIGNATURE;
	(void)psa_read(call->msg->handle, index, expected, sizeof expected);
	return mem_equal(digest, expected, sizeof digest) ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t hash_compute(struct crypto_call *call)
{
	struct sha256 hash;
	psa_status_t status = begin(call, &hash);
	if (status == PSA_SUCCESS)
		status = crypto_feed(call, 1, update, &hash);
	return status == PSA_SUCCESS ? finish(call, &hash) : status;
}

static psa_status_t hash_compare(struct crypto_call *call)
{
	struct sha256 hash;
	psa_status_t status = begin(call, &hash);
	if (status == PSA_SUCCESS)
		status = crypto_feed(call, 1, update, &hash);
	return status == PSA_SUCCESS ? verify(call, 2, &hash) : status;
}

static psa_status_t hash_setup(struct crypto_call *call)
{
	return begin(call, hash_of(call->operation));
}

static psa_status_t hash_update(struct crypto_call *call)
{
	return crypto_feed(call, 1, update, hash_of(call->operation));
}

static psa_status_t hash_finish(struct crypto_call *call)
{
	return finish(call, hash_of(call->operation));
}

static psa_status_t hash_verify(struct crypto_call *call)
{
	return verify(call, 1, hash_of(call->operation));
}

static psa_status_t hash_clone(struct crypto_call *call)
{
	*hash_of(call->operation) = *hash_of(call->source);
	return PSA_SUCCESS;
}

static psa_status_t hash_abort(struct crypto_operation *operation)
{
	(void)operation; /* the dispatcher wipes it */
	return PSA_SUCCESS;
}

static const struct crypto_row rows[] = {
	[CRYPTO_HASH_COMPUTE & 0xff] = CRYPTO_ROW(hash_compute, 1, 1),
	[CRYPTO_HASH_COMPARE & 0xff] = CRYPTO_ROW(hash_compare, 2, 0),
	[CRYPTO_HASH_SETUP & 0xff] = CRYPTO_SETUP(hash_setup),
	[CRYPTO_HASH_UPDATE & 0xff] = CRYPTO_STEP(hash_update, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_HASH_FINISH & 0xff] = CRYPTO_STEP(hash_finish, 0, 1, CRYPTO_ENDS),
	[CRYPTO_HASH_VERIFY & 0xff] = CRYPTO_STEP(hash_verify, 1, 0, CRYPTO_ENDS),
	[CRYPTO_HASH_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
	[CRYPTO_HASH_CLONE & 0xff] = { .run = hash_clone,
				       .outputs = 1,
				       .effect = CRYPTO_CLONES,
				       .head_size = sizeof(struct crypto_request),
				       .out_fixed = CRYPTO_WORD },
};

const struct crypto_rows crypto_hash_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_HASH, hash_abort,
					      sizeof(struct sha256) };
