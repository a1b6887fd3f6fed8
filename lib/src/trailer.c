/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/trailer.h>
#include <string.h>

enum { FLAG_SET = 0x01, ERASED = 0xff };

/* Alignment 8 has a magic of its own; the others begin with the alignment. */
static const uint8_t magic_8[TRAILER_MAGIC_SIZE] = {
	0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80,
};
static const uint8_t magic_rest[TRAILER_MAGIC_SIZE - 2] = {
	0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a,
};

void trailer_magic_encode(uint8_t align, uint8_t magic[TRAILER_MAGIC_SIZE])
{
	if (align == 8) {
		memcpy(magic, magic_8, sizeof magic_8);
	} else {
		le16_store(magic, align);
		memcpy(magic + 2, magic_rest, sizeof magic_rest);
	}
}

uint32_t trailer_field_distance(enum trailer_field field, uint8_t align)
{
	uint32_t magic = align > TRAILER_MAGIC_SIZE ? align : TRAILER_MAGIC_SIZE; /* the magic too takes whole units */
	return magic + (uint32_t)field * align;
}

/* The alignment that a good magic names, or 0. */
static uint8_t magic_align(const uint8_t magic[TRAILER_MAGIC_SIZE])
{
	uint8_t good[TRAILER_MAGIC_SIZE];
	for (uint8_t align = TRAILER_ALIGN; align <= TRAILER_ALIGN_MAX; align = (uint8_t)(2 * align)) {
		trailer_magic_encode(align, good);
		if (memcmp(magic, good, sizeof good) == 0)
			return align;
	}
	return 0;
}

static enum trailer_flag flag_of(uint8_t byte)
{
	if (byte == FLAG_SET)
		return TRAILER_FLAG_SET;
	return byte == ERASED ? TRAILER_FLAG_UNSET : TRAILER_FLAG_BAD;
}

psa_status_t trailer_read(const struct medium *slot, uint32_t slot_size, struct trailer *trailer)
{
	/* From swap_size, the farthest field, to the end. A slot too small for it makes the offset wrap, which medium_read() refuses. */
	uint8_t bytes[TRAILER_ALIGN_MAX + TRAILER_SWAP_SIZE * TRAILER_ALIGN_MAX];
	const uint8_t *end = bytes + sizeof bytes;
	psa_status_t status = medium_read(slot, slot_size - (uint32_t)sizeof bytes, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	const uint8_t *magic = end - TRAILER_MAGIC_SIZE;
	uint8_t align = magic_align(magic);
	trailer->magic = TRAILER_MAGIC_GOOD;
	if (align == 0) {
		trailer->magic = mem_is_filled(magic, ERASED, TRAILER_MAGIC_SIZE) ? TRAILER_MAGIC_UNSET : TRAILER_MAGIC_BAD;
		align = TRAILER_ALIGN;
	}
	trailer->align = align;
	trailer->image_ok = flag_of(end[-(int)trailer_field_distance(TRAILER_IMAGE_OK, align)]);
	trailer->copy_done = flag_of(end[-(int)trailer_field_distance(TRAILER_COPY_DONE, align)]);
	uint8_t info = end[-(int)trailer_field_distance(TRAILER_SWAP_INFO, align)];
	trailer->swap_type = info & 0x0f;
	trailer->swap_image = info >> 4;
	if (trailer->swap_type < TRAILER_SWAP_NONE || trailer->swap_type > TRAILER_SWAP_REVERT) {
		trailer->swap_type = TRAILER_SWAP_NONE;
		trailer->swap_image = 0;
	}
	const uint8_t *size = end - trailer_field_distance(TRAILER_SWAP_SIZE, align);
	trailer->has_swap_size = !mem_is_filled(size, ERASED, sizeof(uint32_t));
	trailer->swap_size = trailer->has_swap_size ? le32_load(size) : 0;
	return PSA_SUCCESS;
}

psa_status_t trailer_write_magic(const struct medium *slot, uint32_t slot_size)
{
	return medium_program(slot, slot_size - TRAILER_MAGIC_SIZE, magic_8, sizeof magic_8);
}

static psa_status_t write_field(const struct medium *slot, uint32_t slot_size, enum trailer_field field, uint8_t value)
{
	uint8_t unit[TRAILER_ALIGN];
	memset(unit, ERASED, sizeof unit);
	unit[0] = value;
	return medium_program(slot, slot_size - trailer_field_distance(field, TRAILER_ALIGN), unit, sizeof unit);
}

psa_status_t trailer_write_image_ok(const struct medium *slot, uint32_t slot_size)
{
	return write_field(slot, slot_size, TRAILER_IMAGE_OK, FLAG_SET);
}

psa_status_t trailer_write_copy_done(const struct medium *slot, uint32_t slot_size)
{
	return write_field(slot, slot_size, TRAILER_COPY_DONE, FLAG_SET);
}

psa_status_t trailer_write_swap_info(const struct medium *slot, uint32_t slot_size, uint8_t type, uint8_t image)
{
	return write_field(slot, slot_size, TRAILER_SWAP_INFO, (uint8_t)(type | image << 4));
}
