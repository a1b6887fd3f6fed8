/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/log.h>

/*
 * A unit in hand is its first four bytes, the head: type (bits 0-6), SEAL (7), argument (8-11), ordinal (12-15), value (16-31). The
 * header's ordinal is the number of snapshot units behind it, its value the sequence.
 */
enum { SEAL = 0x80, TYPE_MASK = 0x7f, TYPE_HEADER = 0, ORDINAL_MASK = 15, READ_TRIES = 3, WRITE_TRIES = 3 };

enum reading { READING_BLANK, READING_TORN, READING_VALID };

static uint32_t half_size(const struct log *log)
{
	return log->medium->size / 2;
}

static uint32_t head_of(const struct log_unit *unit, uint32_t ordinal)
{
	return unit->type | (unit->argument & LOG_ARGUMENT_MAX) << 8 | (ordinal & ORDINAL_MASK) << 12 | (uint32_t)unit->value << 16;
}

static uint32_t ordinal_of(uint32_t head)
{
	return head >> 12 & ORDINAL_MASK;
}

static bool is_header(uint32_t head)
{
	return (head & TYPE_MASK) == TYPE_HEADER;
}

/* The header's sequence is its own: it can be checked before anything is known. */
static uint32_t check_of(uint32_t head, uint32_t sequence)
{
	uint8_t bytes[6];
	le32_store(bytes, head);
	le16_store(bytes + 4, (uint16_t)(is_header(head) ? head >> 16 : sequence));
	return crc32_update(0, bytes, sizeof bytes);
}

static enum reading unit_read(const struct log *log, uint32_t half, uint32_t offset, uint32_t sequence, uint32_t *head)
{
	enum reading reading = READING_TORN;
	for (unsigned i = 0; i < READ_TRIES && reading == READING_TORN; i++) {
		uint8_t raw[LOG_UNIT_SIZE];
		if (medium_read(log->medium, half * half_size(log) + offset, raw, sizeof raw) != PSA_SUCCESS)
			continue;
		*head = le32_load(raw);
		uint32_t check = le32_load(raw + 4);
		if ((*head & check) == UINT32_MAX)
			reading = READING_BLANK;
		else if (check == check_of(*head, sequence))
			reading = READING_VALID;
	}
	return reading;
}

static psa_status_t unit_write(const struct log *log, uint32_t half, uint32_t offset, uint32_t sequence, uint32_t head)
{
	uint8_t raw[LOG_UNIT_SIZE];
	uint32_t back;
	le32_store(raw, head);
	le32_store(raw + 4, check_of(head, sequence));
	psa_status_t status = medium_program(log->medium, half * half_size(log) + offset, raw, sizeof raw);
	if (status == PSA_SUCCESS && (unit_read(log, half, offset, sequence, &back) != READING_VALID || back != head))
		status = PSA_ERROR_STORAGE_FAILURE;
	return status;
}

/** What one half looks like from outside. */
struct probe {
	bool valid;  /* a header, or its twin, can be read */
	bool sealed; /* something valid was written behind the snapshot: the header had been programmed completely */
	bool blank;  /* nothing is programmed beyond the header's place: a first header, torn, looks like this */
	uint32_t header;
};

static struct probe half_probe(const struct log *log, uint32_t half)
{
	struct probe probe = { .blank = true };
	uint32_t head;
	/* The header's twin lies behind the snapshot and stands in for it. */
	for (uint32_t i = 0; i <= LOG_SNAPSHOT_MAX + 1 && i * LOG_UNIT_SIZE < half_size(log) && !probe.valid; i++)
		probe.valid = unit_read(log, half, i * LOG_UNIT_SIZE, 0, &probe.header) == READING_VALID && is_header(probe.header);
	for (uint32_t offset = LOG_UNIT_SIZE; offset < half_size(log); offset += LOG_UNIT_SIZE) {
		enum reading reading = unit_read(log, half, offset, probe.header >> 16, &head);
		probe.blank = probe.blank && reading == READING_BLANK;
		if (probe.valid && reading == READING_VALID && offset > ordinal_of(probe.header) * LOG_UNIT_SIZE)
			probe.sealed = true;
	}
	return probe;
}

static bool is_later(const struct probe *a, const struct probe *b)
{
	return (int16_t)((a->header >> 16) - (b->header >> 16)) > 0;
}

static bool is_newer(const struct probe *a, const struct probe *b)
{
	if (a->valid != b->valid)
		return a->valid;
	if (a->sealed != b->sealed)
		return a->sealed; /* an unsealed half holds nothing that the other does not */
	return is_later(a, b);
}

static bool apply(const struct log *log, uint32_t head)
{
	struct log_unit unit = { head & TYPE_MASK, head >> 8 & LOG_ARGUMENT_MAX, (uint16_t)(head >> 16) };
	return log->client->apply(log->context, &unit);
}

/* `*waiting`: the last unit has not been applied yet, because a later one may still void it. `twin`: the header, sealed. */
static bool fold_unit(struct log *log, uint32_t head, uint32_t twin, bool *waiting)
{
	bool seal = (head & SEAL) != 0;
	if (is_header(head) && head != twin)
		return false;
	switch ((ordinal_of(head) - ordinal_of(log->last)) & ORDINAL_MASK) {
	case 1: /* the next one; a seal whose first copy cannot be read serves as well */
		if (is_header(head) || (*waiting && !apply(log, log->last)))
			return false;
		*waiting = true;
		log->sealed = false;
		break;
	case 0: /* a seal, or the same place in the sequence written again by a boot that did not see or not trust the first */
		if (is_header(head) || ((head ^ log->last) & ~(uint32_t)SEAL) == 0) {
			log->sealed = log->sealed || seal;
			return true;
		}
		if (log->sealed || !*waiting)
			return false;
		break;
	case ORDINAL_MASK: /* a boot that did not see the last unit wrote the one before again: the last is void */
		if (!*waiting || log->sealed)
			return false;
		*waiting = false;
		log->sealed = seal;
		break;
	default: /* units are missing in between */
		return false;
	}
	log->last = head & ~(uint32_t)SEAL;
	return true;
}

static psa_status_t fold(struct log *log, const struct probe *probe)
{
	bool waiting = false;
	log->exists = true;
	log->tentative = !probe->sealed;
	log->sequence = (uint16_t)(probe->header >> 16);
	/* Before the snapshot there is ordinal 0. Where there is no snapshot that is the header's. */
	log->last = ordinal_of(probe->header) == 0 ? probe->header & ~(uint32_t)SEAL : 0;
	log->sealed = ordinal_of(probe->header) == 0 && probe->sealed;
	log->next = LOG_UNIT_SIZE;
	for (uint32_t offset = LOG_UNIT_SIZE, head; offset < half_size(log); offset += LOG_UNIT_SIZE) {
		enum reading reading = unit_read(log, log->half, offset, log->sequence, &head);
		if (reading == READING_BLANK)
			continue;
		log->next = offset + LOG_UNIT_SIZE;
		log->dirty = reading == READING_TORN;
		if (reading == READING_VALID && !fold_unit(log, head, probe->header | SEAL, &waiting))
			return PSA_ERROR_DATA_CORRUPT;
	}
	log->settled = log->sealed;
	return waiting && !apply(log, log->last) ? PSA_ERROR_DATA_CORRUPT : PSA_SUCCESS;
}

psa_status_t log_open(struct log *log, const struct medium *medium, const struct log_client *client, void *context)
{
	*log = (struct log) { .medium = medium, .client = client, .context = context };
	if (medium->write_size == 0 || LOG_UNIT_SIZE % medium->write_size != 0 || medium->erase_size == 0 || medium->size == 0 ||
	    medium->size % (2 * medium->erase_size) != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	const struct probe probes[2] = { half_probe(log, 0), half_probe(log, 1) };
	log->half = is_newer(&probes[1], &probes[0]);
	log->rival = probes[!log->half].valid && is_later(&probes[!log->half], &probes[log->half]);
	if (probes[log->half].valid)
		return fold(log, &probes[log->half]);
	return probes[0].blank && probes[1].blank ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

/* Snapshot first, header last: until the header is whole, the other half is the newest. Then the header's twin seals it. */
static psa_status_t rotate(struct log *log)
{
	struct log_unit units[LOG_SNAPSHOT_MAX];
	uint32_t half = log->exists ? !log->half : 0, sequence = (uint16_t)(log->sequence + 1);
	unsigned count = log->client->snapshot(log->context, units);
	uint32_t header = head_of(&(struct log_unit) { TYPE_HEADER, 0, (uint16_t)sequence }, count), last = header;
	/* Also where it reads as blank: an erase that was cut may look like one that was not. */
	psa_status_t status = medium_erase(log->medium, half * half_size(log), half_size(log));
	for (unsigned i = 0; i < count && status == PSA_SUCCESS; i++) {
		last = head_of(&units[i], i + 1);
		status = unit_write(log, half, (i + 1) * LOG_UNIT_SIZE, sequence, last);
	}
	if (status == PSA_SUCCESS)
		status = unit_write(log, half, 0, sequence, header);
	if (status == PSA_SUCCESS)
		status = unit_write(log, half, (count + 1) * LOG_UNIT_SIZE, sequence, header | SEAL);
	if (status != PSA_SUCCESS)
		return status;
	log->half = (uint8_t)half;
	log->sequence = (uint16_t)sequence;
	log->last = last;
	log->next = (count + 2) * LOG_UNIT_SIZE;
	log->exists = log->sealed = log->settled = true;
	log->tentative = log->dirty = log->rival = false;
	return PSA_SUCCESS;
}

static bool is_full(const struct log *log)
{
	return log->next >= half_size(log);
}

/*
 * Write a unit, or with NULL the last one again. Where a half is full or was never sealed, the other one is begun; that makes the
 * last unit stand by itself. A place that fails is left behind: what may appear in it later carries the same ordinal and content.
 */
static psa_status_t put(struct log *log, const struct log_unit *unit, uint32_t seal)
{
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < WRITE_TRIES && status != PSA_SUCCESS; i++) {
		if (!log->exists || log->tentative || is_full(log)) {
			status = rotate(log);
			if (status != PSA_SUCCESS || unit == NULL)
				return status;
		}
		uint32_t head = unit != NULL ? head_of(unit, ordinal_of(log->last) + 1) : log->last | seal;
		status = unit_write(log, log->half, log->next, log->sequence, head);
		log->next += LOG_UNIT_SIZE;
		log->dirty = status != PSA_SUCCESS;
		if (status != PSA_SUCCESS)
			continue;
		log->last = head & ~(uint32_t)SEAL;
		log->sealed = (head & SEAL) != 0;
		log->settled = true;
	}
	return status;
}

/* The seal of the other half's header was being programmed when power went. Next time it might read, and that half would be the newest. */
static psa_status_t drop_rival(struct log *log)
{
	psa_status_t status = log->rival ? medium_erase(log->medium, !log->half * half_size(log), half_size(log)) : PSA_SUCCESS;
	log->rival = log->rival && status != PSA_SUCCESS;
	return status;
}

psa_status_t log_settle(struct log *log)
{
	psa_status_t status = drop_rival(log);
	if (status != PSA_SUCCESS)
		return status;
	if (!log->exists || (log->settled && !log->dirty))
		return PSA_SUCCESS;
	return put(log, NULL, log->settled ? SEAL : 0);
}

psa_status_t log_append(struct log *log, const struct log_unit *unit)
{
	psa_status_t status = log_settle(log);
	if (status == PSA_SUCCESS)
		status = put(log, unit, 0);
	if (status != PSA_SUCCESS)
		return status;
	return apply(log, log->last) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

psa_status_t log_seal(struct log *log)
{
	psa_status_t status = log_settle(log);
	return status != PSA_SUCCESS || !log->exists || log->sealed ? status : put(log, NULL, SEAL);
}

psa_status_t log_reserve(struct log *log, uint32_t count)
{
	struct log_unit units[LOG_SNAPSHOT_MAX];
	uint32_t capacity = half_size(log) / LOG_UNIT_SIZE;
	uint32_t overhead = 2 + log->client->snapshot(log->context, units);
	bool fits = log->exists && !log->tentative && count <= capacity - log->next / LOG_UNIT_SIZE;
	return fits || count > capacity - overhead ? PSA_SUCCESS : rotate(log);
}
