/* SPDX-License-Identifier: Apache-2.0 */
#include "its_store.h"
#include "its_log.h"
#include <merlon/lib/crc.h>
#include <merlon/lib/mem.h>
#include <psa/storage_common.h>
#include <string.h>

enum { PEEK = 128, SCANS_MAX = 8 };

static uint16_t hash_of(int32_t client, uint64_t uid)
{
	uint32_t mixed = ((uint32_t)uid ^ (uint32_t)(uid >> 32) * 0x85ebca6bu ^ (uint32_t)client * 0xc2b2ae35u) * 0x9e3779b1u;
	return (uint16_t)(mixed >> 16);
}

static uint32_t address_of(const struct its_entry *entry)
{
	return (uint32_t)entry->where * ITS_UNIT;
}

static struct its_block *block_of(struct its_store *store, uint16_t where)
{
	return &store->blocks[where * ITS_UNIT / store->block_size];
}

uint32_t its_entry_at(const struct its_store *store, uint16_t where)
{
	for (uint32_t i = 0; i < store->count; i++)
		if (store->entries[i].where == where)
			return i;
	return ITS_NO_ENTRY;
}

psa_status_t its_entry_find(struct its_store *store, int32_t client, uint64_t uid, uint32_t ahead, uint32_t *entry,
			    struct its_record *record)
{
	uint16_t hash = hash_of(client, uid);
	for (uint32_t i = 0; i < store->count; i++) {
		uint8_t head[ITS_RECORD_HEAD];
		const uint8_t *bytes;
		if (store->entries[i].hash != hash)
			continue;
		psa_status_t status = its_log_peek(store, address_of(&store->entries[i]), sizeof head, ahead, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		memcpy(head, bytes, sizeof head);
		if (its_record_decode(head, record) == ITS_HEAD_VALID && record->uid == uid && record->client == client) {
			*entry = i;
			return PSA_SUCCESS;
		}
	}
	*entry = ITS_NO_ENTRY;
	return PSA_SUCCESS;
}

static void set_suspect(struct its_store *store, uint32_t entry, bool suspect)
{
	uint8_t mask = (uint8_t)(1u << entry % 8);
	store->suspect[entry / 8] = (uint8_t)(suspect ? store->suspect[entry / 8] | mask : store->suspect[entry / 8] & ~mask);
}

static bool is_suspect(const struct its_store *store, uint32_t entry)
{
	return (store->suspect[entry / 8] & 1u << entry % 8) != 0;
}

static void forget(struct its_store *store, uint32_t entry, const struct its_record *record)
{
	uint16_t size = (uint16_t)its_record_size(record->size);
	block_of(store, store->entries[entry].where)->live -= size;
	store->live -= size;
	store->count--;
	store->entries[entry] = store->entries[store->count];
	set_suspect(store, entry, is_suspect(store, store->count));
	set_suspect(store, store->count, false);
}

/* @return False when there is no entry left. */
static bool remember(struct its_store *store, const struct its_record *record, uint16_t where)
{
	uint16_t size = (uint16_t)its_record_size(record->size);
	if (store->count == ITS_OBJECTS_MAX)
		return false;
	store->entries[store->count++] = (struct its_entry) { hash_of(record->client, record->uid), where };
	block_of(store, where)->live += size;
	store->live += size;
	return true;
}

/* A record that counts takes the place of what its object was before. */
static psa_status_t apply(struct its_store *store, const struct its_record *record, uint16_t where)
{
	struct its_record old;
	uint32_t entry;
	psa_status_t status = its_entry_find(store, record->client, record->uid, 0, &entry, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (entry != ITS_NO_ENTRY)
		forget(store, entry, &old);
	return record->kind == ITS_GONE || remember(store, record, where) ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

static psa_status_t is_blank(struct its_store *store, uint32_t at, uint32_t end, bool *blank)
{
	*blank = true;
	while (at < end && *blank) {
		const uint8_t *bytes;
		uint32_t piece = end - at < ITS_BUFFER_SIZE ? end - at : ITS_BUFFER_SIZE;
		psa_status_t status = its_log_peek(store, at, piece, 0, &bytes);
		if (status != PSA_SUCCESS)
			return status;
		*blank = mem_is_filled(bytes, 0xff, piece);
		at += piece;
	}
	return PSA_SUCCESS;
}

/* A head that cannot be read. Torn, nothing lies behind it; only the newest block can end so. Otherwise it is damage: what it was
 * nobody knows, and every object known so far may have been replaced by it. */
static psa_status_t meet_damage(struct its_store *store, uint32_t at, uint32_t end, bool newest)
{
	bool blank;
	psa_status_t status = is_blank(store, at + ITS_RECORD_HEAD, end, &blank);
	if (status != PSA_SUCCESS)
		return status;
	if (newest && blank) {
		store->dirty = true;
		return PSA_SUCCESS;
	}
	store->lost = true;
	store->used = store->block_size;
	for (uint32_t i = 0; i < store->count; i++)
		set_suspect(store, i, true);
	return PSA_SUCCESS;
}

/* Whether something follows a record: if not, it may be torn. */
static psa_status_t is_last(struct its_store *store, uint32_t at, uint32_t end, bool *last)
{
	uint8_t bytes[ITS_RECORD_HEAD];
	struct its_record next;
	*last = end - at < ITS_RECORD_DATA;
	psa_status_t status = *last ? PSA_SUCCESS : medium_read(store->medium, at, bytes, sizeof bytes);
	if (!*last && status == PSA_SUCCESS)
		*last = its_record_decode(bytes, &next) == ITS_HEAD_BLANK;
	return status;
}

/* All records of one block. Whatever is not the last one of the newest block was committed before the next thing was written. */
static psa_status_t scan_block(struct its_store *store, uint32_t block, bool newest)
{
	uint32_t base = block * store->block_size;
	store->head = block;
	for (store->used = ITS_BLOCK_BEGIN; store->used + ITS_RECORD_DATA <= store->block_size;) {
		uint8_t bytes[ITS_RECORD_DATA];
		const uint8_t *peeked;
		struct its_record record;
		uint32_t check, at = base + store->used;
		bool last = false;
		psa_status_t status = its_log_peek(store, at, sizeof bytes, ITS_BUFFER_SIZE, &peeked);
		if (status != PSA_SUCCESS)
			return status;
		memcpy(bytes, peeked, sizeof bytes);
		enum its_head what = its_record_decode(bytes, &record);
		if (what == ITS_HEAD_BLANK || what == ITS_HEAD_SPOILT) {
			store->dirty = newest && what == ITS_HEAD_SPOILT;
			break;
		}
		if (what == ITS_HEAD_BAD || its_record_size(record.size) > store->block_size - store->used)
			return meet_damage(store, at, base + store->block_size, newest);
		if (newest && !its_commit_decode(bytes + ITS_RECORD_HEAD, &check))
			status = is_last(store, at + its_record_size(record.size), base + store->block_size, &last);
		store->dirty = last;
		if (status == PSA_SUCCESS && !last)
			status = apply(store, &record, (uint16_t)(at / ITS_UNIT));
		if (status != PSA_SUCCESS || last)
			return status;
		store->used += its_record_size(record.size);
	}
	return PSA_SUCCESS;
}

/* Which blocks count; a block whose complete copy is there does not. */
static psa_status_t scan_heads(struct its_store *store)
{
	struct its_block_head heads[ITS_BLOCKS_MAX];
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint8_t bytes[ITS_BLOCK_BEGIN];
		psa_status_t status = medium_read(store->medium, i * store->block_size, bytes, sizeof bytes);
		if (status != PSA_SUCCESS)
			return status;
		if (its_block_decode(bytes, &heads[i]) != ITS_HEAD_VALID)
			continue;
		store->sequence = heads[i].sequence > store->sequence ? heads[i].sequence : store->sequence;
		if (its_is_complete(bytes + ITS_BLOCK_HEAD))
			store->blocks[i].sequence = heads[i].sequence;
	}
	for (uint32_t i = 0; i < store->block_count; i++) {
		uint32_t copy = 0;
		while (copy < store->block_count && (store->blocks[copy].sequence == 0 || store->blocks[i].sequence == 0 ||
						     heads[copy].replaces != store->blocks[i].sequence))
			copy++;
		psa_status_t status = copy < store->block_count ? its_log_free(store, i) : PSA_SUCCESS;
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_SUCCESS;
}

static psa_status_t scan(struct its_store *store, const struct medium *medium)
{
	uint32_t block_size = medium->erase_size * ITS_BLOCK_SECTORS;
	*store = (struct its_store) { .medium = medium,
				      .block_size = block_size,
				      .block_count = (uint8_t)(medium->size / block_size),
				      .head = ITS_NO_BLOCK,
				      .failed = true };
	psa_status_t status = scan_heads(store);
	uint32_t block = its_log_next(store, 0);
	while (status == PSA_SUCCESS && block != ITS_NO_BLOCK) {
		uint32_t next = its_log_next(store, store->blocks[block].sequence);
		status = scan_block(store, block, next == ITS_NO_BLOCK);
		block = next;
	}
	return status;
}

psa_status_t its_store_open(struct its_store *store, const struct medium *medium)
{
	uint32_t block_size = medium->erase_size * ITS_BLOCK_SECTORS;
	if (medium->write_size != ITS_UNIT || medium->erase_size == 0 || medium->size % block_size != 0 ||
	    medium->size / block_size < 3 || medium->size / block_size > ITS_BLOCKS_MAX ||
	    block_size < ITS_BLOCK_BEGIN + its_record_size(ITS_OBJECT_SIZE_MAX))
		return PSA_ERROR_INVALID_ARGUMENT;
	for (unsigned i = 0; i < SCANS_MAX; i++) {
		psa_status_t status = scan(store, medium);
		store->failed = status != PSA_SUCCESS || store->dirty;
		if (!store->failed)
			return PSA_SUCCESS;
		if (status == PSA_SUCCESS)
			status = its_log_rewrite(store, store->head);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_ERROR_STORAGE_FAILURE;
}

uint32_t its_store_capacity(const struct its_store *store)
{
	uint32_t block = store->block_size - ITS_BLOCK_BEGIN - its_record_size(ITS_OBJECT_SIZE_MAX);
	return (uint32_t)(store->block_count - 1) * block;
}

/* Before anything: RAM says what flash says. Before a change: nothing torn is left, either. */
static psa_status_t get_ready(struct its_store *store, bool change)
{
	return store->failed || (change && store->dirty) ? its_store_open(store, store->medium) : PSA_SUCCESS;
}

psa_status_t its_store_find(struct its_store *store, int32_t client, uint64_t uid, struct its_object *object)
{
	uint32_t entry;
	psa_status_t status = get_ready(store, false);
	store->cached = 0;
	if (status == PSA_SUCCESS)
		status = its_entry_find(store, client, uid, PEEK, &entry, &object->record);
	if (status != PSA_SUCCESS)
		return status;
	object->entry = (uint16_t)entry;
	if (entry == ITS_NO_ENTRY)
		return store->lost ? PSA_ERROR_DATA_CORRUPT : PSA_ERROR_DOES_NOT_EXIST;
	object->where = store->entries[entry].where;
	return is_suspect(store, entry) ? PSA_ERROR_DATA_CORRUPT : PSA_SUCCESS;
}

psa_status_t its_store_read(struct its_store *store, const struct its_object *object, uint32_t offset, const uint8_t **data,
			    uint32_t *size)
{
	uint32_t at = object->where * ITS_UNIT + ITS_RECORD_DATA + offset;
	uint32_t end = store->cached_at + store->cached;
	if (at >= store->cached_at && at < end)
		*size = *size < end - at ? *size : end - at;
	*size = *size < ITS_BUFFER_SIZE ? *size : ITS_BUFFER_SIZE;
	return its_log_peek(store, at, *size, 0, data);
}

psa_status_t its_store_verify(struct its_store *store, const struct its_object *object)
{
	const uint8_t *bytes;
	uint32_t wanted, check = object->record.check;
	psa_status_t status = its_log_peek(store, object->where * ITS_UNIT + ITS_RECORD_HEAD, ITS_UNIT, 0, &bytes);
	if (status != PSA_SUCCESS)
		return status;
	its_commit_decode(bytes, &wanted);
	for (uint32_t done = 0, size; done < object->record.size; done += size) {
		size = object->record.size - done;
		status = its_store_read(store, object, done, &bytes, &size);
		if (status != PSA_SUCCESS)
			return status;
		check = crc32_update(check, bytes, size);
	}
	return check == wanted ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
}

static bool fits(const struct its_store *store, const struct its_object *old, uint32_t size)
{
	bool is_new = old->entry == ITS_NO_ENTRY;
	uint32_t live = store->live - (is_new ? 0 : its_record_size(old->record.size));
	return size <= ITS_OBJECT_SIZE_MAX && live + its_record_size(size) <= its_store_capacity(store) &&
	       (!is_new || store->count < ITS_OBJECTS_MAX);
}

/* Append a record and let it count. What is found before may move while room is made: it is found again. */
static psa_status_t write(struct its_store *store, struct its_record *record, const struct its_source *source)
{
	uint16_t where;
	psa_status_t status = its_log_make_room(store, record->size);
	store->failed = status != PSA_SUCCESS;
	if (status == PSA_SUCCESS)
		status = its_log_append(store, record, source, &where);
	return status == PSA_SUCCESS ? apply(store, record, where) : status;
}

/* DATA_CORRUPT is no obstacle to a change: it ends the doubt. */
static psa_status_t find_for_change(struct its_store *store, int32_t client, uint64_t uid, struct its_object *object)
{
	psa_status_t status = get_ready(store, true);
	if (status == PSA_SUCCESS)
		status = its_store_find(store, client, uid, object);
	if (status == PSA_SUCCESS || status == PSA_ERROR_DATA_CORRUPT || status == PSA_ERROR_DOES_NOT_EXIST) {
		bool once = object->entry != ITS_NO_ENTRY && (object->record.flags & PSA_STORAGE_FLAG_WRITE_ONCE) != 0;
		return once ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
	}
	return status;
}

psa_status_t its_store_set(struct its_store *store, int32_t client, uint64_t uid, uint32_t size, uint8_t flags,
			   const struct its_source *source)
{
	struct its_object old;
	psa_status_t status = find_for_change(store, client, uid, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (!fits(store, &old, size))
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	struct its_record record = { .uid = uid, .client = client, .size = (uint16_t)size, .flags = flags, .kind = ITS_OBJECT };
	return write(store, &record, source);
}

psa_status_t its_store_remove(struct its_store *store, int32_t client, uint64_t uid)
{
	struct its_object old;
	psa_status_t status = find_for_change(store, client, uid, &old);
	if (status != PSA_SUCCESS)
		return status;
	if (old.entry == ITS_NO_ENTRY)
		return store->lost ? PSA_ERROR_DATA_CORRUPT : PSA_ERROR_DOES_NOT_EXIST;
	struct its_record record = { .uid = uid, .client = client, .kind = ITS_GONE };
	return write(store, &record, NULL);
}
