/* SPDX-License-Identifier: Apache-2.0 */
/** Objects: sealed under a nonce that the index knows, kept in a store in external flash. Page: docs/format/ps.md. */
#ifndef MERLON_PS_OBJECT_H
#define MERLON_PS_OBJECT_H

#include "index.h"
#include <merlon/lib/store.h>
#include <merlon/secure_ps/ps.h>

struct ps {
	struct ps_config config;
	struct store store;
	struct store_config store_config;
	struct store_entry store_entries[PS_OBJECTS_MAX + 1];
	uint8_t store_buffer[256];
	struct ps_index index;
	bool is_open;
	uint8_t work[PS_OBJECT_SIZE_MAX + PS_TAG_SIZE]; /* one object, plain or sealed */
};

/**
 * Open index and store, if they are not. Bytes in external flash that no index names are removed.
 * @retval PSA_ERROR_STORAGE_FAILURE  One of them cannot be read, or there is no key.
 */
psa_status_t ps_open(struct ps *ps);

/**
 * The object's data, checked, in ps->work.
 * @retval PSA_ERROR_INVALID_SIGNATURE, PSA_ERROR_DATA_CORRUPT, PSA_ERROR_STORAGE_FAILURE  As psa_ps_get() says.
 */
psa_status_t ps_object_load(struct ps *ps, uint32_t entry);

/**
 * Seal `wanted->size` bytes of ps->work and store them as object `entry`, which becomes `wanted`; its state and nonce are this
 * function's. A power cut leaves the old object or the new one.
 * @retval PSA_ERROR_STORAGE_FAILURE  A medium failed; the object is old or new.
 */
psa_status_t ps_object_store(struct ps *ps, uint32_t entry, const struct ps_entry *wanted);

psa_status_t ps_object_remove(struct ps *ps, uint32_t entry);

/** Is there room for an object of this capacity in place of `entry` (PS_NO_ENTRY: a new one)? Depends on the objects only. */
bool ps_object_fits(const struct ps *ps, uint32_t entry, uint32_t capacity);

#endif
