/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"
#include <merlon/lib/crc.h>
#include <string.h>

/* Reading ahead never leaves the block: the bytes behind it belong to another time. */
psa_status_t store_log_peek(struct store *store, uint32_t at, uint32_t size, uint32_t ahead, const uint8_t **bytes)
{
	if (at < store->cached_at || at + size > store->cached_at + store->cached) {
		uint32_t rest = store->block_size - at % store->block_size;
		uint32_t wanted = ahead > size ? ahead : size;
		store->cached = 0;
		wanted = wanted < rest ? wanted : rest;
		wanted = wanted < store->config->buffer_size ? wanted : store->config->buffer_size;
		psa_status_t status = medium_read(store->config->medium, at, store->config->buffer, wanted);
		if (status != PSA_SUCCESS)
			return status;
		store->cached_at = at;
		store->cached = wanted;
	}
	*bytes = store->config->buffer + (at - store->cached_at);
	return PSA_SUCCESS;
}

uint32_t store_log_next(const struct store *store, uint32_t sequence)
{
	uint32_t next = STORE_NO_BLOCK;
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint32_t candidate = store->blocks[i].sequence;
		if (candidate > sequence && (next == STORE_NO_BLOCK || candidate < store->blocks[next].sequence))
			next = i;
	}
	return next;
}

/* The free block behind the head in a circle, so that all take turns, and how many there are. */
static uint32_t next_free(const struct store *store, uint32_t *count)
{
	uint32_t next = STORE_NO_BLOCK, start = store->head == STORE_NO_BLOCK ? 0 : store->head + 1;
	*count = 0;
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint32_t block = (start + i) % store->block_count;
		if (store->blocks[block].sequence != 0)
			continue;
		if (next == STORE_NO_BLOCK)
			next = block;
		++*count;
	}
	return next;
}

psa_status_t store_log_free(struct store *store, uint32_t block)
{
	store->cached = 0;
	store->blocks[block] = (struct store_block) { 0 };
	psa_status_t status = medium_erase(store->config->medium, block * store->block_size, store->block_size);
	store->blocks[block].blank = status == PSA_SUCCESS;
	return status;
}

static psa_status_t complete(struct store *store, uint32_t block)
{
	static const uint8_t mark[STORE_UNIT] = { 0 };
	return medium_program(store->config->medium, block * store->block_size + STORE_BLOCK_HEAD, mark, sizeof mark);
}

/* The block becomes the head. Until it is complete it does not count at the next start. */
static psa_status_t begin(struct store *store, uint32_t block, uint32_t replaces)
{
	uint8_t bytes[STORE_BLOCK_HEAD];
	if (block == STORE_NO_BLOCK)
		return PSA_ERROR_STORAGE_FAILURE; /* there is always one, unless the medium holds what this code never wrote */
	psa_status_t status = store->blocks[block].blank ? PSA_SUCCESS : store_log_free(store, block);
	if (status != PSA_SUCCESS)
		return status;
	store_block_encode(&(struct store_block_head) { ++store->sequence, replaces }, bytes);
	store->blocks[block] = (struct store_block) { .sequence = store->sequence };
	store->head = block;
	store->used = STORE_BLOCK_BEGIN;
	return medium_program(store->config->medium, block * store->block_size, bytes, sizeof bytes);
}

static psa_status_t open_next(struct store *store, uint32_t block)
{
	psa_status_t status = begin(store, block, 0);
	return status == PSA_SUCCESS ? complete(store, block) : status;
}

/* Data in pieces of the buffer, the last one filled up to whole units. *check is the CRC so far. */
static psa_status_t program_data(struct store *store, uint32_t at, uint32_t size, const struct store_source *source,
				 uint32_t *check)
{
	for (uint32_t done = 0; done < size;) {
		uint32_t piece = size - done < store->config->buffer_size ? size - done : store->config->buffer_size;
		uint32_t whole = store_record_size(piece) - STORE_RECORD_DATA;
		psa_status_t status = source->read(source->context, store->config->buffer, piece);
		if (status != PSA_SUCCESS)
			return status;
		*check = crc32_update(*check, store->config->buffer, piece);
		memset(store->config->buffer + piece, 0xff, whole - piece);
		status = medium_program(store->config->medium, at + done, store->config->buffer, whole);
		if (status != PSA_SUCCESS)
			return status;
		done += piece;
	}
	return PSA_SUCCESS;
}

/* Head, data, commit: each its own operation, so that a torn head has nothing behind it and a torn commit has whole data.
 * `wanted`: the check to store, whatever the data are; NULL: that of the data. */
static psa_status_t append(struct store *store, struct store_record *record, const struct store_source *source,
			   const uint32_t *wanted, uint16_t *where)
{
	uint8_t bytes[STORE_RECORD_HEAD];
	uint32_t at = store->head * store->block_size + store->used;
	store->dirty = true;
	store->cached = 0;
	store_record_encode(record, bytes);
	psa_status_t status = medium_program(store->config->medium, at, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	uint32_t check = record->check;
	status = program_data(store, at + STORE_RECORD_DATA, record->size, source, &check);
	if (status != PSA_SUCCESS)
		return status;
	store_commit_encode(wanted != NULL ? *wanted : check, bytes);
	status = medium_program(store->config->medium, at + STORE_RECORD_HEAD, bytes, STORE_UNIT);
	if (status != PSA_SUCCESS)
		return status;
	store->used += store_record_size(record->size);
	store->dirty = false;
	*where = (uint16_t)(at / STORE_UNIT);
	return PSA_SUCCESS;
}

psa_status_t store_log_append(struct store *store, struct store_record *record, const struct store_source *source, uint16_t *where)
{
	return append(store, record, source, NULL, where);
}

struct flash_source {
	const struct medium *medium;
	uint32_t at;
};

static psa_status_t read_flash(void *context, void *data, size_t size)
{
	struct flash_source *from = context;
	uint32_t at = from->at;
	from->at += (uint32_t)size;
	return medium_read(from->medium, at, data, size);
}

/* Copy one record with its check, right or wrong: damage stays damage. */
static psa_status_t copy(struct store *store, uint32_t at, struct store_record *record, uint32_t check)
{
	struct flash_source from = { store->config->medium, at + STORE_RECORD_DATA };
	uint32_t entry = store_entry_at(store, (uint16_t)(at / STORE_UNIT));
	uint16_t where;
	if (entry != STORE_NO_ENTRY && store->config->entries[entry].suspect)
		check = ~check;
	psa_status_t status = append(store, record, &(struct store_source) { read_flash, &from }, &check, &where);
	if (status == PSA_SUCCESS && entry != STORE_NO_ENTRY) {
		store->config->entries[entry].where = where & STORE_PLACE_MASK;
		store->blocks[store->head].live += (uint16_t)store_record_size(record->size);
	}
	return status;
}

/* A tombstone is needed while an older block may hold the object, unless the object has come back. */
static psa_status_t is_needed(struct store *store, uint32_t at, const struct store_record *record, bool oldest, bool *needed)
{
	uint32_t entry = store_entry_at(store, (uint16_t)(at / STORE_UNIT));
	struct store_record other;
	*needed = entry != STORE_NO_ENTRY;
	if (record->kind == STORE_OBJECT || oldest)
		return PSA_SUCCESS;
	psa_status_t status = store_entry_find(store, record->client, record->uid, 0, &entry, &other);
	*needed = status == PSA_SUCCESS && entry == STORE_NO_ENTRY;
	return status;
}

static psa_status_t read_record(struct store *store, uint32_t at, struct store_record *record, enum store_head *what,
				uint32_t *check, bool *clean)
{
	uint8_t bytes[STORE_RECORD_DATA];
	psa_status_t status = medium_read(store->config->medium, at, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	*what = store_record_decode(bytes, record);
	*clean = store_commit_decode(bytes + STORE_RECORD_HEAD, check);
	return PSA_SUCCESS;
}

/* The torn record at the end of a head counts if all of it can be read. */
static psa_status_t salvage(struct store *store, uint32_t at, uint32_t room)
{
	struct store_record record;
	enum store_head what;
	uint32_t check, found;
	bool clean;
	psa_status_t status = read_record(store, at, &record, &what, &check, &clean);
	if (status != PSA_SUCCESS || what != STORE_HEAD_VALID || store_record_size(record.size) > room)
		return status;
	found = record.check;
	for (uint32_t done = 0; done < record.size;) {
		const uint8_t *bytes;
		uint32_t piece = record.size - done < store->config->buffer_size ? record.size - done : store->config->buffer_size;
		status = store_log_peek(store, at + STORE_RECORD_DATA + done, piece, 0, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		found = crc32_update(found, bytes, piece);
		done += piece;
	}
	return found == check ? copy(store, at, &record, check) : PSA_SUCCESS;
}

psa_status_t store_log_rewrite(struct store *store, uint32_t block)
{
	bool oldest = block == store_log_next(store, 0), torn = block == store->head && store->dirty;
	uint32_t base = block * store->block_size, free_count;
	uint32_t end = block == store->head ? store->used : store->block_size;
	psa_status_t status = begin(store, next_free(store, &free_count), store->blocks[block].sequence);
	uint32_t used = STORE_BLOCK_BEGIN;
	while (status == PSA_SUCCESS && used + STORE_RECORD_DATA <= end) {
		struct store_record record;
		enum store_head what;
		uint32_t check;
		bool needed, clean;
		status = read_record(store, base + used, &record, &what, &check, &clean);
		if (status != PSA_SUCCESS || what != STORE_HEAD_VALID || store_record_size(record.size) > end - used)
			break;
		status = is_needed(store, base + used, &record, oldest, &needed);
		if (status == PSA_SUCCESS && needed)
			status = copy(store, base + used, &record, check);
		used += store_record_size(record.size);
	}
	if (status == PSA_SUCCESS && torn && end + STORE_RECORD_DATA <= store->block_size)
		status = salvage(store, base + end, store->block_size - end);
	if (status == PSA_SUCCESS)
		status = complete(store, store->head);
	return status == PSA_SUCCESS ? store_log_free(store, block) : status;
}

/* Some block has less than the average alive, so that its copy leaves room: at the latest the last one of the circle. */
psa_status_t store_log_make_room(struct store *store, uint32_t size)
{
	for (unsigned step = 0; step < 4u * store->block_count; step++) {
		uint32_t free_count, next = next_free(store, &free_count), oldest = store_log_next(store, 0);
		psa_status_t status;
		if (store->head != STORE_NO_BLOCK && store_record_size(size) <= store->block_size - store->used)
			return PSA_SUCCESS;
		if (free_count > 1)
			status = open_next(store, next);
		else if (store->blocks[oldest].live == 0)
			status = store_log_free(store, oldest);
		else
			status = store_log_rewrite(store, oldest);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_ERROR_STORAGE_FAILURE;
}
