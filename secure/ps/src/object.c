/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"
#include <merlon/lib/epoch.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <psa/storage_common.h>
#include <string.h>

enum { BLOCK_SECTORS = 2, AD_SIZE = 24, AD_FORMAT = 0x01005350 /* "PS", format 1 */ };

/* In external flash an object lies under one of two names, so that the old one is there until the index names the new one. */
static uint64_t name_of(uint32_t entry, uint8_t state)
{
	return 2 * (uint64_t)entry + ((state & PS_SECOND) != 0) + 1;
}

/* Does the index name this object of the store? */
static bool is_current(const struct ps *ps, const struct store_object *object)
{
	uint64_t entry = (object->record.uid - 1) / 2;
	if (object->record.client != 0 || object->record.uid == 0 || entry >= PS_OBJECTS_MAX)
		return false;
	uint8_t state = ps->index.entries[entry].state;
	return (state & PS_USED) != 0 && object->record.uid == name_of((uint32_t)entry, state);
}

/* Remove what the index does not name: the rest of a change that was cut, or what somebody put there. */
static psa_status_t purge(struct ps *ps)
{
	struct store_object object;
	for (uint32_t i = 0;;) {
		psa_status_t status = store_at(&ps->store, i, &object);
		if (status == PSA_ERROR_DOES_NOT_EXIST)
			return PSA_SUCCESS;
		if (status != PSA_SUCCESS && status != PSA_ERROR_DATA_CORRUPT)
			return status;
		if (is_current(ps, &object)) {
			i++;
			continue;
		}
		status = store_remove(&ps->store, object.record.client, object.record.uid);
		if (status != PSA_SUCCESS)
			return status;
	}
}

/* Bytes of which nothing can be made were not written by this code: better an empty area than none. The index still says what is lost. */
static psa_status_t open_store(struct ps *ps)
{
	psa_status_t status = store_open(&ps->store, &ps->store_config);
	if (status == PSA_SUCCESS)
		status = purge(ps);
	if (status == PSA_SUCCESS || status == PSA_ERROR_STORAGE_FAILURE || status == PSA_ERROR_INVALID_ARGUMENT)
		return status;
	status = medium_erase(ps->config.area, 0, ps->config.area->size);
	return status == PSA_SUCCESS ? store_open(&ps->store, &ps->store_config) : status;
}

psa_status_t ps_open(struct ps *ps)
{
	if (ps->is_open)
		return PSA_SUCCESS;
	ps->store_config = (struct store_config) { .medium = ps->config.area,
						   .entries = ps->store_entries,
						   .buffer = ps->store_buffer,
						   .entry_max = PS_OBJECTS_MAX + 1,
						   .buffer_size = sizeof ps->store_buffer,
						   .object_size_max = PS_OBJECT_SIZE_MAX + PS_TAG_SIZE,
						   .block_sectors = BLOCK_SECTORS };
	if (ps->config.epoch != NULL && ps->config.epoch_value > EPOCH_MAX)
		return PSA_ERROR_STORAGE_FAILURE;
	psa_status_t status = ps_index_open(&ps->index, ps->config.epoch != NULL ? ps->config.epoch_value : 0);
	if (status == PSA_SUCCESS)
		status = open_store(ps);
	ps->is_open = status == PSA_SUCCESS;
	return status == PSA_SUCCESS ? status : PSA_ERROR_STORAGE_FAILURE;
}

/* Whose, which, how large, with which flags: sealed with the data, never stored beside them. */
static void describe(const struct ps_entry *entry, uint8_t ad[AD_SIZE])
{
	le32_store(ad, AD_FORMAT);
	le32_store(ad + 4, (uint32_t)entry->uid);
	le32_store(ad + 8, (uint32_t)(entry->uid >> 32));
	le32_store(ad + 12, (uint32_t)entry->client);
	le16_store(ad + 16, entry->size);
	le16_store(ad + 18, entry->capacity);
	le32_store(ad + 20, entry->flags);
}

static psa_status_t fetch(struct ps *ps, const struct store_object *object, uint32_t size)
{
	psa_status_t status = object->record.size == size ? store_verify(&ps->store, object) : PSA_ERROR_DATA_CORRUPT;
	for (uint32_t done = 0, piece; done < size && status == PSA_SUCCESS; done += piece) {
		const uint8_t *data;
		piece = size - done;
		status = store_read(&ps->store, object, done, &data, &piece);
		if (status == PSA_SUCCESS)
			memcpy(ps->work + done, data, piece);
	}
	return status;
}

psa_status_t ps_object_load(struct ps *ps, uint32_t entry)
{
	const struct ps_entry *wanted = &ps->index.entries[entry];
	struct store_object object;
	uint8_t ad[AD_SIZE];
	if ((wanted->state & PS_STALE) != 0)
		return PSA_ERROR_INVALID_SIGNATURE;
	psa_status_t status = store_find(&ps->store, 0, name_of(entry, wanted->state), &object);
	if (status == PSA_SUCCESS)
		status = fetch(ps, &object, wanted->size + PS_TAG_SIZE);
	if (status != PSA_SUCCESS)
		return status == PSA_ERROR_STORAGE_FAILURE ? status : PSA_ERROR_DATA_CORRUPT;
	describe(wanted, ad);
	return ps_unseal(wanted->nonce, ad, sizeof ad, ps->work, wanted->size);
}

/* Once in a start: its own number for nonces, and where the product has an epoch the stamp of the next one, which BL2 is then asked for. */
static psa_status_t begin_change(struct ps *ps)
{
	uint32_t stamp = 0;
	if (ps->index.is_stamped)
		return PSA_SUCCESS;
	if (ps->config.epoch != NULL)
		stamp = ps->config.epoch_value < EPOCH_MAX ? ps->config.epoch_value + 1 : EPOCH_MAX;
	psa_status_t status = ps_index_begin(&ps->index, stamp);
	return status == PSA_SUCCESS && ps->config.epoch != NULL ? epoch_request(ps->config.epoch, stamp) : status;
}

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

/* After an error memory may say more than flash. */
static psa_status_t settle(struct ps *ps, psa_status_t status)
{
	ps->is_open = ps->is_open && status == PSA_SUCCESS;
	return status == PSA_SUCCESS ? status : PSA_ERROR_STORAGE_FAILURE;
}

/* The new object first, under the other name; then the index, which decides; then the old one goes. */
psa_status_t ps_object_store(struct ps *ps, uint32_t entry, const struct ps_entry *wanted)
{
	struct ps_entry *place = &ps->index.entries[entry];
	struct ps_entry new = *wanted;
	struct bytes_source from = { ps->work };
	uint8_t ad[AD_SIZE], old = place->state;
	psa_status_t status = begin_change(ps);
	new.state = (uint8_t)(PS_USED | (~old & PS_SECOND));
	if (status == PSA_SUCCESS && !ps_nonce_next(&ps->index.nonces, new.nonce))
		status = PSA_ERROR_STORAGE_FAILURE;
	describe(&new, ad);
	if (status == PSA_SUCCESS)
		status = ps_seal(new.nonce, ad, sizeof ad, ps->work, new.size);
	if (status == PSA_SUCCESS)
		status = store_set(&ps->store, 0, name_of(entry, new.state), new.size + PS_TAG_SIZE, 0,
				   &(struct store_source) { read_bytes, &from });
	if (status != PSA_SUCCESS)
		return settle(ps, status);
	*place = new;
	status = ps_index_save(&ps->index, entry);
	if (status == PSA_SUCCESS && (old & PS_USED) != 0)
		(void)store_remove(&ps->store, 0, name_of(entry, old));
	return settle(ps, status);
}

psa_status_t ps_object_remove(struct ps *ps, uint32_t entry)
{
	uint8_t old = ps->index.entries[entry].state;
	psa_status_t status = begin_change(ps);
	if (status != PSA_SUCCESS)
		return settle(ps, status);
	/* Which of the names comes next is kept: the old object may still be there. */
	ps->index.entries[entry] = (struct ps_entry) { .state = old & PS_SECOND };
	status = ps_index_save(&ps->index, entry);
	if (status == PSA_SUCCESS)
		(void)store_remove(&ps->store, 0, name_of(entry, old));
	return settle(ps, status);
}

/* One object of the largest size more than there are must fit: while one is replaced both are there. */
bool ps_object_fits(const struct ps *ps, uint32_t entry, uint32_t capacity)
{
	uint32_t taken = store_record_size(capacity + PS_TAG_SIZE) + store_record_size(PS_OBJECT_SIZE_MAX + PS_TAG_SIZE);
	if (capacity > PS_OBJECT_SIZE_MAX || (entry == PS_NO_ENTRY && ps_index_find_free(&ps->index) == PS_NO_ENTRY))
		return false;
	for (uint32_t i = 0; i < PS_OBJECTS_MAX; i++)
		if (i != entry && (ps->index.entries[i].state & PS_USED) != 0)
			taken += store_record_size(ps->index.entries[i].capacity + PS_TAG_SIZE);
	return taken <= store_capacity(&ps->store);
}
