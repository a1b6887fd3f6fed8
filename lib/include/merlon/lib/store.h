/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The store: objects of many clients on one medium, as a log of records in blocks. Format and invariants: docs/format/store.md.
 *
 * Every change is whole or absent whenever power is cut. Blocks are filled and erased in turn, so that all wear alike. One block is
 * always free: a block is given up only when what lives in it has been copied and the copy is complete.
 */
#ifndef MERLON_LIB_STORE_H
#define MERLON_LIB_STORE_H

#include <merlon/lib/medium.h>
#include <merlon/lib/store_layout.h>

enum {
	STORE_BLOCKS_MAX = 32,
	STORE_MEDIUM_MAX = 1 << 18, /* bytes: what an entry's place can name */
	STORE_BUFFER_MIN = 64,
};

struct store_block {
	uint32_t sequence; /* 0: free */
	uint16_t live;     /* bytes of records in it that are the newest of their object */
	bool blank;        /* free, and erased since the store was opened */
};

/** One object: a hash of its name, and where its record is, as a number of units from the start of the medium. */
struct store_entry {
	uint32_t hash : 16, where : 15;
	uint32_t suspect : 1; /* a newer version may have been lost */
};

/** What a store consists of. The owner keeps it, and all that it names, as long as the store. */
struct store_config {
	const struct medium *medium; /* erases to 0xFF; units of STORE_UNIT */
	struct store_entry *entries; /* one for each object that there can be */
	uint8_t *buffer;             /* work space; the larger, the fewer reads and programs */
	uint16_t entry_max;          /* entries */
	uint16_t buffer_size;        /* bytes: whole units, at least STORE_BUFFER_MIN */
	uint16_t object_size_max;    /* bytes of the largest object */
	uint8_t block_sectors;       /* erase sectors of one block: what is copied and erased together */
};

struct store {
	const struct store_config *config;
	uint32_t block_size;        /* bytes */
	uint32_t sequence;          /* the highest ever used */
	uint32_t head, used;        /* the block that takes the next record, and the bytes of it that are taken */
	uint32_t live;              /* bytes of the records of all objects */
	uint32_t cached_at, cached; /* bytes of the medium that `buffer` holds: from where, how many */
	uint16_t count;             /* objects */
	uint8_t block_count;
	bool dirty;  /* the head ends in something torn: rewrite it before anything is appended */
	bool failed; /* what is here is not what flash says: open again before anything else */
	bool lost;   /* a record's head is damaged: an object that is not found may have been that one */
	struct store_block blocks[STORE_BLOCKS_MAX];
};

/** An object that was found. Valid until the store changes. */
struct store_object {
	struct store_record record;
	uint16_t entry, where;
};

/** Whence the data of a new object come. Called until all bytes have been read; in order. */
struct store_source {
	psa_status_t (*read)(void *context, void *data, size_t size);
	void *context;
};

/**
 * Find out what is there; finish or undo what a power cut left half done.
 *
 * @param config  3 to STORE_BLOCKS_MAX whole blocks on at most STORE_MEDIUM_MAX bytes; the largest object fits into half a block.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Another geometry.
 * @retval PSA_ERROR_STORAGE_FAILURE   The medium failed.
 */
psa_status_t store_open(struct store *store, const struct store_config *config);

/**
 * @retval PSA_ERROR_DOES_NOT_EXIST  No such object.
 * @retval PSA_ERROR_DATA_CORRUPT    It cannot be told: damage hides what is newest. *object is filled in if there is an older version.
 */
psa_status_t store_find(struct store *store, int32_t client, uint64_t uid, struct store_object *object);

/**
 * The object of entry `index`, for a walk over all: from 0 up. The order has no meaning, and changes when the store does.
 * @retval PSA_ERROR_DOES_NOT_EXIST  There are no more. Others as for store_find().
 */
psa_status_t store_at(struct store *store, uint32_t index, struct store_object *object);

/** Check all data of the object. @retval PSA_ERROR_DATA_CORRUPT  They differ from what was stored. */
psa_status_t store_verify(struct store *store, const struct store_object *object);

/** A piece of the object: *data points to `*size` bytes at `offset`, at least 1 and at most *size as given. Valid until the next call. */
psa_status_t store_read(struct store *store, const struct store_object *object, uint32_t offset, const uint8_t **data,
			uint32_t *size);

/**
 * Make an object, or replace it.
 *
 * @retval PSA_ERROR_NOT_PERMITTED         It exists and is WRITE_ONCE.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  Too large, too many objects, or no room. Depends on the objects only, never on history.
 * @retval PSA_ERROR_STORAGE_FAILURE       The medium failed; the object is old or new, whole.
 */
psa_status_t store_set(struct store *store, int32_t client, uint64_t uid, uint32_t size, uint8_t flags,
		       const struct store_source *source);

psa_status_t store_remove(struct store *store, int32_t client, uint64_t uid);

/** Bytes that all records together may take: room for any mixture of sizes, whatever the order of calls. */
uint32_t store_capacity(const struct store *store);

#endif
