/* SPDX-License-Identifier: Apache-2.0 */
/* Password-authenticated key exchange: EC J-PAKE on P-256, the one that mbedTLS 3.6 has. */
#include "call.h"

static psa_pake_operation_t *operation_of(struct crypto_call *call)
{
	return &call->operation->state->pake;
}

static psa_pake_step_t step_of(const struct crypto_call *call)
{
	return (psa_pake_step_t)call->request->argument[0];
}

static psa_status_t pake_setup(struct crypto_call *call)
{
	psa_pake_cipher_suite_t suite = psa_pake_cipher_suite_init();
	psa_pake_cs_set_algorithm(&suite, call->request->algorithm);
	psa_pake_cs_set_hash(&suite, call->request->argument[0]);
	psa_pake_cs_set_primitive(&suite, call->request->argument[1]);
	return psa_pake_setup(operation_of(call), &suite);
}

static psa_status_t pake_set_password_key(struct crypto_call *call)
{
	return psa_pake_set_password_key(operation_of(call), crypto_request_key(call));
}

/* Input 1, whole, to `take`. */
static psa_status_t give(struct crypto_call *call, psa_status_t (*take)(psa_pake_operation_t *, const uint8_t *, size_t))
{
	struct crypto_buffer data;
	psa_status_t status = crypto_buffer_read(call, 1, &data);
	if (status == PSA_SUCCESS)
		status = take(operation_of(call), data.data, data.size);
	crypto_buffer_release(&data);
	return status;
}

static psa_status_t pake_set_user(struct crypto_call *call)
{
	return give(call, psa_pake_set_user);
}

static psa_status_t pake_set_peer(struct crypto_call *call)
{
	return give(call, psa_pake_set_peer);
}

static psa_status_t pake_set_role(struct crypto_call *call)
{
	psa_pake_role_t role = (psa_pake_role_t)call->request->argument[0];
	return role == call->request->argument[0] ? psa_pake_set_role(operation_of(call), role) : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t pake_output(struct crypto_call *call)
{
	struct crypto_buffer out;
	size_t size = 0;
	psa_status_t status = crypto_buffer_for(call, 0, PSA_PAKE_OUTPUT_MAX_SIZE, &out);
	if (step_of(call) != call->request->argument[0])
		status = PSA_ERROR_INVALID_ARGUMENT;
	if (status == PSA_SUCCESS)
		status = psa_pake_output(operation_of(call), step_of(call), out.data, out.size, &size);
	return crypto_buffer_emit(call, 0, &out, size, status);
}

static psa_status_t pake_input(struct crypto_call *call)
{
	struct crypto_buffer data;
	psa_status_t status = crypto_buffer_read(call, 1, &data);
	if (step_of(call) != call->request->argument[0])
		status = PSA_ERROR_INVALID_ARGUMENT;
	if (status == PSA_SUCCESS)
		status = psa_pake_input(operation_of(call), step_of(call), data.data, data.size);
	crypto_buffer_release(&data);
	return status;
}

static psa_status_t pake_get_implicit_key(struct crypto_call *call)
{
	struct crypto_operation *output =
		crypto_operation_find(call->request->argument[0], call->msg->client_id, CRYPTO_KIND_DERIVATION);
	return output == NULL ? PSA_ERROR_BAD_STATE : psa_pake_get_implicit_key(operation_of(call), &output->state->derivation);
}

static psa_status_t pake_abort(struct crypto_operation *operation)
{
	return psa_pake_abort(&operation->state->pake);
}

static const struct crypto_row rows[] = {
	[CRYPTO_PAKE_SETUP & 0xff] = CRYPTO_SETUP(pake_setup),
	[CRYPTO_PAKE_SET_PASSWORD_KEY & 0xff] = CRYPTO_STEP(pake_set_password_key, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_PAKE_SET_USER & 0xff] = CRYPTO_STEP(pake_set_user, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_PAKE_SET_PEER & 0xff] = CRYPTO_STEP(pake_set_peer, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_PAKE_SET_ROLE & 0xff] = CRYPTO_STEP(pake_set_role, 0, 0, CRYPTO_KEEPS),
	[CRYPTO_PAKE_OUTPUT & 0xff] = CRYPTO_STEP(pake_output, 0, 1, CRYPTO_KEEPS),
	[CRYPTO_PAKE_INPUT & 0xff] = CRYPTO_STEP(pake_input, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_PAKE_GET_IMPLICIT_KEY & 0xff] = CRYPTO_STEP(pake_get_implicit_key, 0, 0, CRYPTO_ENDS),
	[CRYPTO_PAKE_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
};

const struct crypto_rows crypto_pake_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_PAKE, pake_abort,
					      sizeof(((union crypto_state *)NULL)->pake) };
