/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/cbor.h>
#include <string.h>

/* The additional information of a head: the value itself, or how many bytes of it follow. */
enum { DIRECT_MAX = 23, FOLLOWS_1 = 24, FOLLOWS_8 = 27, MAJOR_SHIFT = 5, INFORMATION_MASK = 0x1f, HEAD_MAX = 9 };

void cbor_append(struct cbor_writer *writer, const void *data, size_t size)
{
	/* What comes after something that did not fit does not fit either. */
	if (size > 0 && writer->size <= writer->capacity && size <= writer->capacity - writer->size)
		memcpy(writer->buffer + writer->size, data, size);
	writer->size += size;
}

static void write_head(struct cbor_writer *writer, enum cbor_kind kind, uint64_t value)
{
	uint8_t head[HEAD_MAX];
	size_t size = 1;
	if (value <= DIRECT_MAX) {
		head[0] = (uint8_t)(kind << MAJOR_SHIFT | (unsigned)value);
	} else {
		unsigned power = value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
		head[0] = (uint8_t)(kind << MAJOR_SHIFT | (FOLLOWS_1 + power));
		for (unsigned left = 1u << power; left > 0; left--)
			head[size++] = (uint8_t)(value >> 8 * (left - 1));
	}
	cbor_append(writer, head, size);
}

void cbor_write_unsigned(struct cbor_writer *writer, uint64_t value)
{
	write_head(writer, CBOR_UNSIGNED, value);
}

void cbor_write_integer(struct cbor_writer *writer, int64_t value)
{
	if (value >= 0)
		write_head(writer, CBOR_UNSIGNED, (uint64_t)value);
	else
		write_head(writer, CBOR_NEGATIVE, ~(uint64_t)value);
}

void cbor_begin_bytes(struct cbor_writer *writer, size_t size)
{
	write_head(writer, CBOR_BYTES, size);
}

void cbor_write_bytes(struct cbor_writer *writer, const void *data, size_t size)
{
	cbor_begin_bytes(writer, size);
	cbor_append(writer, data, size);
}

void cbor_write_text(struct cbor_writer *writer, const void *text, size_t size)
{
	write_head(writer, CBOR_TEXT, size);
	cbor_append(writer, text, size);
}

void cbor_begin_array(struct cbor_writer *writer, size_t count)
{
	write_head(writer, CBOR_ARRAY, count);
}

void cbor_begin_map(struct cbor_writer *writer, size_t count)
{
	write_head(writer, CBOR_MAP, count);
}

void cbor_write_tag(struct cbor_writer *writer, uint64_t tag)
{
	write_head(writer, CBOR_TAG, tag);
}

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
static bool is_utf8(const uint8_t *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		uint8_t lead = text[i++];
		if (lead < 0x80)
			continue;
		unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
		uint8_t least = lead == 0xe0   ? 0xa0
				: lead == 0xf0 ? 0x90
					       : 0x80,
			most = lead == 0xed   ? 0x9f
			       : lead == 0xf4 ? 0x8f
					      : 0xbf;
		if (lead < 0xc2 || lead > 0xf4 || more > size - i)
			return false;
		for (; more > 0; more--, least = 0x80, most = 0xbf, i++)
			if (text[i] < least || text[i] > most)
				return false;
	}
	return true;
}

/* @return Bytes of the head; 0: there is none, or it is longer than it has to be. */
static size_t read_head(const uint8_t *data, size_t size, struct cbor_item *item)
{
	if (size == 0)
		return 0;
	unsigned information = data[0] & INFORMATION_MASK;
	item->kind = (enum cbor_kind)(data[0] >> MAJOR_SHIFT);
	item->value = information;
	item->data = NULL;
	if (information <= DIRECT_MAX)
		return 1;
	if (information > FOLLOWS_8)
		return 0; /* indefinite length, or reserved */
	size_t follows = (size_t)1 << (information - FOLLOWS_1);
	if (follows > size - 1)
		return 0;
	item->value = 0;
	for (size_t i = 0; i < follows; i++)
		item->value = item->value << 8 | data[1 + i];
	uint64_t shorter = follows == 1 ? DIRECT_MAX : ((uint64_t)1 << 4 * follows) - 1;
	return item->value > shorter ? 1 + follows : 0;
}

bool cbor_next(struct cbor_reader *reader, struct cbor_item *item)
{
	size_t left = reader->size - reader->offset;
	const uint8_t *at = reader->data + reader->offset;
	size_t head = read_head(at, left, item);
	if (head == 0)
		return false;
	left -= head;
	switch (item->kind) {
	case CBOR_BYTES:
	case CBOR_TEXT:
		if (item->value > left || (item->kind == CBOR_TEXT && !is_utf8(at + head, (size_t)item->value)))
			return false;
		item->data = at + head;
		reader->offset += head + (size_t)item->value;
		return true;
	case CBOR_ARRAY:
	case CBOR_MAP:
		/* Each item takes a byte at least. */
		if (item->value > left / (item->kind == CBOR_MAP ? 2 : 1))
			return false;
		break;
	case CBOR_SIMPLE:
		if (head != 1 || item->value < CBOR_FALSE || item->value > CBOR_NULL)
			return false;
		break;
	default:
		break;
	}
	reader->offset += head;
	return true;
}

bool cbor_expect(struct cbor_reader *reader, enum cbor_kind kind, struct cbor_item *item)
{
	struct cbor_reader ahead = *reader;
	if (!cbor_next(&ahead, item) || item->kind != kind)
		return false;
	*reader = ahead;
	return true;
}

bool cbor_skip(struct cbor_reader *reader)
{
	struct cbor_reader ahead = *reader;
	uint64_t left[CBOR_DEPTH_MAX + 1] = { 1 }; /* items that are still to come on each level */
	unsigned depth = 0;
	for (;;) {
		struct cbor_item item;
		while (depth > 0 && left[depth] == 0)
			depth--;
		if (left[depth] == 0)
			break;
		if (!cbor_next(&ahead, &item))
			return false;
		left[depth]--;
		uint64_t inside = item.kind == CBOR_ARRAY ? item.value
				  : item.kind == CBOR_MAP ? 2 * item.value
							  : item.kind == CBOR_TAG;
		if (inside == 0)
			continue;
		if (depth == CBOR_DEPTH_MAX)
			return false;
		left[++depth] = inside;
	}
	*reader = ahead;
	return true;
}

bool cbor_read_integer(struct cbor_reader *reader, int64_t *value)
{
	struct cbor_reader ahead = *reader;
	struct cbor_item item;
	if (!cbor_next(&ahead, &item) || item.kind > CBOR_NEGATIVE || item.value > INT64_MAX)
		return false;
	*value = item.kind == CBOR_UNSIGNED ? (int64_t)item.value : -1 - (int64_t)item.value;
	*reader = ahead;
	return true;
}
