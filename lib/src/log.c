/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/log.h>
#include <merlon/lib/mem.h>

enum { SEAL = 0x80, TYPE_HEADER = 0, ORDINAL_MASK = 15, READ_TRIES = 3, WRITE_TRIES = 3 };

enum reading { READING_BLANK, READING_TORN, READING_VALID };

/** A unit as it lies in flash. The header's ordinal is the number of snapshot units behind it, its value the sequence. */
struct cell {
	struct log_unit unit;
	uint8_t ordinal;
	bool seal;
};

static uint32_t half_size(const struct log *log)
{
	return log->medium->size / 2;
}

static void cell_encode(const struct cell *cell, uint16_t sequence, uint8_t out[LOG_UNIT_SIZE])
{
	uint8_t salt[2];
	out[0] = (uint8_t)(cell->unit.type | (cell->seal ? SEAL : 0));
	out[1] = (uint8_t)((cell->ordinal & ORDINAL_MASK) << 4 | (cell->unit.argument & LOG_ARGUMENT_MAX));
	le16_store(out + 2, cell->unit.value);
	le16_store(salt, cell->unit.type == TYPE_HEADER ? cell->unit.value : sequence);
	le32_store(out + 4, crc32_update(crc32_update(0, salt, sizeof salt), out, 4));
}

static enum reading cell_decode(const uint8_t raw[LOG_UNIT_SIZE], uint16_t sequence, struct cell *cell)
{
	uint8_t again[LOG_UNIT_SIZE];
	if (mem_is_filled(raw, 0xff, LOG_UNIT_SIZE))
		return READING_BLANK;
	*cell = (struct cell) {
		.unit = { .type = raw[0] & LOG_TYPE_MAX, .argument = raw[1] & LOG_ARGUMENT_MAX, .value = le16_load(raw + 2) },
		.ordinal = raw[1] >> 4,
		.seal = (raw[0] & SEAL) != 0
	};
	cell_encode(cell, sequence, again);
	return mem_equal(raw, again, LOG_UNIT_SIZE) ? READING_VALID : READING_TORN;
}

static enum reading cell_read(const struct log *log, uint8_t half, uint32_t offset, uint16_t sequence, struct cell *cell)
{
	enum reading reading = READING_TORN;
	for (unsigned i = 0; i < READ_TRIES && reading == READING_TORN; i++) {
		uint8_t raw[LOG_UNIT_SIZE];
		if (medium_read(log->medium, half * half_size(log) + offset, raw, sizeof raw) == PSA_SUCCESS)
			reading = cell_decode(raw, sequence, cell);
	}
	return reading;
}

static psa_status_t cell_write(const struct log *log, uint8_t half, uint32_t offset, uint16_t sequence, const struct cell *cell)
{
	uint8_t raw[LOG_UNIT_SIZE], back[LOG_UNIT_SIZE];
	uint32_t place = half * half_size(log) + offset;
	cell_encode(cell, sequence, raw);
	psa_status_t status = medium_program(log->medium, place, raw, sizeof raw);
	if (status == PSA_SUCCESS)
		status = medium_read(log->medium, place, back, sizeof back);
	if (status != PSA_SUCCESS)
		return status;
	return mem_equal(raw, back, sizeof raw) ? PSA_SUCCESS : PSA_ERROR_STORAGE_FAILURE;
}

/** What one half looks like from outside. */
struct probe {
	bool valid;  /* a header, or its twin, can be read */
	bool sealed; /* something valid was written behind the snapshot: the header had been programmed completely */
	bool blank;  /* nothing is programmed beyond the header's place: a first header, torn, looks like this */
	uint16_t sequence;
	struct cell header;
};

static struct probe half_probe(const struct log *log, uint8_t half)
{
	struct probe probe = { .blank = true };
	struct cell cell;
	/* The header's twin lies behind the snapshot and stands in for it. */
	for (uint32_t i = 0; i <= LOG_SNAPSHOT_MAX + 1 && !probe.valid; i++) {
		probe.valid = cell_read(log, half, i * LOG_UNIT_SIZE, 0, &cell) == READING_VALID && cell.unit.type == TYPE_HEADER;
		if (probe.valid)
			probe.header = cell;
	}
	probe.sequence = probe.header.unit.value;
	for (uint32_t offset = LOG_UNIT_SIZE; offset < half_size(log); offset += LOG_UNIT_SIZE) {
		enum reading reading = cell_read(log, half, offset, probe.sequence, &cell);
		probe.blank = probe.blank && reading == READING_BLANK;
		if (reading == READING_VALID && offset > (uint32_t)probe.header.ordinal * LOG_UNIT_SIZE)
			probe.sealed = probe.valid;
	}
	return probe;
}

static bool is_newer(const struct probe *a, const struct probe *b)
{
	if (a->valid != b->valid)
		return a->valid;
	if (a->sealed != b->sealed)
		return a->sealed; /* an unsealed half holds nothing that the other does not */
	return (int16_t)(a->sequence - b->sequence) > 0;
}

static bool is_same(const struct log_unit *a, const struct log_unit *b)
{
	return a->type == b->type && a->argument == b->argument && a->value == b->value;
}

/* `*waiting`: the last unit has not been applied yet, because a later one may still void it. */
static bool fold_cell(struct log *log, const struct cell *cell, bool *waiting)
{
	switch ((uint8_t)(cell->ordinal - log->ordinal) & ORDINAL_MASK) {
	case 1: /* the next one; a seal whose first copy cannot be read serves as well */
		if (cell->unit.type == TYPE_HEADER || (*waiting && !log->client->apply(log->context, &log->last)))
			return false;
		*waiting = true;
		log->sealed = false;
		break;
	case 0: /* a seal, or the same place in the sequence written again by a boot that did not see or not trust the first */
		if (cell->unit.type == TYPE_HEADER ? cell->seal : is_same(&cell->unit, &log->last)) {
			log->sealed = log->sealed || cell->seal;
			return true;
		}
		if (log->sealed || !*waiting || cell->unit.type == TYPE_HEADER)
			return false;
		break;
	case ORDINAL_MASK: /* a boot that did not see the last unit wrote the one before again: the last is void */
		if (!*waiting || log->sealed)
			return false;
		*waiting = false;
		log->sealed = cell->seal;
		break;
	default: /* units are missing in between */
		return false;
	}
	log->ordinal = cell->ordinal & ORDINAL_MASK;
	log->last = cell->unit;
	return true;
}

static psa_status_t fold(struct log *log, const struct probe *probe)
{
	bool waiting = false;
	log->exists = true;
	log->tentative = !probe->sealed;
	log->sequence = probe->sequence;
	log->last = probe->header.unit;
	log->sealed = probe->header.ordinal == 0 && probe->sealed;
	log->next = LOG_UNIT_SIZE;
	for (uint32_t offset = LOG_UNIT_SIZE; offset < half_size(log); offset += LOG_UNIT_SIZE) {
		struct cell cell;
		enum reading reading = cell_read(log, log->half, offset, log->sequence, &cell);
		if (reading == READING_BLANK)
			continue;
		log->next = offset + LOG_UNIT_SIZE;
		log->dirty = reading == READING_TORN;
		if (reading == READING_VALID && !fold_cell(log, &cell, &waiting))
			return PSA_ERROR_DATA_CORRUPT;
	}
	return waiting && !log->client->apply(log->context, &log->last) ? PSA_ERROR_DATA_CORRUPT : PSA_SUCCESS;
}

psa_status_t log_open(struct log *log, const struct medium *medium, const struct log_client *client, void *context)
{
	*log = (struct log) { .medium = medium, .client = client, .context = context };
	if (medium->write_size == 0 || LOG_UNIT_SIZE % medium->write_size != 0 || medium->erase_size == 0 || medium->size == 0 ||
	    medium->size % (2 * medium->erase_size) != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	const struct probe probes[2] = { half_probe(log, 0), half_probe(log, 1) };
	log->half = is_newer(&probes[1], &probes[0]);
	if (probes[log->half].valid) {
		psa_status_t status = fold(log, &probes[log->half]);
		log->settled = log->sealed;
		return status;
	}
	return probes[0].blank && probes[1].blank ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

static bool half_is_blank(const struct log *log, uint8_t half)
{
	for (uint32_t offset = 0; offset < half_size(log); offset += LOG_UNIT_SIZE) {
		struct cell cell;
		if (cell_read(log, half, offset, 0, &cell) != READING_BLANK)
			return false;
	}
	return true;
}

/* Snapshot first, header last: until the header is whole, the other half is the newest. Then the header's twin seals it. */
static psa_status_t rotate(struct log *log)
{
	struct log_unit units[LOG_SNAPSHOT_MAX];
	uint8_t half = log->exists ? !log->half : 0;
	uint16_t sequence = (uint16_t)(log->sequence + 1);
	unsigned count = log->client->snapshot(log->context, units);
	psa_status_t status = PSA_SUCCESS;

	if (log->exists || !half_is_blank(log, half))
		status = medium_erase(log->medium, half * half_size(log), half_size(log));
	for (unsigned i = 0; i < count && status == PSA_SUCCESS; i++) {
		struct cell cell = { .unit = units[i], .ordinal = (uint8_t)(i + 1) };
		status = cell_write(log, half, (i + 1) * LOG_UNIT_SIZE, sequence, &cell);
	}
	struct cell header = { .unit = { .type = TYPE_HEADER, .value = sequence }, .ordinal = (uint8_t)count };
	if (status == PSA_SUCCESS)
		status = cell_write(log, half, 0, sequence, &header);
	header.seal = true;
	if (status == PSA_SUCCESS)
		status = cell_write(log, half, (count + 1) * LOG_UNIT_SIZE, sequence, &header);
	if (status != PSA_SUCCESS)
		return status;
	log->half = half;
	log->sequence = sequence;
	log->ordinal = (uint8_t)count;
	log->last = count > 0 ? units[count - 1] : header.unit;
	log->next = (count + 2) * LOG_UNIT_SIZE;
	log->exists = log->sealed = log->settled = true;
	log->tentative = log->dirty = false;
	return PSA_SUCCESS;
}

/* A place that fails is left behind: what may appear in it later carries the same ordinal and content. */
static psa_status_t write_next(struct log *log, const struct cell *cell)
{
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < WRITE_TRIES && status != PSA_SUCCESS && log->next < half_size(log); i++) {
		status = cell_write(log, log->half, log->next, log->sequence, cell);
		log->next += LOG_UNIT_SIZE;
	}
	log->dirty = status != PSA_SUCCESS;
	return status;
}

static bool is_full(const struct log *log)
{
	return log->next >= half_size(log);
}

psa_status_t log_settle(struct log *log)
{
	if (!log->exists || (log->settled && !log->dirty))
		return PSA_SUCCESS;
	if (log->tentative || is_full(log))
		return rotate(log);
	struct cell cell = { .unit = log->last, .ordinal = log->ordinal, .seal = log->settled };
	psa_status_t status = write_next(log, &cell);
	log->settled = log->settled || status == PSA_SUCCESS;
	return status;
}

psa_status_t log_append(struct log *log, const struct log_unit *unit)
{
	psa_status_t status = log_settle(log);
	if (status == PSA_SUCCESS && (!log->exists || is_full(log)))
		status = rotate(log);
	if (status != PSA_SUCCESS)
		return status;
	struct cell cell = { .unit = *unit, .ordinal = (log->ordinal + 1) & ORDINAL_MASK };
	status = write_next(log, &cell);
	if (status != PSA_SUCCESS)
		return status;
	log->ordinal = cell.ordinal;
	log->last = *unit;
	log->sealed = false;
	log->settled = true;
	return log->client->apply(log->context, unit) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t log_seal(struct log *log)
{
	psa_status_t status = log_settle(log);
	if (status != PSA_SUCCESS || !log->exists || log->sealed)
		return status;
	if (is_full(log))
		return rotate(log);
	struct cell cell = { .unit = log->last, .ordinal = log->ordinal, .seal = true };
	status = write_next(log, &cell);
	log->sealed = status == PSA_SUCCESS;
	return status;
}

psa_status_t log_reserve(struct log *log, uint32_t count)
{
	struct log_unit units[LOG_SNAPSHOT_MAX];
	uint32_t capacity = half_size(log) / LOG_UNIT_SIZE;
	uint32_t overhead = 2 + log->client->snapshot(log->context, units);
	bool fits = log->exists && !log->tentative && count <= capacity - log->next / LOG_UNIT_SIZE;
	return fits || count > capacity - overhead ? PSA_SUCCESS : rotate(log);
}
