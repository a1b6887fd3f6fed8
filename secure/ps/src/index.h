/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The index: what objects there are, and with which nonce each was sealed last. It lies in Internal Trusted Storage, so that external
 * flash is never asked what is right; a copy is in memory. Page: docs/format/ps.md.
 */
#ifndef MERLON_PS_INDEX_H
#define MERLON_PS_INDEX_H

#include "seal.h"

enum {
	PS_OBJECTS_MAX = 64,
	PS_OBJECT_SIZE_MAX = 2048, /* bytes */
	PS_PAGE_ENTRIES = 8,
	PS_PAGES = PS_OBJECTS_MAX / PS_PAGE_ENTRIES,
	PS_NO_ENTRY = PS_OBJECTS_MAX,
};

enum ps_state {
	PS_USED = 1,
	PS_SECOND = 2, /* the object lies under the second of its two names in external flash */
	PS_STALE = 4,  /* came with an index that was put back: not to be trusted until it is set anew */
};

struct ps_entry {
	uint64_t uid;
	int32_t client;
	uint16_t size, capacity; /* bytes */
	uint8_t flags, state;    /* PSA_STORAGE_FLAG_*, enum ps_state */
	uint8_t nonce[PS_NONCE_SIZE];
};

struct ps_index {
	struct ps_entry entries[PS_OBJECTS_MAX];
	struct ps_nonces nonces;
	uint32_t epoch;   /* of one-time memory, at this start */
	uint32_t stamp;   /* what this start writes into the index */
	bool exists;      /* there is an index in storage */
	bool is_stamped;  /* this start has stamped all of it: a page may be written alone */
	bool is_replayed; /* the index is older than one-time memory says, or parts of it are missing */
};

/**
 * Read and check all of the index.
 *
 * @param epoch  0 in products without.
 * @retval PSA_ERROR_STORAGE_FAILURE  It cannot be read, or there is no key. An index that is not right is no error: `is_replayed`.
 */
psa_status_t ps_index_open(struct ps_index *index, uint32_t epoch);

/**
 * Before the first change of a start: a number of its own for the nonces, and the stamp on every page.
 * @param stamp  The epoch that the index is good for.
 */
psa_status_t ps_index_begin(struct ps_index *index, uint32_t stamp);

/** Store the page of this entry: the change of the entry takes place. On failure the caller opens the index anew. */
psa_status_t ps_index_save(struct ps_index *index, uint32_t entry);

/** The entry of this object, or PS_NO_ENTRY. */
uint32_t ps_index_find(const struct ps_index *index, int32_t client, uint64_t uid);
/** An entry that is free, or PS_NO_ENTRY. */
uint32_t ps_index_find_free(const struct ps_index *index);

#endif
