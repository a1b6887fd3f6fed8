/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/its_call.h>
#include <merlon/lib/store.h>
#include <merlon/secure_its/its.h>
#include <psa/storage_common.h>

#define FLAGS_KNOWN (PSA_STORAGE_FLAG_WRITE_ONCE | PSA_STORAGE_FLAG_NO_CONFIDENTIALITY | PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION)

enum { OBJECTS_MAX = 256, OBJECT_SIZE_MAX = 4096, BUFFER_SIZE = 512, BLOCK_SECTORS = 2 };

static struct store store;
static struct store_entry entries[OBJECTS_MAX];
static uint8_t buffer[BUFFER_SIZE];
static struct store_config config = { .entries = entries,
				      .buffer = buffer,
				      .entry_max = OBJECTS_MAX,
				      .buffer_size = BUFFER_SIZE,
				      .object_size_max = OBJECT_SIZE_MAX,
				      .block_sectors = BLOCK_SECTORS };

void its_configure(const struct medium *medium)
{
	config.medium = medium;
}

psa_status_t its_init(void)
{
	psa_status_t status = store_open(&store, &config);
	return status == PSA_ERROR_INVALID_ARGUMENT ? status : PSA_SUCCESS;
}

static psa_status_t read_client(void *context, void *data, size_t size)
{
	const psa_msg_t *msg = context;
	return psa_read(msg->handle, 1, data, size) == size ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t set(const psa_msg_t *msg, const struct merlon_its_request *request)
{
	psa_msg_t copy = *msg;
	struct store_source source = { read_client, &copy };
	if ((request->flags & ~FLAGS_KNOWN) != 0)
		return PSA_ERROR_NOT_SUPPORTED;
	if (msg->in_size[1] > OBJECT_SIZE_MAX)
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	return store_set(&store, msg->client_id, request->uid, (uint32_t)msg->in_size[1], (uint8_t)request->flags, &source);
}

/* Nothing goes out before all of the object has been checked. */
static psa_status_t get(const psa_msg_t *msg, const struct merlon_its_request *request)
{
	struct store_object object;
	psa_status_t status = store_find(&store, msg->client_id, request->uid, &object);
	if (status == PSA_SUCCESS && request->offset > object.record.size)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (status == PSA_SUCCESS)
		status = store_verify(&store, &object);
	if (status != PSA_SUCCESS)
		return status;
	uint32_t rest = object.record.size - request->offset;
	uint32_t size = msg->out_size[0] < rest ? (uint32_t)msg->out_size[0] : rest;
	for (uint32_t done = 0, step; done < size; done += step) {
		const uint8_t *bytes;
		step = size - done;
		status = store_read(&store, &object, request->offset + done, &bytes, &step);
		if (status != PSA_SUCCESS)
			return status;
		psa_write(msg->handle, 0, bytes, step);
	}
	return PSA_SUCCESS;
}

static psa_status_t get_info(const psa_msg_t *msg, const struct merlon_its_request *request)
{
	struct store_object object;
	psa_status_t status = store_find(&store, msg->client_id, request->uid, &object);
	if (status != PSA_SUCCESS)
		return status;
	struct merlon_its_info info = { object.record.size, object.record.flags };
	if (msg->out_size[0] < sizeof info)
		return PSA_ERROR_BUFFER_TOO_SMALL;
	psa_write(msg->handle, 0, &info, sizeof info);
	return PSA_SUCCESS;
}

static psa_status_t remove(const psa_msg_t *msg, const struct merlon_its_request *request)
{
	return store_remove(&store, msg->client_id, request->uid);
}

psa_status_t internal_trusted_storage_sfn(const psa_msg_t *msg)
{
	static psa_status_t (*const calls[])(const psa_msg_t *msg, const struct merlon_its_request *request) = {
		[MERLON_ITS_SET] = set,
		[MERLON_ITS_GET] = get,
		[MERLON_ITS_GET_INFO] = get_info,
		[MERLON_ITS_REMOVE] = remove,
	};
	struct merlon_its_request request;
	if (msg->type < MERLON_ITS_SET || msg->type > MERLON_ITS_REMOVE)
		return PSA_ERROR_NOT_SUPPORTED;
	if (psa_read(msg->handle, 0, &request, sizeof request) != sizeof request || request.uid == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return calls[msg->type](msg, &request);
}
