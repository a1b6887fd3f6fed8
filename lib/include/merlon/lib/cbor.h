/* SPDX-License-Identifier: Apache-2.0 */
/**
 * CBOR (RFC 8949) as its section 4.2.1 has it for deterministic encoding: heads as short as can be, definite lengths. The reader refuses
 * everything else, so that one value has one encoding. Integers, strings, arrays, maps, tags, false, true and null; no floating point.
 *
 * The order of a map's keys is the caller's: a writer writes them in ascending order, a reader checks that they ascend.
 */
#ifndef MERLON_LIB_CBOR_H
#define MERLON_LIB_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Writes into `buffer` and counts: what does not fit is left out but counted, so that a writer without a buffer measures. */
struct cbor_writer {
	uint8_t *buffer; /* NULL: capacity is 0 */
	size_t capacity, size;
};

static inline bool cbor_fits(const struct cbor_writer *writer)
{
	return writer->size <= writer->capacity;
}

void cbor_write_unsigned(struct cbor_writer *writer, uint64_t value);
void cbor_write_integer(struct cbor_writer *writer, int64_t value);
void cbor_write_bytes(struct cbor_writer *writer, const void *data, size_t size);
/** @param text  UTF-8. */
void cbor_write_text(struct cbor_writer *writer, const void *text, size_t size);
/** The head of a byte string whose `size` bytes the caller appends with cbor_append(). */
void cbor_begin_bytes(struct cbor_writer *writer, size_t size);
/** The heads of an array of `count` items, and of a map of `count` pairs: the caller writes them next. */
void cbor_begin_array(struct cbor_writer *writer, size_t count);
void cbor_begin_map(struct cbor_writer *writer, size_t count);
/** A tag on the next item. */
void cbor_write_tag(struct cbor_writer *writer, uint64_t tag);
/** Bytes that are encoded already. */
void cbor_append(struct cbor_writer *writer, const void *data, size_t size);

/** The major types in the order of RFC 8949 section 3.1. */
enum cbor_kind { CBOR_UNSIGNED, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG, CBOR_SIMPLE };

enum { CBOR_FALSE = 20, CBOR_TRUE = 21, CBOR_NULL = 22, CBOR_DEPTH_MAX = 8 };

struct cbor_item {
	enum cbor_kind kind;
	uint64_t value;      /* the integer (negative: -1 - value); size of a string; items or pairs; tag; simple value */
	const uint8_t *data; /* of a string, inside what is read */
};

/** Reads `size` bytes at `data`; set both, and `offset` to 0. */
struct cbor_reader {
	const uint8_t *data;
	size_t size, offset;
};

/**
 * Take the next item: of an array, a map or a tag its head only.
 * @return False when there is none, or it is not deterministic CBOR, or reaches beyond the end, or a text is no UTF-8. The reader stays
 *         where it is.
 */
bool cbor_next(struct cbor_reader *reader, struct cbor_item *item);
/** The same, and false when the item is not of this kind. */
bool cbor_expect(struct cbor_reader *reader, enum cbor_kind kind, struct cbor_item *item);
/** Take a whole item with all that it holds, at most CBOR_DEPTH_MAX deep. */
bool cbor_skip(struct cbor_reader *reader);
/** Take an integer of either sign. @return False also when it does not fit. */
bool cbor_read_integer(struct cbor_reader *reader, int64_t *value);

static inline bool cbor_at_end(const struct cbor_reader *reader)
{
	return reader->offset == reader->size;
}

#endif
