/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"
#include <merlon/lib/crc.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/store.h>
#include <psa/storage_common.h>
#include <string.h>

enum { PEEK = 64, SCANS_MAX = 8, PLACES_MAX = 2 };

static uint16_t hash_of(int32_t client, uint64_t uid)
{
	uint32_t mixed = ((uint32_t)uid ^ (uint32_t)(uid >> 32) * 0x85ebca6bu ^ (uint32_t)client * 0xc2b2ae35u) * 0x9e3779b1u;
	return (uint16_t)(mixed >> 16);
}

static uint32_t address_of(const struct store_entry *entry)
{
	return (uint32_t)entry->where * STORE_UNIT;
}

static struct store_block *block_of(struct store *store, uint16_t where)
{
	return &store->blocks[where * STORE_UNIT / store->block_size];
}

uint32_t store_entry_at(const struct store *store, uint16_t where)
{
	for (uint32_t i = 0; i < store->count; i++)
		if (store->config->entries[i].where == where)
			return i;
	return STORE_NO_ENTRY;
}

psa_status_t store_entry_find(struct store *store, int32_t client, uint64_t uid, uint32_t ahead, uint32_t *entry,
			      struct store_record *record)
{
	uint16_t hash = hash_of(client, uid);
	/* What was stored last stands last, and is asked for first. */
	for (uint32_t i = store->count; i-- > 0;) {
		uint8_t *bytes;
		if (store->config->entries[i].hash != hash)
			continue;
		psa_status_t status =
			store_log_peek(store, address_of(&store->config->entries[i]), STORE_RECORD_HEAD, ahead, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		if (store_record_decode(bytes, record) == STORE_HEAD_VALID && record->uid == uid && record->client == client) {
			*entry = i;
			return PSA_SUCCESS;
		}
	}
	*entry = STORE_NO_ENTRY;
	return PSA_SUCCESS;
}

static void forget(struct store *store, uint32_t entry, const struct store_record *record)
{
	uint16_t size = (uint16_t)store_record_size(record->size);
	block_of(store, store->config->entries[entry].where)->live -= size;
	store->live -= size;
	store->count--;
	store->config->entries[entry] = store->config->entries[store->count];
}

/* @return False when there is no entry left. */
static bool remember(struct store *store, const struct store_record *record, uint16_t where)
{
	uint16_t size = (uint16_t)store_record_size(record->size);
	if (store->count == store->config->entry_max)
		return false;
	store->config->entries[store->count++] =
		(struct store_entry) { .hash = hash_of(record->client, record->uid), .where = where & STORE_PLACE_MASK };
	block_of(store, where)->live += size;
	store->live += size;
	return true;
}

/* A record that counts takes the place of what its object was before. */
static psa_status_t apply(struct store *store, const struct store_record *record, uint16_t where)
{
	struct store_record old;
	uint32_t entry;
	psa_status_t status = store_entry_find(store, record->client, record->uid, 0, &entry, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (entry != STORE_NO_ENTRY)
		forget(store, entry, &old);
	return record->kind == STORE_GONE || remember(store, record, where) ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

static psa_status_t is_blank(struct store *store, uint32_t at, uint32_t end, bool *blank)
{
	*blank = true;
	while (at < end && *blank) {
		uint8_t *bytes;
		uint32_t piece = end - at < store->config->buffer_size ? end - at : store->config->buffer_size;
		psa_status_t status = store_log_peek(store, at, piece, 0, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		*blank = mem_is_filled(bytes, 0xff, piece);
		at += piece;
	}
	return PSA_SUCCESS;
}

static void suspect_all(struct store *store)
{
	store->lost = true;
	for (uint32_t i = 0; i < store->count; i++)
		store->config->entries[i].suspect = true;
}

/* A head that cannot be read. Torn, nothing lies behind it. Otherwise it is damage: what it was nobody knows, and every object known so
 * far may have been replaced by it. */
static psa_status_t meet_damage(struct store *store, uint32_t at, uint32_t end, bool newest)
{
	bool blank;
	psa_status_t status = is_blank(store, at + STORE_RECORD_HEAD + STORE_SKIPS_MAX * STORE_UNIT, end, &blank);
	if (status != PSA_SUCCESS)
		return status;
	store->dirty = newest && blank;
	if (blank)
		return PSA_SUCCESS;
	store->used = store->block_size;
	suspect_all(store);
	return PSA_SUCCESS;
}

/* May the record at store->used have been torn? Not if it was settled, or if something follows it. */
static psa_status_t is_in_doubt(struct store *store, uint32_t base, const struct store_record *record, bool *doubt)
{
	uint8_t bytes[STORE_UNIT];
	struct store_found next;
	uint32_t behind = store->used + store_record_size(record->size);
	psa_status_t status = medium_read(store->config->medium, base + behind - STORE_UNIT, bytes, sizeof bytes);
	*doubt = !store_is_set(bytes);
	if (status != PSA_SUCCESS || !*doubt)
		return status;
	status = store_log_seek(store, base, store->block_size, &behind, &next);
	*doubt = next.what != STORE_HEAD_VALID;
	return status;
}

/* All records of one block. Whatever is not the last one of the newest block was committed before the next thing was written. The place
 * behind the last one may have been begun and read as blank: it is left out. */
static psa_status_t scan_block(struct store *store, uint32_t block, bool newest)
{
	uint32_t base = block * store->block_size;
	struct store_found found;
	store->head = block;
	store->used = STORE_BLOCK_BEGIN;
	psa_status_t status = store_log_seek(store, base, store->block_size, &store->used, &found);
	while (status == PSA_SUCCESS && found.what == STORE_HEAD_VALID) {
		if (newest)
			status = is_in_doubt(store, base, &found.record, &store->dirty);
		if (status == PSA_SUCCESS && !store->dirty)
			status = apply(store, &found.record, (uint16_t)((base + store->used) / STORE_UNIT));
		if (status != PSA_SUCCESS || store->dirty)
			return status;
		store->used += store_record_size(found.record.size);
		status = store_log_seek(store, base, store->block_size, &store->used, &found);
	}
	if (status == PSA_SUCCESS && found.what == STORE_HEAD_BAD)
		return meet_damage(store, base + store->used, base + store->block_size, newest);
	if (store->used < store->block_size)
		store->used += STORE_UNIT;
	return status;
}

/* What the first bytes of a block say. */
struct block_state {
	struct store_block_head head;
	bool valid, decided, certain; /* certain: it will be seen to be decided at every start to come */
};

static psa_status_t read_state(struct store *store, uint32_t block, struct block_state *state)
{
	uint8_t bytes[STORE_BLOCK_BEGIN];
	const uint8_t *unit = bytes + STORE_BLOCK_HEAD;
	bool killed = false;
	psa_status_t status = medium_read(store->config->medium, block * store->block_size, bytes, sizeof bytes);
	*state = (struct block_state) { 0 };
	if (status != PSA_SUCCESS)
		return status;
	for (unsigned i = 0; i < 2 * STORE_DECIDE_PAIRS; i++, unit += STORE_UNIT) {
		state->decided = state->decided || store_is_set(unit);
		state->certain = state->certain || (i % 2 == 1 && store_is_set(unit));
	}
	for (unsigned i = 0; i < STORE_KILLS; i++, unit += STORE_UNIT)
		killed = killed || store_is_set(unit);
	state->decided = state->decided && !killed;
	state->valid = store_block_decode(bytes, &state->head) == STORE_HEAD_VALID;
	return PSA_SUCCESS;
}

/*
 * Which blocks count: the newest that is decided, and those that it names. One that is newer and not decided (in this reading) is ended
 * before anything else is written: it may be seen as decided at another start.
 */
static psa_status_t scan_heads(struct store *store)
{
	struct block_state states[STORE_BLOCKS_MAX];
	uint32_t newest = STORE_NO_BLOCK, sequence = 0;
	psa_status_t status = PSA_SUCCESS;
	for (uint32_t i = 0; i < store->block_count && status == PSA_SUCCESS; i++) {
		status = read_state(store, i, &states[i]);
		if (!states[i].valid)
			continue;
		store->sequence = states[i].head.sequence > store->sequence ? states[i].head.sequence : store->sequence;
		if (states[i].decided && states[i].head.sequence > sequence) {
			newest = i;
			sequence = states[i].head.sequence;
		}
	}
	for (uint32_t i = 0; i < store->block_count && status == PSA_SUCCESS; i++) {
		bool member = newest != STORE_NO_BLOCK && i != newest && (states[newest].head.members >> i & 1) != 0;
		if (states[i].valid && states[i].head.sequence > sequence)
			status = store_log_kill(store, i);
		else if (i == newest || (member && states[i].valid))
			store->blocks[i].sequence = states[i].head.sequence;
		else
			store->lost = store->lost || member;
	}
	if (status == PSA_SUCCESS && newest != STORE_NO_BLOCK && !states[newest].certain)
		status = store_log_decide(store, newest);
	return status;
}

static psa_status_t scan(struct store *store, const struct store_config *config)
{
	uint32_t block_size = config->medium->erase_size * config->block_sectors;
	*store = (struct store) { .config = config,
				  .block_size = block_size,
				  .block_count = (uint8_t)(config->medium->size / block_size),
				  .head = STORE_NO_BLOCK,
				  .failed = true };
	psa_status_t status = scan_heads(store);
	bool block_lost = store->lost;
	uint32_t block = store_log_next(store, 0);
	while (status == PSA_SUCCESS && block != STORE_NO_BLOCK) {
		uint32_t next = store_log_next(store, store->blocks[block].sequence);
		status = scan_block(store, block, next == STORE_NO_BLOCK);
		block = next;
	}
	if (block_lost)
		suspect_all(store);
	return status;
}

static bool is_possible(const struct store_config *config)
{
	const struct medium *medium = config->medium;
	uint32_t block_size = medium->erase_size * config->block_sectors;
	if (medium->write_size != STORE_UNIT || block_size == 0 || medium->size % block_size != 0 ||
	    medium->size > STORE_MEDIUM_MAX)
		return false;
	return medium->size / block_size >= 3 && medium->size / block_size <= STORE_BLOCKS_MAX &&
	       config->buffer_size >= STORE_BUFFER_MIN && config->buffer_size % STORE_UNIT == 0 &&
	       config->entry_max < STORE_NO_ENTRY && block_size > STORE_BLOCK_BEGIN + store_record_size(config->object_size_max);
}

psa_status_t store_open(struct store *store, const struct store_config *config)
{
	if (!is_possible(config))
		return PSA_ERROR_INVALID_ARGUMENT;
	for (unsigned i = 0; i < SCANS_MAX; i++) {
		psa_status_t status = scan(store, config);
		store->failed = status != PSA_SUCCESS || store->dirty;
		if (!store->failed)
			return PSA_SUCCESS;
		if (status == PSA_SUCCESS)
			status = store_log_rewrite(store, store->head);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_ERROR_STORAGE_FAILURE;
}

uint32_t store_capacity(const struct store *store)
{
	uint32_t block = store->block_size - STORE_BLOCK_BEGIN - store_record_size(store->config->object_size_max);
	return (uint32_t)(store->block_count - 1) * block;
}

/* Before anything: RAM says what flash says. Before a change: nothing torn is left, either. */
static psa_status_t get_ready(struct store *store, bool change)
{
	return store->failed || (change && store->dirty) ? store_open(store, store->config) : PSA_SUCCESS;
}

psa_status_t store_find(struct store *store, int32_t client, uint64_t uid, struct store_object *object)
{
	uint32_t entry;
	psa_status_t status = get_ready(store, false);
	store->cached = 0;
	if (status == PSA_SUCCESS)
		status = store_entry_find(store, client, uid, PEEK, &entry, &object->record);
	if (status != PSA_SUCCESS)
		return status;
	object->entry = (uint16_t)entry;
	if (entry == STORE_NO_ENTRY)
		return store->lost ? PSA_ERROR_DATA_CORRUPT : PSA_ERROR_DOES_NOT_EXIST;
	object->where = (uint16_t)store->config->entries[entry].where;
	return store->config->entries[entry].suspect ? PSA_ERROR_DATA_CORRUPT : PSA_SUCCESS;
}

psa_status_t store_at(struct store *store, uint32_t index, struct store_object *object)
{
	uint8_t *bytes;
	psa_status_t status = get_ready(store, false);
	store->cached = 0;
	if (status == PSA_SUCCESS && index >= store->count)
		return PSA_ERROR_DOES_NOT_EXIST;
	if (status == PSA_SUCCESS)
		status = store_log_peek(store, address_of(&store->config->entries[index]), STORE_RECORD_HEAD, PEEK, &bytes);
	if (status != PSA_SUCCESS)
		return status;
	object->entry = (uint16_t)index;
	object->where = (uint16_t)store->config->entries[index].where;
	bool sound = store_record_decode(bytes, &object->record) == STORE_HEAD_VALID && !store->config->entries[index].suspect;
	return sound ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

psa_status_t store_read(struct store *store, const struct store_object *object, uint32_t offset, const uint8_t **data,
			uint32_t *size)
{
	uint32_t at = object->where * STORE_UNIT + STORE_RECORD_DATA + offset;
	uint32_t end = store->cached_at + store->cached;
	if (at >= store->cached_at && at < end)
		*size = *size < end - at ? *size : end - at;
	*size = *size < store->config->buffer_size ? *size : store->config->buffer_size;
	uint8_t *bytes = NULL;
	psa_status_t status = store_log_peek(store, at, *size, 0, &bytes);
	*data = bytes;
	return status;
}

psa_status_t store_verify(struct store *store, const struct store_object *object)
{
	uint8_t *bytes;
	uint32_t wanted, check = object->record.check;
	psa_status_t status = store_log_peek(store, object->where * STORE_UNIT + STORE_RECORD_HEAD, STORE_UNIT, 0, &bytes);
	if (status != PSA_SUCCESS)
		return status;
	store_commit_decode(bytes, &wanted);
	for (uint32_t done = 0, size; done < object->record.size; done += size) {
		const uint8_t *data;
		size = object->record.size - done;
		status = store_read(store, object, done, &data, &size);
		if (status != PSA_SUCCESS)
			return status;
		check = crc32_update(check, data, size);
	}
	return check == wanted ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

static bool fits(const struct store *store, const struct store_object *old, uint32_t size)
{
	bool is_new = old->entry == STORE_NO_ENTRY;
	uint32_t live = store->live - (is_new ? 0 : store_record_size(old->record.size));
	return size <= store->config->object_size_max && live + store_record_size(size) <= store_capacity(store) &&
	       (!is_new || store->count < store->config->entry_max);
}

/* Append a record and let it count. What is found before may move while room is made: it is found again. */
static psa_status_t write(struct store *store, struct store_record *record, const struct store_source *source)
{
	uint16_t where;
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < PLACES_MAX && status != PSA_SUCCESS && (i == 0 || store->used == store->block_size); i++) {
		status = store_log_make_room(store, record->size);
		store->failed = status != PSA_SUCCESS;
		if (status != PSA_SUCCESS)
			return status;
		status = store_log_append(store, record, source, &where);
	}
	return status == PSA_SUCCESS ? apply(store, record, where) : status;
}

/* DATA_CORRUPT is no obstacle to a change: it ends the doubt. */
static psa_status_t find_for_change(struct store *store, int32_t client, uint64_t uid, struct store_object *object)
{
	psa_status_t status = get_ready(store, true);
	if (status == PSA_SUCCESS)
		status = store_find(store, client, uid, object);
	if (status == PSA_SUCCESS || status == PSA_ERROR_DATA_CORRUPT || status == PSA_ERROR_DOES_NOT_EXIST) {
		bool once = object->entry != STORE_NO_ENTRY && (object->record.flags & PSA_STORAGE_FLAG_WRITE_ONCE) != 0;
		return once ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
	}
	return status;
}

psa_status_t store_set(struct store *store, int32_t client, uint64_t uid, uint32_t size, uint8_t flags,
		       const struct store_source *source)
{
	struct store_object old;
	psa_status_t status = find_for_change(store, client, uid, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (!fits(store, &old, size))
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	struct store_record record = { .uid = uid, .client = client, .size = (uint16_t)size, .flags = flags, .kind = STORE_OBJECT };
	return write(store, &record, source);
}

psa_status_t store_remove(struct store *store, int32_t client, uint64_t uid)
{
	struct store_object old;
	psa_status_t status = find_for_change(store, client, uid, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (old.entry == STORE_NO_ENTRY)
		return store->lost ? PSA_ERROR_DATA_CORRUPT : PSA_ERROR_DOES_NOT_EXIST;
	struct store_record record = { .uid = uid, .client = client, .kind = STORE_GONE };
	return write(store, &record, NULL);
}
