/* SPDX-License-Identifier: Apache-2.0 */
#include "index.h"
#include <merlon/lib/le.h>
#include <psa/internal_trusted_storage.h>
#include <string.h>

/* Objects of this partition in Internal Trusted Storage: the head, and the pages from PAGE_UID up. */
enum { HEAD_UID = 0x100, PAGE_UID = 0x101 };

enum {
	ENTRY_SIZE = 32,
	PAGE_SIZE = PS_PAGE_ENTRIES * ENTRY_SIZE,
	/* Every part of the index: nonce, stamp, content, tag. The head's content is whether all pages have been written. */
	PART_HEAD = PS_NONCE_SIZE + 4,
	AD_SIZE = 8,
	COMPLETE_SIZE = 4,
};

struct part {
	uint8_t bytes[PART_HEAD + PAGE_SIZE + PS_TAG_SIZE];
};

/* Which part it is and its stamp: one part is not taken for another, nor with another stamp. */
static void describe(uint8_t ad[AD_SIZE], uint32_t uid, uint32_t stamp)
{
	le32_store(ad, uid);
	le32_store(ad + 4, stamp);
}

static psa_status_t part_write(struct ps_index *index, uint32_t uid, struct part *part, size_t size)
{
	uint8_t ad[AD_SIZE];
	if (!ps_nonce_next(&index->nonces, part->bytes))
		return PSA_ERROR_STORAGE_FAILURE;
	le32_store(part->bytes + PS_NONCE_SIZE, index->stamp);
	describe(ad, uid, index->stamp);
	psa_status_t status = ps_seal(part->bytes, ad, sizeof ad, part->bytes + PART_HEAD, size);
	return status == PSA_SUCCESS ? psa_its_set(uid, PART_HEAD + size + PS_TAG_SIZE, part->bytes, PSA_STORAGE_FLAG_NONE)
				     : status;
}

/* @retval PSA_ERROR_INVALID_SIGNATURE  There is something else. @retval PSA_ERROR_DOES_NOT_EXIST  There is nothing. */
static psa_status_t part_read(uint32_t uid, struct part *part, size_t size, uint32_t *stamp)
{
	uint8_t ad[AD_SIZE];
	size_t length;
	psa_status_t status = psa_its_get(uid, 0, sizeof part->bytes, part->bytes, &length);
	if (status == PSA_ERROR_DATA_CORRUPT || (status == PSA_SUCCESS && length != PART_HEAD + size + PS_TAG_SIZE))
		return PSA_ERROR_INVALID_SIGNATURE;
	if (status != PSA_SUCCESS)
		return status;
	*stamp = le32_load(part->bytes + PS_NONCE_SIZE);
	describe(ad, uid, *stamp);
	return ps_unseal(part->bytes, ad, sizeof ad, part->bytes + PART_HEAD, size);
}

static void entry_encode(const struct ps_entry *entry, uint8_t bytes[ENTRY_SIZE])
{
	le32_store(bytes, (uint32_t)entry->uid);
	le32_store(bytes + 4, (uint32_t)(entry->uid >> 32));
	le32_store(bytes + 8, (uint32_t)entry->client);
	le16_store(bytes + 12, entry->size);
	le16_store(bytes + 14, entry->capacity);
	bytes[16] = entry->flags;
	bytes[17] = entry->state;
	le16_store(bytes + 18, 0);
	memcpy(bytes + 20, entry->nonce, PS_NONCE_SIZE);
}

static void entry_decode(const uint8_t bytes[ENTRY_SIZE], struct ps_entry *entry)
{
	*entry = (struct ps_entry) { .uid = le32_load(bytes) | (uint64_t)le32_load(bytes + 4) << 32,
				     .client = (int32_t)le32_load(bytes + 8),
				     .size = le16_load(bytes + 12),
				     .capacity = le16_load(bytes + 14),
				     .flags = bytes[16],
				     .state = bytes[17] };
	memcpy(entry->nonce, bytes + 20, PS_NONCE_SIZE);
}

static psa_status_t page_write(struct ps_index *index, uint32_t page)
{
	struct part part;
	for (uint32_t i = 0; i < PS_PAGE_ENTRIES; i++)
		entry_encode(&index->entries[page * PS_PAGE_ENTRIES + i], part.bytes + PART_HEAD + i * ENTRY_SIZE);
	return part_write(index, PAGE_UID + page, &part, PAGE_SIZE);
}

/* Pages of an older epoch are kept as what they are: objects that somebody put back. */
static psa_status_t page_read(struct ps_index *index, uint32_t page, bool must_exist)
{
	struct part part;
	uint32_t stamp;
	psa_status_t status = part_read(PAGE_UID + page, &part, PAGE_SIZE, &stamp);
	if (status == PSA_ERROR_INVALID_SIGNATURE || (status == PSA_ERROR_DOES_NOT_EXIST && must_exist)) {
		index->is_replayed = true;
		return PSA_SUCCESS;
	}
	if (status != PSA_SUCCESS)
		return status == PSA_ERROR_DOES_NOT_EXIST ? PSA_SUCCESS : status;
	index->is_replayed = index->is_replayed || stamp < index->epoch;
	for (uint32_t i = 0; i < PS_PAGE_ENTRIES; i++)
		entry_decode(part.bytes + PART_HEAD + i * ENTRY_SIZE, &index->entries[page * PS_PAGE_ENTRIES + i]);
	return PSA_SUCCESS;
}

static psa_status_t head_write(struct ps_index *index, bool complete)
{
	struct part part;
	le32_store(part.bytes + PART_HEAD, complete);
	return part_write(index, HEAD_UID, &part, COMPLETE_SIZE);
}

static psa_status_t head_read(struct ps_index *index, bool *complete)
{
	struct part part;
	uint32_t stamp;
	psa_status_t status = part_read(HEAD_UID, &part, COMPLETE_SIZE, &stamp);
	*complete = false;
	if (status == PSA_ERROR_DOES_NOT_EXIST) {
		index->is_replayed = index->epoch != 0; /* one-time memory says that there was one */
		return PSA_SUCCESS;
	}
	index->exists = true;
	if (status == PSA_ERROR_INVALID_SIGNATURE) {
		index->is_replayed = true;
		return PSA_SUCCESS;
	}
	if (status != PSA_SUCCESS)
		return status;
	index->is_replayed = stamp < index->epoch;
	index->nonces.start = ps_nonce_start(part.bytes);
	*complete = le32_load(part.bytes + PART_HEAD) != 0;
	return PSA_SUCCESS;
}

psa_status_t ps_index_open(struct ps_index *index, uint32_t epoch)
{
	bool complete;
	*index = (struct ps_index) { .epoch = epoch, .stamp = epoch };
	psa_status_t status = ps_key_get();
	if (status == PSA_SUCCESS)
		status = head_read(index, &complete);
	for (uint32_t page = 0; page < PS_PAGES && status == PSA_SUCCESS; page++)
		status = page_read(index, page, complete);
	for (uint32_t i = 0; i < PS_OBJECTS_MAX && index->is_replayed; i++)
		if ((index->entries[i].state & PS_USED) != 0)
			index->entries[i].state |= PS_STALE;
	return status;
}

/* The head first: the number of this start must be taken before a nonce with it is used for anything else. */
psa_status_t ps_index_begin(struct ps_index *index, uint32_t stamp)
{
	bool all = !index->exists || stamp != 0 || index->is_replayed;
	index->stamp = stamp;
	psa_status_t status = ps_nonces_begin(&index->nonces, index->nonces.start + 1);
	if (status == PSA_SUCCESS)
		status = head_write(index, index->exists);
	for (uint32_t page = 0; page < PS_PAGES && status == PSA_SUCCESS && all; page++)
		status = page_write(index, page);
	if (status == PSA_SUCCESS && !index->exists)
		status = head_write(index, true);
	index->exists = index->exists || status == PSA_SUCCESS;
	index->is_stamped = status == PSA_SUCCESS;
	index->is_replayed = index->is_replayed && status != PSA_SUCCESS;
	return status;
}

psa_status_t ps_index_save(struct ps_index *index, uint32_t entry)
{
	return page_write(index, entry / PS_PAGE_ENTRIES);
}

uint32_t ps_index_find(const struct ps_index *index, int32_t client, uint64_t uid)
{
	for (uint32_t i = 0; i < PS_OBJECTS_MAX; i++) {
		const struct ps_entry *entry = &index->entries[i];
		if ((entry->state & PS_USED) != 0 && entry->uid == uid && entry->client == client)
			return i;
	}
	return PS_NO_ENTRY;
}

uint32_t ps_index_find_free(const struct ps_index *index)
{
	for (uint32_t i = 0; i < PS_OBJECTS_MAX; i++)
		if ((index->entries[i].state & PS_USED) == 0)
			return i;
	return PS_NO_ENTRY;
}
