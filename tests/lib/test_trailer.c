/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/le.h>
#include <merlon/lib/trailer.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <string.h>

enum { SLOT_SIZE = 8192 };

static struct sim_flash flash;

/* MCUboot's offsets from the end of the slot: image_ok, copy_done, swap_info, swap_size. */
static const struct {
	uint8_t align;
	uint32_t distances[4];
	uint8_t magic[TRAILER_MAGIC_SIZE];
} layouts[] = {
	{ 8,
	  { 24, 32, 40, 48 },
	  { 0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80 } },
	{ 16, { 32, 48, 64, 80 }, { 16, 0, 0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a } },
	{ 32, { 64, 96, 128, 160 }, { 32, 0, 0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a } },
};
enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };

static void clear(void)
{
	if (flash.cells != NULL)
		sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, SLOT_SIZE, SLOT_SIZE / 2, 8);
}

TEST(layout_is_mcuboots_for_every_alignment, CLAIM("image.trailer"), FUNCTIONAL)
{
	struct trailer trailer;
	struct trailer_swap swap;
	for (unsigned i = 0; i < LAYOUTS; i++) {
		uint8_t align = layouts[i].align;
		clear();
		memcpy(flash.cells + SLOT_SIZE - TRAILER_MAGIC_SIZE, layouts[i].magic, TRAILER_MAGIC_SIZE);
		flash.cells[SLOT_SIZE - layouts[i].distances[0]] = 1;
		flash.cells[SLOT_SIZE - layouts[i].distances[2]] = 0x12;
		le32_store(flash.cells + SLOT_SIZE - layouts[i].distances[3], 0x00012345);
		CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
		CHECK_EQ(trailer.magic, TRAILER_MAGIC_GOOD);
		CHECK_EQ(trailer.align, align);
		CHECK_EQ(trailer.image_ok, TRAILER_FLAG_SET);
		CHECK_EQ(trailer.copy_done, TRAILER_FLAG_UNSET);
		CHECK_EQ(trailer_swap_read(&flash.medium, SLOT_SIZE, align, &swap), PSA_SUCCESS);
		CHECK_EQ(swap.type, TRAILER_SWAP_TEST);
		CHECK_EQ(swap.image, 1);
		CHECK(swap.has_size);
		CHECK_EQ(swap.size, 0x12345);
		for (enum trailer_field field = TRAILER_IMAGE_OK; field <= TRAILER_SWAP_SIZE; field++)
			CHECK_EQ(trailer_field_distance(field, align), layouts[i].distances[field - TRAILER_IMAGE_OK]);
	}
}

TEST(what_is_written_is_read, CLAIM("image.trailer"), FUNCTIONAL)
{
	struct trailer trailer;
	struct trailer_swap swap;
	clear();
	CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
	CHECK_EQ(trailer.magic, TRAILER_MAGIC_UNSET);
	CHECK_EQ(trailer_swap_read(&flash.medium, SLOT_SIZE, trailer.align, &swap), PSA_SUCCESS);
	CHECK_EQ(swap.type, TRAILER_SWAP_NONE);
	CHECK(!swap.has_size);
	CHECK_EQ(trailer_write_swap_info(&flash.medium, SLOT_SIZE, TRAILER_SWAP_PERMANENT, 1), PSA_SUCCESS);
	CHECK_EQ(trailer_write_copy_done(&flash.medium, SLOT_SIZE), PSA_SUCCESS);
	CHECK_EQ(trailer_write_image_ok(&flash.medium, SLOT_SIZE), PSA_SUCCESS);
	CHECK_EQ(trailer_write_magic(&flash.medium, SLOT_SIZE), PSA_SUCCESS);
	CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
	CHECK_EQ(trailer.magic, TRAILER_MAGIC_GOOD);
	CHECK_EQ(trailer.image_ok, TRAILER_FLAG_SET);
	CHECK_EQ(trailer.copy_done, TRAILER_FLAG_SET);
	CHECK_EQ(trailer_swap_read(&flash.medium, SLOT_SIZE, trailer.align, &swap), PSA_SUCCESS);
	CHECK_EQ(swap.type, TRAILER_SWAP_PERMANENT);
	CHECK_EQ(swap.image, 1);
	CHECK_EQ(memcmp(flash.cells + SLOT_SIZE - TRAILER_MAGIC_SIZE, layouts[0].magic, TRAILER_MAGIC_SIZE), 0);
	CHECK_EQ(flash.cells[SLOT_SIZE - 24], 1);
}

TEST(trailer_ends_where_the_slot_ends, CLAIM("image.trailer"), FUNCTIONAL)
{
	struct trailer trailer;
	struct trailer_swap swap;
	clear();
	CHECK_EQ(trailer_write_magic(&flash.medium, SLOT_SIZE / 2), PSA_SUCCESS);
	CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE / 2, &trailer), PSA_SUCCESS);
	CHECK_EQ(trailer.magic, TRAILER_MAGIC_GOOD);
	CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
	CHECK_EQ(trailer.magic, TRAILER_MAGIC_UNSET);
	CHECK_EQ(trailer_read(&flash.medium, 0, &trailer), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(trailer_swap_read(&flash.medium, 0, TRAILER_ALIGN, &swap), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE + 1, &trailer), PSA_ERROR_INVALID_ARGUMENT);
}

TEST(every_byte_of_flags_and_magic_has_an_answer, CLAIM("image.trailer"), MALFORMED)
{
	struct trailer trailer;
	struct trailer_swap swap;
	for (unsigned byte = 0; byte < 256; byte++) {
		enum trailer_flag expected = byte == 1 ? TRAILER_FLAG_SET : byte == 0xff ? TRAILER_FLAG_UNSET : TRAILER_FLAG_BAD;
		clear();
		flash.cells[SLOT_SIZE - 24] = flash.cells[SLOT_SIZE - 32] = flash.cells[SLOT_SIZE - 40] = (uint8_t)byte;
		CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
		CHECK_EQ(trailer.image_ok, expected);
		CHECK_EQ(trailer.copy_done, expected);
		bool is_type = (byte & 15) >= 1 && (byte & 15) <= 4;
		CHECK_EQ(trailer_swap_read(&flash.medium, SLOT_SIZE, trailer.align, &swap), PSA_SUCCESS);
		CHECK_EQ(swap.type, is_type ? byte & 15 : 1);
		CHECK_EQ(swap.image, is_type ? byte >> 4 : 0);
	}
	for (unsigned bit = 0; bit < 8 * TRAILER_MAGIC_SIZE; bit++) {
		clear();
		memcpy(flash.cells + SLOT_SIZE - TRAILER_MAGIC_SIZE, layouts[0].magic, TRAILER_MAGIC_SIZE);
		flash.cells[SLOT_SIZE - TRAILER_MAGIC_SIZE + bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_EQ(trailer_read(&flash.medium, SLOT_SIZE, &trailer), PSA_SUCCESS);
		CHECK_THAT(trailer.magic == TRAILER_MAGIC_BAD, "bit %u", bit);
	}
}
