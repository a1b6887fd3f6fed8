/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_start.h"
#include <merlon/lib/le.h>
#include <string.h>

/* An entry that BL2 left out is no error. */
static psa_status_t optional(psa_status_t status)
{
	return status == PSA_ERROR_DOES_NOT_EXIST ? PSA_SUCCESS : status;
}

static psa_status_t read_refusals(struct audit_boot *boot, const uint8_t *handover, uint16_t handover_size)
{
	psa_status_t status = PSA_SUCCESS;
	for (unsigned i = 0; i < HANDOVER_REFUSAL_MAX && status == PSA_SUCCESS; i++) {
		status = handover_find_refusal(handover, handover_size, i, &boot->refusals[i]);
		if (status == PSA_SUCCESS)
			boot->refusal_count = (uint8_t)(i + 1);
	}
	return optional(status);
}

static psa_status_t read_state(struct audit_boot *boot, const uint8_t *handover, uint16_t handover_size)
{
	const uint8_t *data;
	uint16_t size;
	psa_status_t status = handover_find_u32(handover, handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE),
						&boot->lifecycle);
	if (status == PSA_SUCCESS)
		status = handover_find(handover, handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), &data,
				       &size);
	if (status == PSA_SUCCESS && size != 4 * IMAGE_COUNT)
		status = PSA_ERROR_DATA_INVALID;
	for (unsigned i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		boot->counters[i] = le32_load(data + 4 * i);
	boot->has_state = status == PSA_SUCCESS;
	return optional(status);
}

/* Causes that are about the Secure world: it stopped itself, or its memory was touched. */
static psa_status_t read_cause(struct audit_boot *boot, const uint8_t *handover, uint16_t handover_size)
{
	uint32_t cause;
	psa_status_t status =
		handover_find_u32(handover, handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), &cause);
	if (status != PSA_SUCCESS)
		return optional(status);
	boot->has_panic = cause == RESET_CAUSE_PANIC || cause == RESET_CAUSE_SECURE_FAULT;
	boot->panic.cause = boot->has_panic ? cause : 0;
	return PSA_SUCCESS;
}

psa_status_t audit_boot_read(struct audit_boot *boot, const uint8_t *handover, uint16_t handover_size)
{
	memset(boot, 0, sizeof *boot);
	psa_status_t refusals = read_refusals(boot, handover, handover_size);
	psa_status_t state = read_state(boot, handover, handover_size);
	psa_status_t cause = read_cause(boot, handover, handover_size);
	return refusals == PSA_SUCCESS && state == PSA_SUCCESS ? cause : PSA_ERROR_DATA_INVALID;
}

/* That the log is full is counted there; what counts here is whether it works. */
static psa_status_t add(struct audit_log *log, enum merlon_audit_kind kind, const void *data, size_t size)
{
	struct merlon_audit_record record;
	memset(&record, 0, sizeof record);
	record.kind = (uint8_t)kind;
	memcpy(record.data.bytes, data, size);
	psa_status_t status = audit_log_add(log, &record);
	return status == PSA_ERROR_INSUFFICIENT_STORAGE ? PSA_SUCCESS : status;
}

static psa_status_t add_refusals(struct audit_log *log, const struct audit_boot *boot)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < boot->refusal_count && status == PSA_SUCCESS; i++) {
		const struct handover_refusal *from = &boot->refusals[i];
		struct merlon_audit_refused refused = { .code = from->code,
							.image = from->image,
							.major = from->version.major,
							.minor = from->version.minor,
							.revision = from->version.revision,
							.build = from->version.build };
		memcpy(refused.digest_prefix, from->digest, sizeof refused.digest_prefix);
		status = add(log, MERLON_AUDIT_REFUSED, &refused, sizeof refused);
	}
	return status;
}

static psa_status_t add_change(struct audit_log *log, enum merlon_audit_kind kind, uint32_t which, uint32_t from, uint32_t to)
{
	const struct merlon_audit_change change = { which, from, to };
	return from != to ? add(log, kind, &change, sizeof change) : PSA_SUCCESS;
}

/* The records first: a cut in between brings them once more, and what equals the newest is not kept twice. */
static psa_status_t add_state(struct audit_log *log, const struct audit_boot *boot)
{
	struct audit_meta *meta = &log->meta;
	psa_status_t status = PSA_SUCCESS;
	if (!boot->has_state || (meta->has_state && meta->lifecycle == boot->lifecycle &&
				 memcmp(meta->counters, boot->counters, sizeof meta->counters) == 0))
		return PSA_SUCCESS;
	if (meta->has_state)
		status = add_change(log, MERLON_AUDIT_LIFECYCLE, 0, meta->lifecycle, boot->lifecycle);
	for (uint32_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS && meta->has_state; i++)
		status = add_change(log, MERLON_AUDIT_COUNTER, i, meta->counters[i], boot->counters[i]);
	if (status != PSA_SUCCESS)
		return status;
	meta->has_state = true;
	meta->lifecycle = boot->lifecycle;
	memcpy(meta->counters, boot->counters, sizeof meta->counters);
	return audit_log_save(log);
}

psa_status_t audit_start_add(struct audit_log *log, const struct audit_boot *boot)
{
	psa_status_t status = add_refusals(log, boot);
	if (status == PSA_SUCCESS && boot->has_panic)
		status = add(log, MERLON_AUDIT_PANIC, &boot->panic, sizeof boot->panic);
	return status == PSA_SUCCESS ? add_state(log, boot) : status;
}
