/* SPDX-License-Identifier: Apache-2.0 */
/** What the tests of the store share: a store on simulated flash, objects whose bytes follow from a seed, and a model of both. */
#ifndef MERLON_TESTS_LIB_STORE_BENCH_H
#define MERLON_TESTS_LIB_STORE_BENCH_H

#include <merlon/lib/store.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <psa/storage_common.h>
#include <string.h>

enum { SECTOR = 4096, WRITE_SIZE = 8, STORE_OBJECTS_MAX = 256, STORE_OBJECT_SIZE_MAX = 4096 };

/* A store as Internal Trusted Storage has it. One per program. */
static struct store_entry store_entries[STORE_OBJECTS_MAX];
static uint8_t store_buffer[512];
static struct store_config store_config = { .entries = store_entries,
					    .buffer = store_buffer,
					    .entry_max = STORE_OBJECTS_MAX,
					    .buffer_size = sizeof store_buffer,
					    .object_size_max = STORE_OBJECT_SIZE_MAX,
					    .block_sectors = 2 };

static inline psa_status_t open_store(struct store *store, const struct medium *medium)
{
	store_config.medium = medium;
	return store_open(store, &store_config);
}

/* Byte i of an object made from `seed`. */
static inline uint8_t byte_of(uint32_t seed, uint32_t i)
{
	return (uint8_t)((seed * 2654435761u >> 13) + i * 31 + i / 256);
}

struct pattern {
	uint32_t seed, done;
};

static inline psa_status_t read_pattern(void *context, void *data, size_t size)
{
	struct pattern *pattern = context;
	for (size_t i = 0; i < size; i++)
		((uint8_t *)data)[i] = byte_of(pattern->seed, pattern->done++);
	return PSA_SUCCESS;
}

static inline psa_status_t set(struct store *store, int32_t client, uint64_t uid, uint32_t size, uint32_t seed, uint8_t flags)
{
	struct pattern pattern = { seed, 0 };
	return store_set(store, client, uid, size, flags, &(struct store_source) { read_pattern, &pattern });
}

/* All of an object by way of the calls that the service makes. @return What the first of them that failed answered. */
static inline psa_status_t get(struct store *store, int32_t client, uint64_t uid, uint8_t *data, uint32_t *size)
{
	struct store_object object;
	psa_status_t status = store_find(store, client, uid, &object);
	if (status == PSA_SUCCESS)
		status = store_verify(store, &object);
	*size = object.record.size;
	for (uint32_t done = 0, piece; status == PSA_SUCCESS && done < *size; done += piece) {
		const uint8_t *bytes;
		piece = *size - done;
		status = store_read(store, &object, done, &bytes, &piece);
		if (status == PSA_SUCCESS)
			memcpy(data + done, bytes, piece);
	}
	return status;
}

static inline bool is_pattern(const uint8_t *data, uint32_t size, uint32_t seed)
{
	for (uint32_t i = 0; i < size; i++)
		if (data[i] != byte_of(seed, i))
			return false;
	return true;
}

/* True when the object is there and is just what `seed` and `size` say. */
static inline bool holds(struct store *store, int32_t client, uint64_t uid, uint32_t size, uint32_t seed)
{
	static uint8_t data[STORE_OBJECT_SIZE_MAX];
	uint32_t found;
	return get(store, client, uid, data, &found) == PSA_SUCCESS && found == size && is_pattern(data, size, seed);
}

#endif
