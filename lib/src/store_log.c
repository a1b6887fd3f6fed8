/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"
#include <merlon/lib/crc.h>
#include <string.h>

/* Reading ahead never leaves the block: the bytes behind it belong to another time. */
psa_status_t store_log_peek(struct store *store, uint32_t at, uint32_t size, uint32_t ahead, uint8_t **bytes)
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

static const uint8_t mark[STORE_UNIT] = { 0 };

/*
 * Two units, one after the other: where the second is seen to be set, the first was programmed to its end, and the block is seen to count
 * at every start to come. A unit whose programming was begun and cut cannot be programmed again, also where it reads as blank: then
 * the next pair is taken.
 */
psa_status_t store_log_decide(struct store *store, uint32_t block)
{
	uint32_t at = block * store->block_size + STORE_BLOCK_HEAD;
	for (unsigned pair = 0; pair < STORE_DECIDE_PAIRS; pair++, at += 2 * STORE_UNIT)
		if (medium_program(store->config->medium, at, mark, sizeof mark) == PSA_SUCCESS &&
		    medium_program(store->config->medium, at + STORE_UNIT, mark, sizeof mark) == PSA_SUCCESS)
			return PSA_SUCCESS;
	return PSA_ERROR_STORAGE_FAILURE;
}

/* An erase that was cut may leave a block that reads now erased, now as it was: as it was, it says that it is dead. */
psa_status_t store_log_kill(struct store *store, uint32_t block)
{
	uint32_t at = block * store->block_size + STORE_BLOCK_HEAD + 2 * STORE_DECIDE_PAIRS * STORE_UNIT;
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < STORE_KILLS && status != PSA_SUCCESS; i++, at += STORE_UNIT)
		status = medium_program(store->config->medium, at, mark, sizeof mark);
	return store_log_free(store, block);
}

/* The block becomes the head. Until it is decided it does not count at the next start; then it says which others do: all but `except`. */
static psa_status_t begin(struct store *store, uint32_t block, uint32_t except)
{
	uint8_t bytes[STORE_BLOCK_HEAD];
	uint32_t members = 0;
	if (block == STORE_NO_BLOCK)
		return PSA_ERROR_STORAGE_FAILURE; /* there is always one, unless the medium holds what this code never wrote */
	psa_status_t status = store->blocks[block].blank ? PSA_SUCCESS : store_log_free(store, block);
	if (status != PSA_SUCCESS)
		return status;
	for (uint32_t i = 0; i < store->block_count; i++)
		members |= (uint32_t)(store->blocks[i].sequence != 0 && i != except) << i;
	store_block_encode(&(struct store_block_head) { ++store->sequence, members }, bytes);
	store->blocks[block] = (struct store_block) { .sequence = store->sequence };
	store->head = block;
	store->used = STORE_BLOCK_BEGIN;
	return medium_program(store->config->medium, block * store->block_size, bytes, sizeof bytes);
}

static psa_status_t open_next(struct store *store, uint32_t block)
{
	psa_status_t status = begin(store, block, STORE_NO_BLOCK);
	return status == PSA_SUCCESS ? store_log_decide(store, block) : status;
}

/* Data in pieces of the buffer, the last one filled up to whole units. *check is the CRC so far. */
static psa_status_t program_data(struct store *store, uint32_t at, uint32_t size, const struct store_source *source,
				 uint32_t *check)
{
	for (uint32_t done = 0; done < size;) {
		uint32_t piece = size - done < store->config->buffer_size ? size - done : store->config->buffer_size;
		uint32_t whole = (piece + STORE_UNIT - 1) / STORE_UNIT * STORE_UNIT;
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

/* Head, data, commit, settle: each its own operation, so that a torn head has nothing behind it, a torn commit has whole data, and a record
 * that is seen to be settled was committed to the end.
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
	if (status != PSA_SUCCESS) {
		/* A place that was begun and cut, and reads as blank: the rest of the block is given up. */
		store->used = store->block_size;
		return status;
	}
	uint32_t check = record->check;
	status = program_data(store, at + STORE_RECORD_DATA, record->size, source, &check);
	if (status != PSA_SUCCESS)
		return status;
	store_commit_encode(wanted != NULL ? *wanted : check, bytes);
	status = medium_program(store->config->medium, at + STORE_RECORD_HEAD, bytes, STORE_UNIT);
	if (status == PSA_SUCCESS)
		status =
			medium_program(store->config->medium, at + store_record_size(record->size) - STORE_UNIT, mark, sizeof mark);
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

psa_status_t store_log_seek(struct store *store, uint32_t base, uint32_t end, uint32_t *used, struct store_found *found)
{
	bool blank = true;
	for (uint32_t i = 0, at = *used; i <= STORE_SKIPS_MAX && at + STORE_RECORD_DATA <= end; i++, at += STORE_UNIT) {
		uint8_t bytes[STORE_RECORD_DATA];
		uint8_t *peeked;
		psa_status_t status = store_log_peek(store, base + at, sizeof bytes, store->config->buffer_size, &peeked);
		if (status != PSA_SUCCESS)
			return status;
		memcpy(bytes, peeked, sizeof bytes);
		found->what = store_record_decode(bytes, &found->record);
		if (found->what == STORE_HEAD_VALID && store_record_size(found->record.size) <= end - at) {
			store_commit_decode(bytes + STORE_RECORD_HEAD, &found->check);
			*used = at;
			return PSA_SUCCESS;
		}
		blank = blank && found->what == STORE_HEAD_BLANK;
	}
	found->what = blank ? STORE_HEAD_BLANK : STORE_HEAD_BAD;
	return PSA_SUCCESS;
}

/* The record at the end of a head that is not settled counts if all of it can be read. */
static psa_status_t salvage(struct store *store, uint32_t base, uint32_t used)
{
	struct store_found torn;
	uint32_t found, place = used;
	psa_status_t status = store_log_seek(store, base, store->block_size, &place, &torn);
	if (status != PSA_SUCCESS || torn.what != STORE_HEAD_VALID)
		return status;
	found = torn.record.check;
	for (uint32_t done = 0, piece; done < torn.record.size; done += piece) {
		uint8_t *bytes;
		piece = torn.record.size - done;
		piece = piece < store->config->buffer_size ? piece : store->config->buffer_size;
		status = store_log_peek(store, base + place + STORE_RECORD_DATA + done, piece, 0, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		found = crc32_update(found, bytes, piece);
	}
	return found == torn.check ? copy(store, base + place, &torn.record, torn.check) : PSA_SUCCESS;
}

psa_status_t store_log_rewrite(struct store *store, uint32_t block)
{
	bool oldest = block == store_log_next(store, 0), torn = block == store->head && store->dirty;
	uint32_t base = block * store->block_size, free_count, used = STORE_BLOCK_BEGIN;
	uint32_t end = block == store->head ? store->used : store->block_size;
	struct store_found found = { .what = STORE_HEAD_BLANK };
	psa_status_t status = begin(store, next_free(store, &free_count), block);
	if (status == PSA_SUCCESS)
		status = store_log_seek(store, base, end, &used, &found);
	while (status == PSA_SUCCESS && found.what == STORE_HEAD_VALID) {
		bool needed;
		status = is_needed(store, base + used, &found.record, oldest, &needed);
		if (status == PSA_SUCCESS && needed)
			status = copy(store, base + used, &found.record, found.check);
		used += store_record_size(found.record.size);
		if (status == PSA_SUCCESS)
			status = store_log_seek(store, base, end, &used, &found);
	}
	if (status == PSA_SUCCESS && torn)
		status = salvage(store, base, end);
	if (status == PSA_SUCCESS)
		status = store_log_decide(store, store->head);
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
		else
			status = store_log_rewrite(store, oldest);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_ERROR_STORAGE_FAILURE;
}
