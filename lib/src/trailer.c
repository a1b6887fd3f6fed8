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
	if (memcmp(magic, magic_8, sizeof magic_8) == 0)
		return 8;
	bool is_good = (magic[0] == 16 || magic[0] == 32) && magic[1] == 0 && memcmp(magic + 2, magic_rest, sizeof magic_rest) == 0;
	return is_good ? magic[0] : 0;
}

static enum trailer_flag flag_of(uint8_t byte)
{
	if (byte == FLAG_SET)
		return TRAILER_FLAG_SET;
	return byte == ERASED ? TRAILER_FLAG_UNSET : TRAILER_FLAG_BAD;
}

psa_status_t trailer_read(const struct medium *slot, uint32_t slot_size, struct trailer *trailer)
{
	/* From the farthest place of copy_done to the end. A slot too small for it makes the offset wrap, which medium_read() refuses. */
	enum { SIZE = (1 + TRAILER_COPY_DONE) * TRAILER_ALIGN_MAX };
	uint8_t bytes[SIZE];
	psa_status_t status = medium_read(slot, slot_size - SIZE, bytes, sizeof bytes);
	if (status != PSA_SUCCESS)
		return status;
	const uint8_t *magic = bytes + SIZE - TRAILER_MAGIC_SIZE;
	uint8_t align = magic_align(magic);
	trailer->magic = TRAILER_MAGIC_GOOD;
	if (align == 0) {
		trailer->magic = mem_is_filled(magic, ERASED, TRAILER_MAGIC_SIZE) ? TRAILER_MAGIC_UNSET : TRAILER_MAGIC_BAD;
		align = TRAILER_ALIGN;
	}
	trailer->align = align;
	const uint8_t *image_ok = bytes + SIZE - trailer_field_distance(TRAILER_IMAGE_OK, align);
	trailer->image_ok = flag_of(*image_ok);
	trailer->copy_done = flag_of(*(image_ok - align));
	return PSA_SUCCESS;
}

psa_status_t trailer_swap_read(const struct medium *slot, uint32_t slot_size, uint8_t align, struct trailer_swap *swap)
{
	uint8_t info, size[sizeof(uint32_t)];
	psa_status_t status = medium_read(slot, slot_size - trailer_field_distance(TRAILER_SWAP_INFO, align), &info, sizeof info);
	if (status == PSA_SUCCESS)
		status = medium_read(slot, slot_size - trailer_field_distance(TRAILER_SWAP_SIZE, align), size, sizeof size);
	if (status != PSA_SUCCESS)
		return status;
	bool is_type = (info & 0x0f) >= TRAILER_SWAP_NONE && (info & 0x0f) <= TRAILER_SWAP_REVERT;
	swap->type = is_type ? info & 0x0f : TRAILER_SWAP_NONE;
	swap->image = is_type ? info >> 4 : 0;
	swap->has_size = !mem_is_filled(size, ERASED, sizeof size);
	swap->size = swap->has_size ? le32_load(size) : 0;
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
