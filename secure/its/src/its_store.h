/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The store: objects of many clients on one medium, as a log of records in blocks. Format and invariants: docs/format/its.md.
 *
 * Every change is whole or absent whenever power is cut. Blocks are filled and erased in turn, so that all wear alike. One block is
 * always free: a block is given up only when what lives in it has been copied and the copy is complete.
 */
#ifndef MERLON_ITS_STORE_H
#define MERLON_ITS_STORE_H

#include "its_layout.h"
#include <merlon/lib/medium.h>

enum {
	ITS_BLOCK_SECTORS = 2,
	ITS_BLOCKS_MAX = 16,
	ITS_OBJECTS_MAX = 256,
	ITS_OBJECT_SIZE_MAX = 4096,
	ITS_BUFFER_SIZE = 512,
};

struct its_block {
	uint32_t sequence; /* 0: free */
	uint16_t live;     /* bytes of records in it that are the newest of their object */
	bool blank;        /* free, and erased since the store was opened */
};

/** One object: a hash of its name, and where its record is, as a number of units from the start of the medium. */
struct its_entry {
	uint16_t hash, where;
};

struct its_store {
	const struct medium *medium;
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
	struct its_block blocks[ITS_BLOCKS_MAX];
	struct its_entry entries[ITS_OBJECTS_MAX];
	uint8_t suspect[ITS_OBJECTS_MAX / 8]; /* per entry: a newer version may have been lost */
	uint8_t buffer[ITS_BUFFER_SIZE];
};

/** An object that was found. Valid until the store changes. */
struct its_object {
	struct its_record record;
	uint16_t entry, where;
};

/** Whence the data of a new object come. Called until all bytes have been read; in order. */
struct its_source {
	psa_status_t (*read)(void *context, void *data, size_t size);
	void *context;
};

/**
 * Find out what is there; finish or undo what a power cut left half done.
 *
 * @param medium  Erases to 0xFF; units of ITS_UNIT; at most ITS_BLOCKS_MAX blocks, at least 3. Outlives the store.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Another geometry.
 * @retval PSA_ERROR_STORAGE_FAILURE   The medium failed.
 */
psa_status_t its_store_open(struct its_store *store, const struct medium *medium);

/**
 * @retval PSA_ERROR_DOES_NOT_EXIST  No such object.
 * @retval PSA_ERROR_DATA_CORRUPT    It cannot be told: damage hides what is newest. *object is filled in if there is an older version.
 */
psa_status_t its_store_find(struct its_store *store, int32_t client, uint64_t uid, struct its_object *object);

/** Check all data of the object. @retval PSA_ERROR_DATA_CORRUPT  They differ from what was stored. */
psa_status_t its_store_verify(struct its_store *store, const struct its_object *object);

/** A piece of the object: *data points to `*size` bytes at `offset`, at least 1 and at most *size as given. Valid until the next call. */
psa_status_t its_store_read(struct its_store *store, const struct its_object *object, uint32_t offset, const uint8_t **data,
			    uint32_t *size);

/**
 * Make an object, or replace it.
 *
 * @retval PSA_ERROR_NOT_PERMITTED         It exists and is WRITE_ONCE.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  Too large, too many objects, or no room. Depends on the objects only, never on history.
 * @retval PSA_ERROR_STORAGE_FAILURE       The medium failed; the object is old or new, whole.
 */
psa_status_t its_store_set(struct its_store *store, int32_t client, uint64_t uid, uint32_t size, uint8_t flags,
			   const struct its_source *source);

psa_status_t its_store_remove(struct its_store *store, int32_t client, uint64_t uid);

/** Bytes that all records together may take: room for any mixture of sizes, whatever the order of calls. */
uint32_t its_store_capacity(const struct its_store *store);

#endif
