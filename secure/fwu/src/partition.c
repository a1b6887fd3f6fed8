/* SPDX-License-Identifier: Apache-2.0 */
/* The partition: messages in, calls of the state machine out. Everything is copied in and measured before it is looked at. */
#include <merlon/lib/service_wire.h>
#include <merlon/secure_fwu/fwu.h>
#include <string.h>

static const struct fwu_config *config;
static struct fwu fwu;
/* What opening said; with another than PSA_SUCCESS nothing is served. */
static psa_status_t state = PSA_ERROR_BAD_STATE;

void fwu_configure(const struct fwu_config *new_config)
{
	config = new_config;
}

psa_status_t fwu_init(void)
{
	state = fwu_open(&fwu, config);
	return PSA_SUCCESS; /* an unreadable log stops updates, not the device */
}

static psa_status_t query(const psa_msg_t *msg, const struct fwu_request *request)
{
	psa_fwu_component_info_t info;
	psa_status_t status = fwu_query(&fwu, request->component, &info);
	if (status == PSA_SUCCESS)
		psa_write(msg->handle, 0, &info, sizeof info);
	return status;
}

static psa_status_t start(const psa_msg_t *msg, const struct fwu_request *request)
{
	if (msg->in_size[1] != 0)
		return PSA_ERROR_INVALID_ARGUMENT; /* the manifest is part of the image */
	return fwu_start(&fwu, msg->client_id, request->component);
}

static psa_status_t write(const psa_msg_t *msg, const struct fwu_request *request)
{
	uint8_t piece[FWU_PIECE_SIZE];
	uint32_t offset = request->offset;
	size_t size;
	psa_status_t status = fwu_write_begin(&fwu, msg->client_id, request->component, offset, msg->in_size[1]);
	while (status == PSA_SUCCESS && (size = psa_read(msg->handle, 1, piece, sizeof piece)) > 0) {
		status = fwu_write_piece(&fwu, request->component, offset, piece, size);
		offset += (uint32_t)size;
	}
	return status == PSA_SUCCESS ? fwu_write_end(&fwu, request->component, request->offset, msg->in_size[1]) : status;
}

static psa_status_t finish(const psa_msg_t *msg, const struct fwu_request *request)
{
	return fwu_finish(&fwu, msg->client_id, request->component);
}

static psa_status_t cancel(const psa_msg_t *msg, const struct fwu_request *request)
{
	return fwu_cancel(&fwu, msg->client_id, request->component);
}

static psa_status_t clean(const psa_msg_t *msg, const struct fwu_request *request)
{
	return fwu_clean(&fwu, msg->client_id, request->component);
}

static psa_status_t install(const psa_msg_t *msg, const struct fwu_request *request)
{
	(void)request;
	return fwu_install(&fwu, msg->client_id);
}

static psa_status_t reboot(const psa_msg_t *msg, const struct fwu_request *request)
{
	(void)msg, (void)request;
	config->reboot();
	return PSA_SUCCESS;
}

static psa_status_t reject(const psa_msg_t *msg, const struct fwu_request *request)
{
	psa_status_t error;
	memcpy(&error, request, sizeof error); /* the one word of vector 0 */
	return fwu_reject(&fwu, msg->client_id, error);
}

static psa_status_t accept(const psa_msg_t *msg, const struct fwu_request *request)
{
	(void)request;
	return fwu_accept(&fwu, msg->client_id);
}

static const struct {
	psa_status_t (*run)(const psa_msg_t *msg, const struct fwu_request *request);
	uint8_t in_size, out_size; /* exact bytes of the first vectors */
	bool has_data;             /* input vector 1 may be there */
} calls[FWU_CALL_COUNT] = {
	[FWU_CALL_QUERY] = { query, sizeof(struct fwu_request), sizeof(psa_fwu_component_info_t), false },
	[FWU_CALL_START] = { start, sizeof(struct fwu_request), 0, true },
	[FWU_CALL_WRITE] = { write, sizeof(struct fwu_request), 0, true },
	[FWU_CALL_FINISH] = { finish, sizeof(struct fwu_request), 0, false },
	[FWU_CALL_CANCEL] = { cancel, sizeof(struct fwu_request), 0, false },
	[FWU_CALL_CLEAN] = { clean, sizeof(struct fwu_request), 0, false },
	[FWU_CALL_INSTALL] = { install, 0, 0, false },
	[FWU_CALL_REBOOT] = { reboot, 0, 0, false },
	[FWU_CALL_REJECT] = { reject, sizeof(psa_status_t), 0, false },
	[FWU_CALL_ACCEPT] = { accept, 0, 0, false },
};

psa_status_t firmware_update_sfn(const psa_msg_t *msg)
{
	struct fwu_request request = { 0 };
	if (state != PSA_SUCCESS)
		return state;
	if (msg->type < 0 || msg->type >= FWU_CALL_COUNT)
		return PSA_ERROR_NOT_SUPPORTED;
	if (msg->in_size[0] != calls[msg->type].in_size || msg->out_size[0] != calls[msg->type].out_size ||
	    (msg->in_size[1] != 0 && !calls[msg->type].has_data))
		return PSA_ERROR_INVALID_ARGUMENT;
	(void)psa_read(msg->handle, 0, &request, sizeof request);
	return calls[msg->type].run(msg, &request);
}
