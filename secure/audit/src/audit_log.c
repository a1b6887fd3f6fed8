/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_log.h"
#include <merlon/lib/le.h>
#include <string.h>

/* The store's clients are the kinds; the log's own object is of none of them. */
enum { META_CLIENT = 0, META_UID = 1, META_HAS_STATE = 1, BLOCK_SECTORS = 1 };

struct bytes_source {
	const uint8_t *bytes;
};

static psa_status_t read_bytes(void *context, void *data, size_t size)
{
	struct bytes_source *from = context;
	memcpy(data, from->bytes, size);
	from->bytes += size;
	return PSA_SUCCESS;
}

static psa_status_t put(struct audit_log *log, int32_t client, uint64_t uid, const void *bytes, uint32_t size)
{
	struct bytes_source from = { bytes };
	return store_set(&log->store, client, uid, size, 0, &(struct store_source) { read_bytes, &from });
}

/* All of an object of exactly `size` bytes, checked. */
static psa_status_t fetch(struct audit_log *log, const struct store_object *object, uint8_t *bytes, uint32_t size)
{
	psa_status_t status = object->record.size == size ? store_verify(&log->store, object) : PSA_ERROR_DATA_CORRUPT;
	for (uint32_t done = 0, piece; done < size && status == PSA_SUCCESS; done += piece) {
		const uint8_t *data;
		piece = size - done;
		status = store_read(&log->store, object, done, &data, &piece);
		if (status == PSA_SUCCESS)
			memcpy(bytes + done, data, piece);
	}
	return status;
}

psa_status_t audit_log_save(struct audit_log *log)
{
	uint8_t bytes[AUDIT_META_SIZE];
	le32_store(bytes, log->meta.next);
	le32_store(bytes + 4, log->meta.dropped);
	le32_store(bytes + 8, log->meta.has_state ? META_HAS_STATE : 0);
	le32_store(bytes + 12, log->meta.lifecycle);
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		le32_store(bytes + 16 + 4 * i, log->meta.counters[i]);
	return put(log, META_CLIENT, META_UID, bytes, sizeof bytes);
}

/* One that is missing or damaged is begun anew: the records say which numbers were used. */
static psa_status_t load(struct audit_log *log)
{
	uint8_t bytes[AUDIT_META_SIZE];
	struct store_object object;
	psa_status_t status = store_find(&log->store, META_CLIENT, META_UID, &object);
	if (status == PSA_SUCCESS)
		status = fetch(log, &object, bytes, sizeof bytes);
	log->meta = (struct audit_meta) { .next = 1 };
	if (status == PSA_ERROR_DOES_NOT_EXIST || status == PSA_ERROR_DATA_CORRUPT)
		return PSA_SUCCESS;
	if (status != PSA_SUCCESS)
		return status;
	log->meta.next = le32_load(bytes);
	log->meta.dropped = le32_load(bytes + 4);
	log->meta.has_state = (le32_load(bytes + 8) & META_HAS_STATE) != 0;
	log->meta.lifecycle = le32_load(bytes + 12);
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		log->meta.counters[i] = le32_load(bytes + 16 + 4 * i);
	return PSA_SUCCESS;
}

static bool is_record(const struct store_object *object)
{
	return object->record.client > META_CLIENT && object->record.client < MERLON_AUDIT_KIND_COUNT && object->record.uid != 0 &&
	       object->record.uid < UINT32_MAX;
}

/* Count what waits. A damaged record counts as well: it is read as damaged, and acknowledged. */
static psa_status_t count(struct audit_log *log)
{
	struct store_object object;
	psa_status_t status;
	memset(log->waiting, 0, sizeof log->waiting);
	memset(log->newest, 0, sizeof log->newest);
	for (uint32_t i = 0;; i++) {
		status = store_at(&log->store, i, &object);
		if (status == PSA_ERROR_DOES_NOT_EXIST)
			return PSA_SUCCESS;
		if (status != PSA_SUCCESS && status != PSA_ERROR_DATA_CORRUPT)
			return status;
		if (!is_record(&object))
			continue;
		uint32_t sequence = (uint32_t)object.record.uid;
		log->waiting[object.record.client]++;
		if (sequence > log->newest[object.record.client])
			log->newest[object.record.client] = sequence;
		if (sequence >= log->meta.next)
			log->meta.next = sequence + 1;
	}
}

psa_status_t audit_log_open(struct audit_log *log, const struct medium *medium)
{
	log->config = (struct store_config) { .medium = medium,
					      .entries = log->entries,
					      .buffer = log->buffer,
					      .entry_max = AUDIT_RECORDS_MAX + 1,
					      .buffer_size = sizeof log->buffer,
					      .object_size_max = MERLON_AUDIT_DATA_SIZE,
					      .block_sectors = BLOCK_SECTORS };
	psa_status_t status = store_open(&log->store, &log->config);
	if (status == PSA_SUCCESS)
		status = load(log);
	return status == PSA_SUCCESS ? count(log) : status;
}

/* What the same cause brings again and again until somebody looks is kept once. */
static bool is_known(struct audit_log *log, const struct merlon_audit_record *record)
{
	uint8_t bytes[MERLON_AUDIT_DATA_SIZE];
	struct store_object object;
	return log->newest[record->kind] != 0 &&
	       store_find(&log->store, record->kind, log->newest[record->kind], &object) == PSA_SUCCESS &&
	       fetch(log, &object, bytes, sizeof bytes) == PSA_SUCCESS && memcmp(bytes, record->data.bytes, sizeof bytes) == 0;
}

/* Counted in memory, and stored at 1, 2, 4 and so on: a flood of records is no flood of programs. */
static psa_status_t drop(struct audit_log *log)
{
	if (log->meta.dropped < UINT32_MAX)
		log->meta.dropped++;
	if ((log->meta.dropped & (log->meta.dropped - 1)) == 0)
		(void)audit_log_save(log);
	return PSA_ERROR_INSUFFICIENT_STORAGE;
}

psa_status_t audit_log_add(struct audit_log *log, const struct merlon_audit_record *record)
{
	if (record->kind == 0 || record->kind >= MERLON_AUDIT_KIND_COUNT)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (is_known(log, record))
		return PSA_SUCCESS;
	if (log->waiting[record->kind] >= MERLON_AUDIT_KIND_MAX)
		return drop(log);
	uint32_t sequence = log->meta.next;
	psa_status_t status = put(log, record->kind, sequence, record->data.bytes, sizeof record->data.bytes);
	if (status != PSA_SUCCESS)
		return status;
	log->meta.next++;
	log->waiting[record->kind]++;
	log->newest[record->kind] = sequence;
	return PSA_SUCCESS;
}

/* The waiting record with the lowest number in (after, last]. */
static psa_status_t find_oldest(struct audit_log *log, uint32_t after, uint32_t last, struct store_object *oldest)
{
	struct store_object object;
	psa_status_t found = PSA_ERROR_DOES_NOT_EXIST;
	for (uint32_t i = 0;; i++) {
		psa_status_t status = store_at(&log->store, i, &object);
		if (status == PSA_ERROR_DOES_NOT_EXIST)
			return found;
		if (status != PSA_SUCCESS && status != PSA_ERROR_DATA_CORRUPT)
			return status;
		if (!is_record(&object) || object.record.uid <= after || object.record.uid > last)
			continue;
		if (found == PSA_ERROR_DOES_NOT_EXIST || object.record.uid < oldest->record.uid) {
			*oldest = object;
			found = status;
		}
	}
}

psa_status_t audit_log_read(struct audit_log *log, uint32_t after, struct merlon_audit_record *record)
{
	struct store_object object;
	memset(record, 0, sizeof *record);
	psa_status_t status = find_oldest(log, after, UINT32_MAX, &object);
	if (status != PSA_SUCCESS && status != PSA_ERROR_DATA_CORRUPT)
		return status;
	record->sequence = (uint32_t)object.record.uid;
	record->kind = (uint8_t)object.record.client;
	if (status == PSA_SUCCESS)
		status = fetch(log, &object, record->data.bytes, sizeof record->data.bytes);
	if (status != PSA_SUCCESS)
		memset(&record->data, 0, sizeof record->data);
	return status;
}

uint32_t audit_log_waiting(const struct audit_log *log)
{
	uint32_t waiting = 0;
	for (unsigned kind = 0; kind < MERLON_AUDIT_KIND_COUNT; kind++)
		waiting += log->waiting[kind];
	return waiting;
}

/* First what outlives the records, so that no number comes twice; then each record for itself. */
psa_status_t audit_log_acknowledge(struct audit_log *log, uint32_t sequence)
{
	struct store_object object;
	if (sequence == 0 || sequence >= log->meta.next)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = find_oldest(log, sequence, UINT32_MAX, &object);
	if (status == PSA_ERROR_DOES_NOT_EXIST)
		log->meta.dropped = 0;
	status = audit_log_save(log);
	while (status == PSA_SUCCESS) {
		status = find_oldest(log, 0, sequence, &object);
		if (status == PSA_ERROR_DOES_NOT_EXIST)
			return count(log);
		if (status == PSA_SUCCESS || status == PSA_ERROR_DATA_CORRUPT)
			status = store_remove(&log->store, object.record.client, object.record.uid);
	}
	return status;
}
