/* SPDX-License-Identifier: Apache-2.0 */
#include "its_log.h"
#include <merlon/lib/crc.h>
#include <string.h>

/* Reading ahead never leaves the block: the bytes behind it belong to another time. */
psa_status_t its_log_peek(struct its_store *store, uint32_t at, uint32_t size, uint32_t ahead, const uint8_t **bytes)
{
	if (at < store->cached_at || at + size > store->cached_at + store->cached) {
		uint32_t rest = store->block_size - at % store->block_size;
		uint32_t wanted = ahead > size ? ahead : size;
		store->cached = 0;
		wanted = wanted < rest ? wanted : rest;
		psa_status_t status = medium_read(store->medium, at, store->buffer, wanted);
		if (status != PSA_SUCCESS)
			return status;
		store->cached_at = at;
		store->cached = wanted;
	}
	*bytes = store->buffer + (at - store->cached_at);
	return PSA_SUCCESS;
}

uint32_t its_log_next(const struct its_store *store, uint32_t sequence)
{
	uint32_t next = ITS_NO_BLOCK;
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint32_t candidate = store->blocks[i].sequence;
		if (candidate > sequence && (next == ITS_NO_BLOCK || candidate < store->blocks[next].sequence))
			next = i;
	}
	return next;
}

/* The free block behind the head in a circle, so that all take turns, and how many there are. */
static uint32_t next_free(const struct its_store *store, uint32_t *count)
{
	uint32_t next = ITS_NO_BLOCK, start = store->head == ITS_NO_BLOCK ? 0 : store->head + 1;
	*count = 0;
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint32_t block = (start + i) % store->block_count;
		if (store->blocks[block].sequence != 0)
			continue;
		if (next == ITS_NO_BLOCK)
			next = block;
		++*count;
	}
	return next;
}

psa_status_t its_log_free(struct its_store *store, uint32_t block)
{
	store->cached = 0;
	store->blocks[block] = (struct its_block) { 0 };
	psa_status_t status = medium_erase(store->medium, block * store->block_size, store->block_size);
	store->blocks[block].blank = status == PSA_SUCCESS;
	return status;
}

static psa_status_t complete(struct its_store *store, uint32_t block)
{
	static const uint8_t mark[ITS_UNIT] = { 0 };
	return medium_program(store->medium, block * store->block_size + ITS_BLOCK_HEAD, mark, sizeof mark);
}

/* The block becomes the head. Until it is complete it does not count at the next start. */
static psa_status_t begin(struct its_store *store, uint32_t block, uint32_t replaces)
{
	uint8_t bytes[ITS_BLOCK_HEAD];
	if (block == ITS_NO_BLOCK)
		return PSA_ERROR_STORAGE_FAILURE; /* there is always one, unless the medium holds what this code never wrote */
	psa_status_t status = store->blocks[block].blank ? PSA_SUCCESS : its_log_free(store, block);
	if (status != PSA_SUCCESS)
		return status;
	its_block_encode(&(struct its_block_head) { ++store->sequence, replaces }, bytes);
	store->blocks[block] = (struct its_block) { .sequence = store->sequence };
	store->head = block;
	store->used = ITS_BLOCK_BEGIN;
	return medium_program(store->medium, block * store->block_size, bytes, sizeof bytes);
}

static psa_status_t open_next(struct its_store *store, uint32_t block)
{
	psa_status_t status = begin(store, block, 0);
	return status == PSA_SUCCESS ? complete(store, block) : status;
}

/* Data in pieces of the buffer, the last one filled up to whole units. *check is the CRC so far. */
static psa_status_t program_data(struct its_store *store, uint32_t at, uint32_t size, const struct its_source *source,
				 uint32_t *check)
{
	for (uint32_t done = 0; done < size;) {
		uint32_t piece = size - done < ITS_BUFFER_SIZE ? size - done : ITS_BUFFER_SIZE;
		uint32_t whole = its_record_size(piece) - ITS_RECORD_DATA;
		psa_status_t status = source->read(source->context, store->buffer, piece);
		if (status != PSA_SUCCESS)
			return status;
		*check = crc32_update(*check, store->buffer, piece);
		memset(store->buffer + piece, 0xff, whole - piece);
		status = medium_program(store->medium, at + done, store->buffer, whole);
		if (status != PSA_SUCCESS)
			return status;
		done += piece;
	}
	return PSA_SUCCESS;
}

/* Head, data, commit: each its own operation, so that a torn head has nothing behind it and a torn commit has whole data.
 * `wanted`: the check to store, whatever the data are; NULL: that of the data. */
static psa_status_t append(struct its_store *store, struct its_record *record, const struct its_source *source,
			   const uint32_t *wanted, uint16_t *where)
{
	uint8_t bytes[ITS_RECORD_HEAD];
	uint32_t at = store->head * store->block_size + store->used;
	store->dirty = true;
	store->cached = 0;
	its_record_encode(record, bytes);
	psa_status_t status = medium_program(store->medium, at, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	uint32_t check = record->check;
	status = program_data(store, at + ITS_RECORD_DATA, record->size, source, &check);
	if (status != PSA_SUCCESS)
		return status;
	its_commit_encode(wanted != NULL ? *wanted : check, bytes);
	status = medium_program(store->medium, at + ITS_RECORD_HEAD, bytes, ITS_UNIT);
	if (status != PSA_SUCCESS)
		return status;
	store->used += its_record_size(record->size);
	store->dirty = false;
	*where = (uint16_t)(at / ITS_UNIT);
	return PSA_SUCCESS;
}

psa_status_t its_log_append(struct its_store *store, struct its_record *record, const struct its_source *source, uint16_t *where)
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
static psa_status_t copy(struct its_store *store, uint32_t at, struct its_record *record, uint32_t check)
{
	struct flash_source from = { store->medium, at + ITS_RECORD_DATA };
	uint32_t entry = its_entry_at(store, (uint16_t)(at / ITS_UNIT));
	uint16_t where;
	if (entry != ITS_NO_ENTRY && (store->suspect[entry / 8] & 1u << entry % 8) != 0)
		check = ~check;
	psa_status_t status = append(store, record, &(struct its_source) { read_flash, &from }, &check, &where);
	if (status == PSA_SUCCESS && entry != ITS_NO_ENTRY) {
		store->entries[entry].where = where;
		store->blocks[store->head].live += (uint16_t)its_record_size(record->size);
	}
	return status;
}

/* A tombstone is needed while an older block may hold the object, unless the object has come back. */
static psa_status_t is_needed(struct its_store *store, uint32_t at, const struct its_record *record, bool oldest, bool *needed)
{
	uint32_t entry = its_entry_at(store, (uint16_t)(at / ITS_UNIT));
	struct its_record other;
	*needed = entry != ITS_NO_ENTRY;
	if (record->kind == ITS_OBJECT || oldest)
		return PSA_SUCCESS;
	psa_status_t status = its_entry_find(store, record->client, record->uid, 0, &entry, &other);
	*needed = status == PSA_SUCCESS && entry == ITS_NO_ENTRY;
	return status;
}

static psa_status_t read_record(struct its_store *store, uint32_t at, struct its_record *record, enum its_head *what,
				uint32_t *check, bool *clean)
{
	uint8_t bytes[ITS_RECORD_DATA];
	psa_status_t status = medium_read(store->medium, at, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	*what = its_record_decode(bytes, record);
	*clean = its_commit_decode(bytes + ITS_RECORD_HEAD, check);
	return PSA_SUCCESS;
}

/* The torn record at the end of a head counts if all of it can be read. */
static psa_status_t salvage(struct its_store *store, uint32_t at, uint32_t room)
{
	struct its_record record;
	enum its_head what;
	uint32_t check, found;
	bool clean;
	psa_status_t status = read_record(store, at, &record, &what, &check, &clean);
	if (status != PSA_SUCCESS || what != ITS_HEAD_VALID || its_record_size(record.size) > room)
		return status;
	found = record.check;
	for (uint32_t done = 0; done < record.size;) {
		const uint8_t *bytes;
		uint32_t piece = record.size - done < ITS_BUFFER_SIZE ? record.size - done : ITS_BUFFER_SIZE;
		status = its_log_peek(store, at + ITS_RECORD_DATA + done, piece, 0, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		found = crc32_update(found, bytes, piece);
		done += piece;
	}
	return found == check ? copy(store, at, &record, check) : PSA_SUCCESS;
}

psa_status_t its_log_rewrite(struct its_store *store, uint32_t block)
{
	bool oldest = block == its_log_next(store, 0), torn = block == store->head && store->dirty;
	uint32_t base = block * store->block_size, free_count;
	uint32_t end = block == store->head ? store->used : store->block_size;
	psa_status_t status = begin(store, next_free(store, &free_count), store->blocks[block].sequence);
	uint32_t used = ITS_BLOCK_BEGIN;
	while (status == PSA_SUCCESS && used + ITS_RECORD_DATA <= end) {
		struct its_record record;
		enum its_head what;
		uint32_t check;
		bool needed, clean;
		status = read_record(store, base + used, &record, &what, &check, &clean);
		if (status != PSA_SUCCESS || what != ITS_HEAD_VALID || its_record_size(record.size) > end - used)
			break;
		status = is_needed(store, base + used, &record, oldest, &needed);
		if (status == PSA_SUCCESS && needed)
			status = copy(store, base + used, &record, check);
		used += its_record_size(record.size);
	}
	if (status == PSA_SUCCESS && torn && end + ITS_RECORD_DATA <= store->block_size)
		status = salvage(store, base + end, store->block_size - end);
	if (status == PSA_SUCCESS)
		status = complete(store, store->head);
	return status == PSA_SUCCESS ? its_log_free(store, block) : status;
}

/* Some block has less than the average alive, so that its copy leaves room: at the latest the last one of the circle. */
psa_status_t its_log_make_room(struct its_store *store, uint32_t size)
{
	for (unsigned step = 0; step < 4u * ITS_BLOCKS_MAX; step++) {
		uint32_t free_count, next = next_free(store, &free_count), oldest = its_log_next(store, 0);
		psa_status_t status;
		if (store->head != ITS_NO_BLOCK && its_record_size(size) <= store->block_size - store->used)
			return PSA_SUCCESS;
		if (free_count > 1)
			status = open_next(store, next);
		else if (store->blocks[oldest].live == 0)
			status = its_log_free(store, oldest);
		else
			status = its_log_rewrite(store, oldest);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_ERROR_STORAGE_FAILURE;
}
