/* SPDX-License-Identifier: Apache-2.0 */
/* The partition as the manifest names it: start, messages, and what it tells the audit log. */
#include "object.h"
#include <merlon/audit.h>
#include <merlon/lib/mem.h>
#include <merlon/ps_call.h>
#include <psa/client.h>
#include <psa/storage_common.h>
#include <psa_manifest/sid.h>
#include <string.h>

#define FLAGS_KNOWN (PSA_STORAGE_FLAG_WRITE_ONCE | PSA_STORAGE_FLAG_NO_CONFIDENTIALITY | PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION)

static struct ps ps;
static bool replay_told;

void ps_configure(const struct ps_config *config)
{
	ps.config = *config;
}

psa_status_t ps_init(void)
{
	ps.is_open = false;
	replay_told = false;
	ps_key_reset();
	return PSA_SUCCESS;
}

/* Whether the log takes it does not change what the caller is told. A product without an audit log has nobody to tell. */
static void tell(enum merlon_audit_kind kind, const void *data, size_t size)
{
	struct merlon_audit_record record;
	if (psa_version(AUDIT_SID) == PSA_VERSION_NONE)
		return;
	memset(&record, 0, sizeof record);
	record.kind = (uint8_t)kind;
	memcpy(record.data.bytes, data, size);
	(void)merlon_audit_add(&record);
}

static psa_status_t load(const struct ps_entry *entry, uint32_t place)
{
	psa_status_t status = ps_object_load(&ps, place);
	if (status == PSA_ERROR_INVALID_SIGNATURE || status == PSA_ERROR_DATA_CORRUPT) {
		const struct merlon_audit_storage broken = { entry->uid, entry->client, status };
		tell(MERLON_AUDIT_STORAGE, &broken, sizeof broken);
	}
	return status;
}

static psa_status_t open_all(void)
{
	psa_status_t status = ps_open(&ps);
	if (status == PSA_SUCCESS && ps.index.is_replayed && !replay_told) {
		const struct merlon_audit_change change = { 0, 0, ps.index.epoch };
		tell(MERLON_AUDIT_EPOCH, &change, sizeof change);
		replay_told = true;
	}
	return status;
}

/* What was not found in an index that somebody put back may have been there. */
static psa_status_t not_found(void)
{
	return ps.index.is_replayed ? PSA_ERROR_INVALID_SIGNATURE : PSA_ERROR_DOES_NOT_EXIST;
}

/* One call: the object it names, or none. */
struct call {
	const psa_msg_t *msg;
	struct merlon_ps_request request;
	uint32_t place;               /* PS_NO_ENTRY: there is none */
	const struct ps_entry *entry; /* at `place` */
};

static bool is_once(const struct call *call)
{
	return call->place != PS_NO_ENTRY && (call->entry->flags & PSA_STORAGE_FLAG_WRITE_ONCE) != 0;
}

/* Store the first `size` bytes of the work space as the object of this call. */
static psa_status_t store(const struct call *call, uint32_t size, uint32_t capacity, uint32_t flags)
{
	const struct ps_entry wanted = { .uid = call->request.uid,
					 .client = call->msg->client_id,
					 .size = (uint16_t)size,
					 .capacity = (uint16_t)capacity,
					 .flags = (uint8_t)flags };
	uint32_t place = call->place != PS_NO_ENTRY ? call->place : ps_index_find_free(&ps.index);
	return ps_object_store(&ps, place, &wanted);
}

static psa_status_t set(const struct call *call)
{
	size_t size = call->msg->in_size[1];
	if ((call->request.flags & ~FLAGS_KNOWN) != 0)
		return PSA_ERROR_NOT_SUPPORTED;
	if (is_once(call))
		return PSA_ERROR_NOT_PERMITTED;
	if (size > PS_OBJECT_SIZE_MAX || !ps_object_fits(&ps, call->place, (uint32_t)size))
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	if (psa_read(call->msg->handle, 1, ps.work, size) != size)
		return PSA_ERROR_INVALID_ARGUMENT;
	return store(call, (uint32_t)size, (uint32_t)size, call->request.flags);
}

/* Nothing goes out before all of the object has been checked. */
static psa_status_t get(const struct call *call)
{
	uint32_t offset = call->request.offset;
	if (call->place == PS_NO_ENTRY)
		return not_found();
	if (offset > call->entry->size)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = load(call->entry, call->place);
	size_t size = call->entry->size - offset;
	if (status == PSA_SUCCESS)
		psa_write(call->msg->handle, 0, ps.work + offset, size < call->msg->out_size[0] ? size : call->msg->out_size[0]);
	return status;
}

static psa_status_t get_info(const struct call *call)
{
	if (call->place == PS_NO_ENTRY)
		return not_found();
	if (call->msg->out_size[0] < sizeof(struct merlon_ps_info))
		return PSA_ERROR_BUFFER_TOO_SMALL;
	const struct merlon_ps_info info = { call->entry->capacity, call->entry->size, call->entry->flags };
	psa_write(call->msg->handle, 0, &info, sizeof info);
	return PSA_SUCCESS;
}

static psa_status_t remove(const struct call *call)
{
	if (call->place == PS_NO_ENTRY)
		return not_found();
	return is_once(call) ? PSA_ERROR_NOT_PERMITTED : ps_object_remove(&ps, call->place);
}

static psa_status_t create(const struct call *call)
{
	uint32_t capacity = call->request.offset;
	if ((call->request.flags & ~FLAGS_KNOWN) != 0 || (call->request.flags & PSA_STORAGE_FLAG_WRITE_ONCE) != 0)
		return PSA_ERROR_NOT_SUPPORTED;
	if (call->place != PS_NO_ENTRY)
		return PSA_ERROR_ALREADY_EXISTS;
	return ps_object_fits(&ps, PS_NO_ENTRY, capacity) ? store(call, 0, capacity, call->request.flags)
							  : PSA_ERROR_INSUFFICIENT_STORAGE;
}

static psa_status_t set_extended(const struct call *call)
{
	uint32_t offset = call->request.offset;
	size_t size = call->msg->in_size[1];
	if (call->place == PS_NO_ENTRY)
		return not_found();
	if (is_once(call))
		return PSA_ERROR_NOT_PERMITTED;
	if (offset > call->entry->size || size > (size_t)(call->entry->capacity - offset))
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = load(call->entry, call->place);
	if (status != PSA_SUCCESS)
		return status;
	if (psa_read(call->msg->handle, 1, ps.work + offset, size) != size)
		return PSA_ERROR_INVALID_ARGUMENT;
	uint32_t end = offset + (uint32_t)size;
	return store(call, end > call->entry->size ? end : call->entry->size, call->entry->capacity, call->entry->flags);
}

psa_status_t protected_storage_sfn(const psa_msg_t *msg)
{
	static psa_status_t (*const calls[])(const struct call *call) = {
		[MERLON_PS_SET] = set,       [MERLON_PS_GET] = get,       [MERLON_PS_GET_INFO] = get_info,
		[MERLON_PS_REMOVE] = remove, [MERLON_PS_CREATE] = create, [MERLON_PS_SET_EXTENDED] = set_extended,
	};
	struct call call = { .msg = msg };
	if (msg->type < MERLON_PS_SET || msg->type > MERLON_PS_SET_EXTENDED)
		return PSA_ERROR_NOT_SUPPORTED;
	if (msg->in_size[0] != sizeof call.request ||
	    psa_read(msg->handle, 0, &call.request, sizeof call.request) != sizeof call.request || call.request.uid == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = open_all();
	if (status != PSA_SUCCESS)
		return status;
	call.place = ps_index_find(&ps.index, msg->client_id, call.request.uid);
	call.entry = call.place != PS_NO_ENTRY ? &ps.index.entries[call.place] : NULL;
	status = calls[msg->type](&call);
	mem_wipe(ps.work, sizeof ps.work);
	return status;
}
