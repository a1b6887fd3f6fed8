/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

/* The numbers are the format. The argument of each unit is the component. */
enum unit_type {
	UNIT_STATE = 1,     /* value: state, set << 8; READY forgets everything, WRITING all but the owner */
	UNIT_OWNER_LOW = 2, /* value: half of the client's identity */
	UNIT_OWNER_HIGH = 3,
	UNIT_ERROR_LOW = 4, /* value: half of the error */
	UNIT_ERROR_HIGH = 5,
	UNIT_REFUSAL = 6, /* value: enum refusal */
	UNIT_SECTORS = 7, /* value: committed sectors */
};

static int32_t with_low(int32_t word, uint16_t half)
{
	return (int32_t)(((uint32_t)word & 0xffff0000u) | half);
}

static int32_t with_high(int32_t word, uint16_t half)
{
	return (int32_t)(((uint32_t)word & 0xffffu) | (uint32_t)half << 16);
}

static bool apply_state(struct fwu_record *record, uint16_t value)
{
	uint8_t state = (uint8_t)value, set = (uint8_t)(value >> 8);
	bool known = state <= PSA_FWU_FAILED;
	if (!known || (state == PSA_FWU_STAGED) != (set != 0))
		return false;
	if (state == PSA_FWU_READY)
		*record = (struct fwu_record) { 0 };
	if (state == PSA_FWU_WRITING)
		*record = (struct fwu_record) { .owner = record->owner };
	record->state = state;
	record->set = set;
	return true;
}

static bool apply(void *context, const struct log_unit *unit)
{
	if (unit->argument >= IMAGE_COUNT)
		return false;
	struct fwu_record *record = &((struct fwu_record *)context)[unit->argument];
	switch (unit->type) {
	case UNIT_STATE:
		return apply_state(record, unit->value);
	case UNIT_OWNER_LOW:
		record->owner = with_low(record->owner, unit->value);
		return true;
	case UNIT_OWNER_HIGH:
		record->owner = with_high(record->owner, unit->value);
		return true;
	case UNIT_ERROR_LOW:
		record->error = with_low(record->error, unit->value);
		return true;
	case UNIT_ERROR_HIGH:
		record->error = with_high(record->error, unit->value);
		return true;
	case UNIT_REFUSAL:
		if (unit->value >= REFUSAL_COUNT)
			return false;
		record->refusal = (uint8_t)unit->value;
		return true;
	case UNIT_SECTORS:
		if (unit->value > FWU_SECTOR_MAX)
			return false;
		record->sectors = unit->value;
		return true;
	default:
		return false;
	}
}

static struct log_unit state_unit(uint8_t component, const struct fwu_record *record)
{
	return (struct log_unit) { UNIT_STATE, component, (uint16_t)(record->state | record->set << 8) };
}

/* What a record holds beside its state, in units. @return their count, at most 6. */
static unsigned details(uint8_t component, const struct fwu_record *record, struct log_unit *units)
{
	unsigned count = 0;
	units[count++] = (struct log_unit) { UNIT_OWNER_LOW, component, (uint16_t)record->owner };
	units[count++] = (struct log_unit) { UNIT_OWNER_HIGH, component, (uint16_t)((uint32_t)record->owner >> 16) };
	units[count++] = (struct log_unit) { UNIT_ERROR_LOW, component, (uint16_t)record->error };
	units[count++] = (struct log_unit) { UNIT_ERROR_HIGH, component, (uint16_t)((uint32_t)record->error >> 16) };
	units[count++] = (struct log_unit) { UNIT_REFUSAL, component, record->refusal };
	if (record->sectors > 0)
		units[count++] = (struct log_unit) { UNIT_SECTORS, component, record->sectors };
	return count;
}

/* A log that was never written holds this, and no unit stands for it. */
static bool is_beginning(const struct fwu_record *record)
{
	return record->state == PSA_FWU_READY && record->owner == 0 && record->error == PSA_SUCCESS &&
	       record->refusal == REFUSAL_NONE && record->sectors == 0;
}

static unsigned snapshot(const void *context, struct log_unit units[LOG_SNAPSHOT_MAX])
{
	const struct fwu_record *records = context;
	unsigned count = 0;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		if (is_beginning(&records[i]))
			continue;
		units[count++] = state_unit(i, &records[i]);
		count += details(i, &records[i], units + count);
	}
	return count;
}

static const struct log_client client = { .apply = apply, .snapshot = snapshot };

static psa_status_t open(struct fwu *fwu)
{
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		fwu->records[i] = (struct fwu_record) { .state = PSA_FWU_READY };
	return log_open(&fwu->log, fwu->config->state, &client, fwu->records);
}

/* A log that makes no sense any more is given up: what is safe to run the journal knows, and here only transfers are lost. Otherwise a
 * few bad bits would end all updates for ever. */
psa_status_t record_open(struct fwu *fwu)
{
	psa_status_t status = open(fwu);
	if (status == PSA_ERROR_DATA_CORRUPT) {
		status = medium_erase(fwu->config->state, 0, fwu->config->state->size);
		if (status == PSA_SUCCESS)
			status = open(fwu);
	}
	return status == PSA_SUCCESS ? log_settle(&fwu->log) : status;
}

psa_status_t record_write(struct fwu *fwu, uint8_t component, const struct fwu_record *record)
{
	struct log_unit units[LOG_SNAPSHOT_MAX];
	struct fwu_record wanted = *record; /* may be the very record that the units below change */
	/* READY and WRITING begin empty: only the owner is worth a unit, and comes before the state, which keeps it. */
	unsigned count = wanted.state == PSA_FWU_READY ? 0 : details(component, &wanted, units);
	if (wanted.state == PSA_FWU_WRITING)
		count = 2;
	psa_status_t status = PSA_SUCCESS;
	for (unsigned i = 0; i < count && status == PSA_SUCCESS; i++)
		status = log_append(&fwu->log, &units[i]);
	struct log_unit decides = state_unit(component, &wanted);
	if (status == PSA_SUCCESS)
		status = log_append(&fwu->log, &decides);
	return status == PSA_SUCCESS ? log_seal(&fwu->log) : status;
}

psa_status_t record_progress(struct fwu *fwu, uint8_t component, uint16_t sectors)
{
	struct log_unit unit = { UNIT_SECTORS, component, sectors };
	return log_append(&fwu->log, &unit);
}
