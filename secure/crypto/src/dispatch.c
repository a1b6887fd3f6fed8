/* SPDX-License-Identifier: Apache-2.0 */
/* From a message to a row of a table, and the pool of multi-part operations. */
#include "call.h"
#include "storage.h"
#include <mbedtls/platform.h>
#include <merlon/lib/mem.h>
#include <string.h>

static const struct crypto_rows *const groups[CRYPTO_GROUP_COUNT] = {
	[CRYPTO_GROUP_KEY] = &crypto_key_rows,
	[CRYPTO_GROUP_RANDOM] = &crypto_random_rows,
	[CRYPTO_GROUP_HASH] = &crypto_hash_rows,
	[CRYPTO_GROUP_MAC] = &crypto_mac_rows,
	[CRYPTO_GROUP_CIPHER] = &crypto_cipher_rows,
	[CRYPTO_GROUP_AEAD] = &crypto_aead_rows,
	[CRYPTO_GROUP_ASYMMETRIC] = &crypto_asymmetric_rows,
	[CRYPTO_GROUP_DERIVATION] = &crypto_derivation_rows,
	[CRYPTO_GROUP_PAKE] = &crypto_pake_rows,
	[CRYPTO_GROUP_INTERRUPTIBLE] = &crypto_interruptible_rows,
};

static struct crypto_operation operations[CRYPTO_OPERATION_COUNT];
static uint32_t generation;

/* A kind is a group's. */
static const struct crypto_rows *group_of(enum crypto_kind kind)
{
	size_t i = 0;
	while (groups[i]->kind != kind)
		i++;
	return groups[i];
}

static psa_status_t end(struct crypto_operation *operation)
{
	if (operation->handle == 0)
		return PSA_SUCCESS;
	const struct crypto_rows *group = group_of(operation->kind);
	psa_status_t status = group->abort(operation);
	mem_wipe(operation->state, group->state_size);
	mbedtls_free(operation->state);
	mem_wipe(operation, sizeof *operation);
	return status;
}

void crypto_operations_reset(void)
{
	for (size_t i = 0; i < CRYPTO_OPERATION_COUNT; i++)
		(void)end(&operations[i]);
	generation = 0;
}

static struct crypto_operation *begin(int32_t owner, enum crypto_kind kind)
{
	size_t spare = owner < 0 ? CRYPTO_OPERATION_RESERVED : 0, available = 0, last = 0;
	for (size_t i = 0; i < CRYPTO_OPERATION_COUNT; i++) {
		if (operations[i].handle == 0) {
			available++;
			last = i;
		}
	}
	if (available <= spare)
		return NULL;
	union crypto_state *state = mbedtls_calloc(1, group_of(kind)->state_size);
	if (state == NULL)
		return NULL;
	struct crypto_operation *operation = &operations[last];
	/* The generation makes a handle that was ended different from the one that is valid now. */
	generation = generation >= UINT32_MAX / CRYPTO_OPERATION_COUNT - 1 ? 1 : generation + 1;
	*operation = (struct crypto_operation) {
		.handle = generation * CRYPTO_OPERATION_COUNT + (uint32_t)last, .owner = owner, .kind = kind, .state = state
	};
	return operation;
}

struct crypto_operation *crypto_operation_find(uint32_t handle, int32_t owner, enum crypto_kind kind)
{
	struct crypto_operation *operation = &operations[handle % CRYPTO_OPERATION_COUNT];
	bool matches = handle != 0 && operation->handle == handle && operation->owner == owner && operation->kind == kind;
	return matches ? operation : NULL;
}

static bool sizes_match(const psa_msg_t *msg, const struct crypto_row *row)
{
	if (msg->in_size[0] != row->head_size)
		return false;
	if ((row->in_fixed != 0 && msg->in_size[1] != row->in_fixed) || (row->out_fixed != 0 && msg->out_size[0] != row->out_fixed))
		return false;
	for (size_t i = 0; i < PSA_MAX_IOVEC; i++)
		if ((i > row->inputs && msg->in_size[i] != 0) || (i >= row->outputs && msg->out_size[i] != 0))
			return false;
	return true;
}

static const struct crypto_row *row_of(uint32_t function, enum crypto_kind *kind)
{
	uint32_t group = function >> 8, index = function & 0xff;
	if (group >= CRYPTO_GROUP_COUNT || index >= groups[group]->count)
		return NULL;
	*kind = groups[group]->kind;
	return &groups[group]->rows[index];
}

/* Find or make the operation that the row works on. */
static psa_status_t prepare(struct crypto_call *call, enum crypto_effect effect, enum crypto_kind kind)
{
	struct crypto_operation *found = NULL;
	if (effect == CRYPTO_PLAIN)
		return PSA_SUCCESS;
	if (effect != CRYPTO_BEGINS) {
		found = crypto_operation_find(call->request->handle, call->msg->client_id, kind);
		if (found == NULL)
			return PSA_ERROR_BAD_STATE;
	}
	bool makes = effect == CRYPTO_BEGINS || effect == CRYPTO_CLONES;
	call->operation = makes ? begin(call->msg->client_id, kind) : found;
	call->source = makes ? found : NULL;
	return call->operation == NULL ? PSA_ERROR_INSUFFICIENT_MEMORY : PSA_SUCCESS;
}

static psa_status_t settle(struct crypto_call *call, enum crypto_effect effect, enum crypto_kind kind, psa_status_t status)
{
	switch (effect) {
	case CRYPTO_PLAIN:
		break;
	case CRYPTO_BEGINS:
	case CRYPTO_CLONES:
		if (status == PSA_SUCCESS)
			status = crypto_emit_word(call, call->operation->handle);
		if (status != PSA_SUCCESS)
			(void)end(call->operation);
		break;
	case CRYPTO_KEEPS:
		if (status != PSA_SUCCESS && kind != CRYPTO_KIND_DERIVATION)
			(void)end(call->operation);
		break;
	case CRYPTO_RESUMES:
		if (status != PSA_OPERATION_INCOMPLETE)
			(void)end(call->operation);
		break;
	case CRYPTO_ENDS:
		(void)end(call->operation);
		break;
	case CRYPTO_ABORTS:
		status = end(call->operation);
		break;
	}
	return status;
}

psa_status_t crypto_dispatch(const psa_msg_t *msg, psa_status_t init_status)
{
	union crypto_head head;
	enum crypto_kind kind;
	if (init_status != PSA_SUCCESS)
		return init_status;
	if (msg->type != PSA_IPC_CALL || msg->in_size[0] < sizeof head.request || msg->in_size[0] > sizeof head)
		return PSA_ERROR_INVALID_ARGUMENT;
	memset(&head, 0, sizeof head);
	(void)psa_read(msg->handle, 0, &head, sizeof head); /* copied in before anything is looked at */
	const struct crypto_row *row = row_of(head.request.function, &kind);
	if (row == NULL)
		return PSA_ERROR_NOT_SUPPORTED;
	if (!sizes_match(msg, row))
		return PSA_ERROR_INVALID_ARGUMENT;
	crypto_storage_begin();
	struct crypto_call call = { .msg = msg, .head = &head, .request = &head.request };
	psa_status_t status = prepare(&call, row->effect, kind);
	if (status == PSA_SUCCESS) {
		if (row->run != NULL)
			status = row->run(&call);
		status = settle(&call, row->effect, kind, status);
	}
	crypto_chunks_wipe();
	return crypto_storage_explain(status);
}
