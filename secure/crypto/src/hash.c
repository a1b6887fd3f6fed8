/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes. One call or several, the data always goes through in chunks: any length in bounded memory. */
#include "call.h"

static psa_status_t update(void *operation, const uint8_t *data, size_t size)
{
	return psa_hash_update(operation, data, size);
}

static psa_status_t finish(struct crypto_call *call, psa_hash_operation_t *operation)
{
	uint8_t hash[PSA_HASH_MAX_SIZE];
	size_t size = 0, room = crypto_room(call, 0) < sizeof hash ? crypto_room(call, 0) : sizeof hash;
	psa_status_t status = psa_hash_finish(operation, hash, room, &size);
	return status == PSA_SUCCESS ? crypto_emit(call, 0, hash, size) : status;
}

static psa_status_t verify(struct crypto_call *call, uint32_t index, psa_hash_operation_t *operation)
{
	uint8_t expected[PSA_HASH_MAX_SIZE];
	if (call->msg->in_size[index] > sizeof expected)
		return PSA_ERROR_INVALID_SIGNATURE;
	size_t size = psa_read(call->msg->handle, index, expected, sizeof expected);
	return psa_hash_verify(operation, expected, size);
}

static psa_status_t begin(struct crypto_call *call, psa_hash_operation_t *operation)
{
	psa_status_t status = psa_hash_setup(operation, call->request->algorithm);
	return status == PSA_SUCCESS ? crypto_feed(call, 1, update, operation) : status;
}

static psa_status_t hash_compute(struct crypto_call *call)
{
	psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
	psa_status_t status = begin(call, &operation);
	if (status == PSA_SUCCESS)
		status = finish(call, &operation);
	(void)psa_hash_abort(&operation);
	return status;
}

static psa_status_t hash_compare(struct crypto_call *call)
{
	psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
	psa_status_t status = begin(call, &operation);
	if (status == PSA_SUCCESS)
		status = verify(call, 2, &operation);
	(void)psa_hash_abort(&operation);
	return status;
}

static psa_status_t hash_setup(struct crypto_call *call)
{
	return psa_hash_setup(&call->operation->state->hash, call->request->algorithm);
}

static psa_status_t hash_update(struct crypto_call *call)
{
	return crypto_feed(call, 1, update, &call->operation->state->hash);
}

static psa_status_t hash_finish(struct crypto_call *call)
{
	return finish(call, &call->operation->state->hash);
}

static psa_status_t hash_verify(struct crypto_call *call)
{
	return verify(call, 1, &call->operation->state->hash);
}

static psa_status_t hash_clone(struct crypto_call *call)
{
	return psa_hash_clone(&call->source->state->hash, &call->operation->state->hash);
}

static psa_status_t hash_abort(struct crypto_operation *operation)
{
	return psa_hash_abort(&operation->state->hash);
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
					      sizeof(((union crypto_state *)NULL)->hash) };
