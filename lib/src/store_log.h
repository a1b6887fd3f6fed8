/* SPDX-License-Identifier: Apache-2.0 */
/** Below the store: blocks, appending, and copying a block. Used by store.c alone. */
#ifndef MERLON_LIB_STORE_LOG_H
#define MERLON_LIB_STORE_LOG_H

#include <merlon/lib/store.h>

#define STORE_PLACE_MASK 0x7fffu /* what of a place an entry holds */

enum { STORE_NO_BLOCK = STORE_BLOCKS_MAX, STORE_NO_ENTRY = 0xffff };

/**
 * Bytes of the medium by way of the buffer: *bytes points to them, and they may be mended there. Reads up to `ahead` bytes where they are not yet there.
 * @param size  At most the size of the buffer.
 */
psa_status_t store_log_peek(struct store *store, uint32_t at, uint32_t size, uint32_t ahead, uint8_t **bytes);

/** A record that was found, or why there is none: nothing but blank units, or something that cannot be read. */
struct store_found {
	struct store_record record;
	uint32_t check;       /* of its data */
	enum store_head what; /* VALID, BLANK or BAD */
};

/**
 * The record at `*used` of the block at `base`, or behind up to STORE_SKIPS_MAX units that were left out; `*used` follows. `end`: of what
 * the block holds.
 */
psa_status_t store_log_seek(struct store *store, uint32_t base, uint32_t end, uint32_t *used, struct store_found *found);

/** A block that a cut may have left undecided counts for ever. */
psa_status_t store_log_decide(struct store *store, uint32_t block);

/** A block that must never count: end it, then erase it. */
psa_status_t store_log_kill(struct store *store, uint32_t block);

/** Room for one record with `size` bytes of data at store->used of store->head. */
psa_status_t store_log_make_room(struct store *store, uint32_t size);

/** Append a record where there is room. After a failure the store is dirty. *where: its place, in units. */
psa_status_t store_log_append(struct store *store, struct store_record *record, const struct store_source *source, uint16_t *where);

/** Copy what lives in a block to a free one, which becomes the head, and free the block. On failure the caller opens the store anew. */
psa_status_t store_log_rewrite(struct store *store, uint32_t block);

/** The valid block with the lowest sequence above `sequence`, or STORE_NO_BLOCK. */
uint32_t store_log_next(const struct store *store, uint32_t sequence);

/** Erase a block that nothing needs. */
psa_status_t store_log_free(struct store *store, uint32_t block);

/** The entry whose record is at `where`, or STORE_NO_ENTRY. */
uint32_t store_entry_at(const struct store *store, uint16_t where);

/** The entry of this object, or STORE_NO_ENTRY; *record is its head. `ahead` as for store_log_peek(). */
psa_status_t store_entry_find(struct store *store, int32_t client, uint64_t uid, uint32_t ahead, uint32_t *entry,
			      struct store_record *record);

#endif
