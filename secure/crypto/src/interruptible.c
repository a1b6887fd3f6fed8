/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA in steps: a call does at most as much work as its client allows, and answers PSA_OPERATION_INCOMPLETE until it is done. */
#include "call.h"

enum { LIMIT_COUNT = 4 }; /* clients that may have a limit of their own; any other has none */

static struct {
	int32_t client; /* 0: free */
	uint32_t max_ops;
} limits[LIMIT_COUNT];

static uint32_t limit_of(int32_t client)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		if (limits[i].client == client)
			return limits[i].max_ops;
	return PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED;
}

static psa_status_t set_max_ops(struct crypto_call *call)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		if (limits[i].client == call->msg->client_id || limits[i].client == 0) {
			limits[i].client = call->msg->client_id;
			limits[i].max_ops = call->request->argument[0];
			return PSA_SUCCESS;
		}
	}
	return PSA_ERROR_INSUFFICIENT_MEMORY;
}

static psa_status_t get_max_ops(struct crypto_call *call)
{
	return crypto_emit_word(call, limit_of(call->msg->client_id));
}

static struct crypto_interruptible *operation_of(struct crypto_call *call)
{
	return &call->operation->state->interruptible;
}

static psa_status_t sign_hash_start(struct crypto_call *call)
{
	struct crypto_buffer hash;
	psa_status_t status = crypto_buffer_read(call, 1, &hash);
	if (status == PSA_SUCCESS)
		status = psa_sign_hash_start(&operation_of(call)->sign, crypto_request_key(call), call->request->algorithm,
					     hash.data, hash.size);
	crypto_buffer_release(&hash);
	return status;
}

static psa_status_t sign_hash_complete(struct crypto_call *call)
{
	struct crypto_buffer signature;
	size_t size = 0;
	if (operation_of(call)->verifies)
		return PSA_ERROR_BAD_STATE;
	psa_interruptible_set_max_ops(limit_of(call->msg->client_id));
	psa_status_t status = crypto_buffer_for(call, 0, PSA_SIGNATURE_MAX_SIZE, &signature);
	if (status == PSA_SUCCESS)
		status = psa_sign_hash_complete(&operation_of(call)->sign, signature.data, signature.size, &size);
	return crypto_buffer_emit(call, 0, &signature, size, status);
}

static psa_status_t verify_hash_start(struct crypto_call *call)
{
	struct crypto_buffer hash = { 0 }, signature = { 0 };
	operation_of(call)->verifies = true;
	psa_status_t status = crypto_buffer_read(call, 1, &hash);
	if (status == PSA_SUCCESS)
		status = crypto_buffer_read(call, 2, &signature);
	if (status == PSA_SUCCESS)
		status = psa_verify_hash_start(&operation_of(call)->verify, crypto_request_key(call), call->request->algorithm,
					       hash.data, hash.size, signature.data, signature.size);
	crypto_buffer_release(&hash);
	crypto_buffer_release(&signature);
	return status;
}

static psa_status_t verify_hash_complete(struct crypto_call *call)
{
	if (!operation_of(call)->verifies)
		return PSA_ERROR_BAD_STATE;
	psa_interruptible_set_max_ops(limit_of(call->msg->client_id));
	return psa_verify_hash_complete(&operation_of(call)->verify);
}

static psa_status_t get_num_ops(struct crypto_call *call)
{
	const struct crypto_interruptible *operation = operation_of(call);
	return crypto_emit_word(call, operation->verifies ? psa_verify_hash_get_num_ops(&operation->verify)
							  : psa_sign_hash_get_num_ops(&operation->sign));
}

static psa_status_t interruptible_abort(struct crypto_operation *operation)
{
	struct crypto_interruptible *state = &operation->state->interruptible;
	return state->verifies ? psa_verify_hash_abort(&state->verify) : psa_sign_hash_abort(&state->sign);
}

#define STARTS(function, ins)                                                                                                      \
	{                                                                                                                          \
		.run = (function), .inputs = (ins), .outputs = 1, .effect = CRYPTO_BEGINS,                                         \
		.head_size = sizeof(struct crypto_request), .out_fixed = CRYPTO_WORD                                               \
	}

static const struct crypto_row rows[] = {
	[CRYPTO_SIGN_HASH_START & 0xff] = STARTS(sign_hash_start, 1),
	[CRYPTO_SIGN_HASH_COMPLETE & 0xff] = CRYPTO_STEP(sign_hash_complete, 0, 1, CRYPTO_RESUMES),
	[CRYPTO_VERIFY_HASH_START & 0xff] = STARTS(verify_hash_start, 2),
	[CRYPTO_VERIFY_HASH_COMPLETE & 0xff] = CRYPTO_STEP(verify_hash_complete, 0, 0, CRYPTO_RESUMES),
	[CRYPTO_INTERRUPTIBLE_GET_NUM_OPS & 0xff] = { .run = get_num_ops,
						      .outputs = 1,
						      .effect = CRYPTO_KEEPS,
						      .head_size = sizeof(struct crypto_request),
						      .out_fixed = CRYPTO_WORD },
	[CRYPTO_INTERRUPTIBLE_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
	[CRYPTO_INTERRUPTIBLE_SET_MAX_OPS & 0xff] = CRYPTO_ROW(set_max_ops, 0, 0),
	[CRYPTO_INTERRUPTIBLE_GET_MAX_OPS & 0xff] = { .run = get_max_ops,
						      .outputs = 1,
						      .effect = CRYPTO_PLAIN,
						      .head_size = sizeof(struct crypto_request),
						      .out_fixed = CRYPTO_WORD },
};

const struct crypto_rows crypto_interruptible_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_INTERRUPTIBLE,
						       interruptible_abort, sizeof(((union crypto_state *)NULL)->interruptible) };
