/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Bytes of Internal Trusted Storage on flash: encode, decode, and repair of a single flipped bit. Page: docs/format/its.md.
 */
#ifndef MERLON_ITS_LAYOUT_H
#define MERLON_ITS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ITS_UNIT = 8,         /* program unit, bytes */
	ITS_BLOCK_HEAD = 16,  /* a block begins with its head, */
	ITS_BLOCK_BEGIN = 24, /* the unit that completes it, and then records */
	ITS_RECORD_HEAD = 24, /* a record begins with its head, */
	ITS_RECORD_DATA = 32, /* the unit that commits it, and then the data, filled up to whole units with 0xFF */
};

/** A sequence number orders the blocks; 0 is none. `replaces` is the block whose live records this one was made from, or 0. */
struct its_block_head {
	uint32_t sequence, replaces;
};

enum its_kind { ITS_OBJECT = 1, ITS_GONE = 2 };

struct its_record {
	uint64_t uid;
	int32_t client;
	uint32_t check;      /* CRC of the head; seeds the CRC of the data */
	uint16_t size;       /* of the data, bytes */
	uint8_t flags, kind; /* PSA_STORAGE_FLAG_*, enum its_kind */
};

/** What the bytes of a head are. A head with one flipped bit is decoded as it was. SPOILT: blank but for a flipped bit or two. */
enum its_head { ITS_HEAD_BLANK, ITS_HEAD_VALID, ITS_HEAD_SPOILT, ITS_HEAD_BAD };

void its_block_encode(const struct its_block_head *head, uint8_t bytes[ITS_BLOCK_HEAD]);
enum its_head its_block_decode(uint8_t bytes[ITS_BLOCK_HEAD], struct its_block_head *head);

/** Encodes and sets record->check. */
void its_record_encode(struct its_record *record, uint8_t bytes[ITS_RECORD_HEAD]);
enum its_head its_record_decode(uint8_t bytes[ITS_RECORD_HEAD], struct its_record *record);

/** The unit that commits a record. `check` is the CRC of the data, seeded by that of the head. */
void its_commit_encode(uint32_t check, uint8_t bytes[ITS_UNIT]);
/** @return True when the mark is whole; a mark that is not leaves `check` to decide. */
bool its_commit_decode(const uint8_t bytes[ITS_UNIT], uint32_t *check);

/** The unit that completes a block is 0. True for all but a blank one; one flipped bit does not complete it. */
bool its_is_complete(const uint8_t bytes[ITS_UNIT]);

/** Bytes that a record with `size` bytes of data takes on flash. */
static inline uint32_t its_record_size(uint32_t size)
{
	return (ITS_RECORD_DATA + size + ITS_UNIT - 1) / ITS_UNIT * ITS_UNIT;
}

#endif
