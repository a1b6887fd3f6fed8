/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation. An operation lives until it is aborted: an error may leave it usable. */
#include "call.h"
#include <merlon/lib/mem.h>
#include <psa_crypto_slot_management.h>

static psa_key_derivation_operation_t *operation_of(struct crypto_call *call)
{
	return &call->operation->state->derivation;
}

static psa_key_derivation_step_t step_of(const struct crypto_call *call)
{
	return (psa_key_derivation_step_t)call->request->argument[0];
}

static psa_status_t derivation_setup(struct crypto_call *call)
{
	return psa_key_derivation_setup(operation_of(call), call->request->algorithm);
}

static psa_status_t derivation_get_capacity(struct crypto_call *call)
{
	size_t capacity = 0;
	psa_status_t status = psa_key_derivation_get_capacity(operation_of(call), &capacity);
	return status == PSA_SUCCESS ? crypto_emit_word(call, capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity) : status;
}

static psa_status_t derivation_set_capacity(struct crypto_call *call)
{
	return psa_key_derivation_set_capacity(operation_of(call), call->request->argument[0]);
}

static psa_status_t derivation_input_bytes(struct crypto_call *call)
{
	struct crypto_buffer data;
	psa_status_t status = crypto_buffer_read(call, 1, &data);
	if (status != PSA_SUCCESS)
		return status;
	status = psa_key_derivation_input_bytes(operation_of(call), step_of(call), data.data, data.size);
	crypto_buffer_release(&data);
	return status;
}

static psa_status_t derivation_input_integer(struct crypto_call *call)
{
	return psa_key_derivation_input_integer(operation_of(call), step_of(call), call->request->argument[1]);
}

static psa_status_t derivation_input_key(struct crypto_call *call)
{
	return psa_key_derivation_input_key(operation_of(call), step_of(call), crypto_request_key(call));
}

static psa_status_t derivation_key_agreement(struct crypto_call *call)
{
	struct crypto_buffer peer;
	psa_status_t status = crypto_buffer_read(call, 1, &peer);
	if (status != PSA_SUCCESS)
		return status;
	status =
		psa_key_derivation_key_agreement(operation_of(call), step_of(call), crypto_request_key(call), peer.data, peer.size);
	crypto_buffer_release(&peer);
	return status;
}

/* More than there is: as the API asks, nothing comes out, then or later. */
static psa_status_t claim(struct crypto_call *call, size_t size)
{
	size_t capacity = 0;
	psa_status_t status = psa_key_derivation_get_capacity(operation_of(call), &capacity);
	if (status != PSA_SUCCESS || size <= capacity)
		return status;
	(void)psa_key_derivation_set_capacity(operation_of(call), 0);
	return PSA_ERROR_INSUFFICIENT_DATA;
}

static psa_status_t derivation_output_bytes(struct crypto_call *call)
{
	psa_status_t status = claim(call, crypto_room(call, 0));
	while (status == PSA_SUCCESS && crypto_room(call, 0) > 0) {
		size_t size = crypto_chunk_use(crypto_room(call, 0));
		status = psa_key_derivation_output_bytes(operation_of(call), crypto_chunks.out, size);
		if (status == PSA_SUCCESS)
			status = crypto_emit(call, 0, crypto_chunks.out, size);
	}
	return status;
}

static psa_status_t derivation_output_key(struct crypto_call *call)
{
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	crypto_attributes_read(call, &attributes);
	return crypto_answer_key(call, psa_key_derivation_output_key(&attributes, operation_of(call), &key), key);
}

/* mbedTLS declares psa_key_derivation_verify_bytes() and does not have it. */
static psa_status_t derivation_verify_bytes(struct crypto_call *call)
{
	bool equal = true;
	size_t size;
	psa_status_t status = claim(call, call->msg->in_size[1]);
	while (status == PSA_SUCCESS && (size = crypto_next(call, 1, SIZE_MAX)) > 0) {
		status = psa_key_derivation_output_bytes(operation_of(call), crypto_chunks.out, size);
		equal = mem_equal(crypto_chunks.in, crypto_chunks.out, size) && equal;
	}
	return status == PSA_SUCCESS && !equal ? PSA_ERROR_INVALID_SIGNATURE : status;
}

/* The key's value against as many bytes of output; in pieces, since a value may be longer than a work buffer. */
static psa_status_t compare(struct crypto_call *call, const uint8_t *value, size_t size)
{
	bool equal = true;
	psa_status_t status = claim(call, size);
	for (size_t done = 0, piece; status == PSA_SUCCESS && done < size; done += piece) {
		piece = crypto_chunk_use(size - done);
		status = psa_key_derivation_output_bytes(operation_of(call), crypto_chunks.out, piece);
		equal = mem_equal(value + done, crypto_chunks.out, piece) && equal;
	}
	return status == PSA_SUCCESS && !equal ? PSA_ERROR_INVALID_SIGNATURE : status;
}

/*
 * mbedTLS declares psa_key_derivation_verify_key() and does not have it. The expected value is a key that only this function may use,
 * under the algorithm of this operation; its value is read where the core keeps it.
 */
static psa_status_t derivation_verify_key(struct crypto_call *call)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_slot_t *slot;
	psa_status_t status = psa_get_key_attributes(crypto_request_key(call), &attributes);
	if (status != PSA_SUCCESS)
		return status;
	if ((psa_get_key_usage_flags(&attributes) & PSA_KEY_USAGE_VERIFY_DERIVATION) == 0 ||
	    psa_get_key_algorithm(&attributes) != operation_of(call)->MBEDTLS_PRIVATE(alg))
		return PSA_ERROR_NOT_PERMITTED;
	if (psa_get_key_type(&attributes) != PSA_KEY_TYPE_PASSWORD_HASH && psa_get_key_type(&attributes) != PSA_KEY_TYPE_RAW_DATA)
		return PSA_ERROR_INVALID_ARGUMENT;
	status = psa_get_and_lock_key_slot(crypto_request_key(call), &slot);
	if (status != PSA_SUCCESS)
		return status;
	status = compare(call, slot->key.data, slot->key.bytes);
	(void)psa_unregister_read(slot);
	return status;
}

static psa_status_t derivation_abort(struct crypto_operation *operation)
{
	return psa_key_derivation_abort(&operation->state->derivation);
}

static const struct crypto_row rows[] = {
	[CRYPTO_DERIVATION_SETUP & 0xff] = CRYPTO_SETUP(derivation_setup),
	[CRYPTO_DERIVATION_GET_CAPACITY & 0xff] = { .run = derivation_get_capacity,
						    .outputs = 1,
						    .effect = CRYPTO_KEEPS,
						    .head_size = sizeof(struct crypto_request),
						    .out_fixed = CRYPTO_WORD },
	[CRYPTO_DERIVATION_SET_CAPACITY & 0xff] = CRYPTO_STEP(derivation_set_capacity, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_INPUT_BYTES & 0xff] = CRYPTO_STEP(derivation_input_bytes, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_INPUT_INTEGER & 0xff] = CRYPTO_STEP(derivation_input_integer, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_INPUT_KEY & 0xff] = CRYPTO_STEP(derivation_input_key, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_KEY_AGREEMENT & 0xff] = CRYPTO_STEP(derivation_key_agreement, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_OUTPUT_BYTES & 0xff] = CRYPTO_STEP(derivation_output_bytes, 0, 1, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_OUTPUT_KEY & 0xff] = { .run = derivation_output_key,
						  .inputs = 1,
						  .outputs = 1,
						  .effect = CRYPTO_KEEPS,
						  .head_size = sizeof(struct crypto_request),
						  .in_fixed = sizeof(struct crypto_attributes),
						  .out_fixed = CRYPTO_WORD },
	[CRYPTO_DERIVATION_VERIFY_BYTES & 0xff] = CRYPTO_STEP(derivation_verify_bytes, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_DERIVATION_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
	[CRYPTO_DERIVATION_VERIFY_KEY & 0xff] = CRYPTO_STEP(derivation_verify_key, 0, 0, CRYPTO_KEEPS),
};

const struct crypto_rows crypto_derivation_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_DERIVATION, derivation_abort,
						    sizeof(((union crypto_state *)NULL)->derivation) };
