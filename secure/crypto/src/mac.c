/* SPDX-License-Identifier: Apache-2.0 */
/* Message authentication codes, in chunks as hashes are. */
#include "call.h"
#include <merlon/lib/mem.h>

static psa_status_t update(void *operation, const uint8_t *data, size_t size)
{
	return psa_mac_update(operation, data, size);
}

static psa_status_t finish(struct crypto_call *call, psa_mac_operation_t *operation)
{
	uint8_t mac[PSA_MAC_MAX_SIZE];
	size_t size = 0, room = crypto_room(call, 0) < sizeof mac ? crypto_room(call, 0) : sizeof mac;
	psa_status_t status = psa_mac_sign_finish(operation, mac, room, &size);
	if (status == PSA_SUCCESS)
		status = crypto_emit(call, 0, mac, size);
	mem_wipe(mac, sizeof mac);
	return status;
}

static psa_status_t verify(struct crypto_call *call, uint32_t index, psa_mac_operation_t *operation)
{
	uint8_t expected[PSA_MAC_MAX_SIZE];
	if (call->msg->in_size[index] > sizeof expected)
		return PSA_ERROR_INVALID_SIGNATURE;
	size_t size = psa_read(call->msg->handle, index, expected, sizeof expected);
	return psa_mac_verify_finish(operation, expected, size);
}

static psa_status_t mac_compute(struct crypto_call *call)
{
	psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
	psa_status_t status = psa_mac_sign_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS)
		status = crypto_feed(call, 1, update, &operation);
	if (status == PSA_SUCCESS)
		status = finish(call, &operation);
	(void)psa_mac_abort(&operation);
	return status;
}

static psa_status_t mac_verify(struct crypto_call *call)
{
	psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
	psa_status_t status = psa_mac_verify_setup(&operation, crypto_request_key(call), call->request->algorithm);
	if (status == PSA_SUCCESS)
		status = crypto_feed(call, 1, update, &operation);
	if (status == PSA_SUCCESS)
		status = verify(call, 2, &operation);
	(void)psa_mac_abort(&operation);
	return status;
}

static psa_status_t mac_sign_setup(struct crypto_call *call)
{
	return psa_mac_sign_setup(&call->operation->state->mac, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t mac_verify_setup(struct crypto_call *call)
{
	return psa_mac_verify_setup(&call->operation->state->mac, crypto_request_key(call), call->request->algorithm);
}

static psa_status_t mac_update(struct crypto_call *call)
{
	return crypto_feed(call, 1, update, &call->operation->state->mac);
}

static psa_status_t mac_sign_finish(struct crypto_call *call)
{
	return finish(call, &call->operation->state->mac);
}

static psa_status_t mac_verify_finish(struct crypto_call *call)
{
	return verify(call, 1, &call->operation->state->mac);
}

static psa_status_t mac_abort(struct crypto_operation *operation)
{
	return psa_mac_abort(&operation->state->mac);
}

static const struct crypto_row rows[] = {
	[CRYPTO_MAC_COMPUTE & 0xff] = CRYPTO_ROW(mac_compute, 1, 1),
	[CRYPTO_MAC_VERIFY & 0xff] = CRYPTO_ROW(mac_verify, 2, 0),
	[CRYPTO_MAC_SIGN_SETUP & 0xff] = CRYPTO_SETUP(mac_sign_setup),
	[CRYPTO_MAC_VERIFY_SETUP & 0xff] = CRYPTO_SETUP(mac_verify_setup),
	[CRYPTO_MAC_UPDATE & 0xff] = CRYPTO_STEP(mac_update, 1, 0, CRYPTO_KEEPS),
	[CRYPTO_MAC_SIGN_FINISH & 0xff] = CRYPTO_STEP(mac_sign_finish, 0, 1, CRYPTO_ENDS),
	[CRYPTO_MAC_VERIFY_FINISH & 0xff] = CRYPTO_STEP(mac_verify_finish, 1, 0, CRYPTO_ENDS),
	[CRYPTO_MAC_ABORT & 0xff] = CRYPTO_STEP(NULL, 0, 0, CRYPTO_ABORTS),
};

const struct crypto_rows crypto_mac_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_MAC, mac_abort,
					     sizeof(((union crypto_state *)NULL)->mac) };
