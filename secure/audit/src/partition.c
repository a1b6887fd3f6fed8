/* SPDX-License-Identifier: Apache-2.0 */
/* The partition as the manifest names it: start and service function. */
#include "audit_log.h"
#include "audit_start.h"
#include <string.h>

static struct audit_log audit_log;
static struct audit_boot this_boot;
static const struct medium *area;

/* What the log said when it was opened; with another than PSA_SUCCESS each call opens it anew. */
static psa_status_t state = PSA_ERROR_BAD_STATE;

void audit_configure(const struct medium *medium, const struct audit_boot *boot)
{
	area = medium;
	this_boot = *boot;
	state = PSA_ERROR_BAD_STATE;
}

static psa_status_t get_ready(void)
{
	if (state == PSA_SUCCESS)
		return PSA_SUCCESS;
	state = audit_log_open(&audit_log, area);
	if (state == PSA_SUCCESS)
		state = audit_start_add(&audit_log, &this_boot);
	return state;
}

psa_status_t audit_init(void)
{
	psa_status_t status = get_ready();
	return status == PSA_ERROR_INVALID_ARGUMENT ? status : PSA_SUCCESS;
}

static psa_status_t read_record(const psa_msg_t *msg, const struct merlon_audit_record *in)
{
	struct merlon_audit_record record;
	psa_status_t status = audit_log_read(&audit_log, in->sequence, &record);
	if (status == PSA_SUCCESS || status == PSA_ERROR_DATA_CORRUPT)
		psa_write(msg->handle, 0, &record, sizeof record);
	return status;
}

static psa_status_t read_state(const psa_msg_t *msg, const struct merlon_audit_record *in)
{
	(void)in;
	const struct merlon_audit_state answer = { audit_log_waiting(&audit_log), audit_log.meta.next, audit_log.meta.dropped };
	psa_write(msg->handle, 0, &answer, sizeof answer);
	return PSA_SUCCESS;
}

static psa_status_t acknowledge(const psa_msg_t *msg, const struct merlon_audit_record *in)
{
	if (msg->client_id >= 0)
		return PSA_ERROR_NOT_PERMITTED;
	return audit_log_acknowledge(&audit_log, in->sequence);
}

/* What a partition may have seen. The rest is known at the start of the device, or not at all. */
static bool is_witnessed(uint8_t kind)
{
	return kind == MERLON_AUDIT_REFUSED || kind == MERLON_AUDIT_STORAGE || kind == MERLON_AUDIT_EPOCH;
}

static psa_status_t add(const psa_msg_t *msg, const struct merlon_audit_record *in)
{
	if (msg->client_id < 0)
		return PSA_ERROR_NOT_PERMITTED;
	return is_witnessed(in->kind) ? audit_log_add(&audit_log, in) : PSA_ERROR_INVALID_ARGUMENT;
}

static const struct {
	psa_status_t (*run)(const psa_msg_t *msg, const struct merlon_audit_record *in);
	uint8_t in_size, out_size; /* exact bytes of input 0, which is a record or its first member, and of output 0 */
} calls[] = {
	[MERLON_AUDIT_READ] = { read_record, sizeof(uint32_t), sizeof(struct merlon_audit_record) },
	[MERLON_AUDIT_STATE] = { read_state, 0, sizeof(struct merlon_audit_state) },
	[MERLON_AUDIT_ACKNOWLEDGE] = { acknowledge, sizeof(uint32_t), 0 },
	[MERLON_AUDIT_ADD] = { add, sizeof(struct merlon_audit_record), 0 },
};

psa_status_t audit_sfn(const psa_msg_t *msg)
{
	struct merlon_audit_record in;
	if (msg->type < MERLON_AUDIT_READ || msg->type > MERLON_AUDIT_ADD)
		return PSA_ERROR_NOT_SUPPORTED;
	if (msg->in_size[0] != calls[msg->type].in_size || msg->out_size[0] != calls[msg->type].out_size)
		return PSA_ERROR_INVALID_ARGUMENT;
	memset(&in, 0, sizeof in);
	(void)psa_read(msg->handle, 0, &in, sizeof in);
	psa_status_t status = get_ready();
	return status == PSA_SUCCESS ? calls[msg->type].run(msg, &in) : status;
}
