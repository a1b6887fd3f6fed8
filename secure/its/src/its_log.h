/* SPDX-License-Identifier: Apache-2.0 */
/** Below the store: blocks, appending, and copying a block. Used by its_store.c alone. */
#ifndef MERLON_ITS_LOG_H
#define MERLON_ITS_LOG_H

#include "its_store.h"

enum { ITS_NO_BLOCK = ITS_BLOCKS_MAX, ITS_NO_ENTRY = ITS_OBJECTS_MAX };

/**
 * Bytes of the medium by way of the buffer: *bytes points to them. Reads up to `ahead` bytes where they are not yet there.
 * @param size  At most ITS_BUFFER_SIZE.
 */
psa_status_t its_log_peek(struct its_store *store, uint32_t at, uint32_t size, uint32_t ahead, const uint8_t **bytes);

/** Room for one record with `size` bytes of data at store->used of store->head. */
psa_status_t its_log_make_room(struct its_store *store, uint32_t size);

/** Append a record where there is room. After a failure the store is dirty. *where: its place, in units. */
psa_status_t its_log_append(struct its_store *store, struct its_record *record, const struct its_source *source, uint16_t *where);

/** Copy what lives in a block to a free one, which becomes the head, and free the block. On failure the caller opens the store anew. */
psa_status_t its_log_rewrite(struct its_store *store, uint32_t block);

/** The valid block with the lowest sequence above `sequence`, or ITS_NO_BLOCK. */
uint32_t its_log_next(const struct its_store *store, uint32_t sequence);

/** Erase a block that nothing needs. */
psa_status_t its_log_free(struct its_store *store, uint32_t block);

/** The entry whose record is at `where`, or ITS_NO_ENTRY. */
uint32_t its_entry_at(const struct its_store *store, uint16_t where);

/** The entry of this object, or ITS_NO_ENTRY; *record is its head. `ahead` as for its_log_peek(). */
psa_status_t its_entry_find(struct its_store *store, int32_t client, uint64_t uid, uint32_t ahead, uint32_t *entry,
			    struct its_record *record);

#endif
