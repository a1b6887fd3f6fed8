/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Bytes of a store on flash: encode, decode, and repair of a single flipped bit. Page: docs/format/store.md.
 */
#ifndef MERLON_LIB_STORE_LAYOUT_H
#define MERLON_LIB_STORE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STORE_UNIT = 8,         /* program unit, bytes */
	STORE_BLOCK_HEAD = 16,  /* a block begins with its head, */
	STORE_DECIDE_PAIRS = 3, /* pairs of units that decide that it counts, */
	STORE_KILLS = 2,        /* units that end a block before it is erased, */
	STORE_BLOCK_BEGIN = 80, /* and then records */
	STORE_SKIPS_MAX = 1,    /* units before a record that may have been left out */
	STORE_RECORD_HEAD = 24, /* a record begins with its head, */
	STORE_RECORD_DATA =
		32, /* the unit that commits it, the data, filled up to whole units with 0xFF, and the unit that settles it */
};

/** A sequence number orders the blocks; 0 is none. `members`: the other blocks that count beside this one, bit i for block i. */
struct store_block_head {
	uint32_t sequence, members;
};

enum store_kind { STORE_OBJECT = 1, STORE_GONE = 2 };

struct store_record {
	uint64_t uid;
	int32_t client;
	uint32_t check;      /* CRC of the head; seeds the CRC of the data */
	uint16_t size;       /* of the data, bytes */
	uint8_t flags, kind; /* PSA_STORAGE_FLAG_*, enum store_kind */
};

/** What the bytes of a head are. A head with one flipped bit is decoded as it was. SPOILT: blank but for a flipped bit or two. */
enum store_head { STORE_HEAD_BLANK, STORE_HEAD_VALID, STORE_HEAD_SPOILT, STORE_HEAD_BAD };

void store_block_encode(const struct store_block_head *head, uint8_t bytes[STORE_BLOCK_HEAD]);
enum store_head store_block_decode(uint8_t bytes[STORE_BLOCK_HEAD], struct store_block_head *head);

/** Encodes and sets record->check. */
void store_record_encode(struct store_record *record, uint8_t bytes[STORE_RECORD_HEAD]);
enum store_head store_record_decode(uint8_t bytes[STORE_RECORD_HEAD], struct store_record *record);

/** The unit that commits a record. `check` is the CRC of the data, seeded by that of the head. */
void store_commit_encode(uint32_t check, uint8_t bytes[STORE_UNIT]);
/** @return True when the mark is whole; a mark that is not leaves `check` to decide. */
bool store_commit_decode(const uint8_t bytes[STORE_UNIT], uint32_t *check);

/** Units that decide, settle or kill are 0. True for all but a blank one; one flipped bit sets none. */
bool store_is_set(const uint8_t bytes[STORE_UNIT]);

/** Bytes that a record with `size` bytes of data takes on flash. */
static inline uint32_t store_record_size(uint32_t size)
{
	return (STORE_RECORD_DATA + size + STORE_UNIT - 1) / STORE_UNIT * STORE_UNIT + STORE_UNIT;
}

#endif
