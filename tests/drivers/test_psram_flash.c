/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/psram_flash.h>
#include <merlon/test.h>
#include <string.h>

enum { SECTOR = 4096, UNIT = 8, SIZE = 4 * SECTOR };
static uint32_t memory[SIZE / 4];

static struct psram_flash blank(void)
{
	struct psram_flash flash;
	memset(memory, 0, sizeof memory);
	psram_flash_init(&flash, memory, SIZE, SECTOR, UNIT);
	CHECK_EQ(medium_erase(&flash.medium, 0, SIZE), PSA_SUCCESS);
	return flash;
}

TEST(an_erase_leaves_ones_in_its_sectors_only, CLAIM("flash.rules"), FUNCTIONAL)
{
	struct psram_flash flash = blank();
	const uint8_t *bytes = (const uint8_t *)memory;
	memset(memory, 0, sizeof memory);
	CHECK_EQ(medium_erase(&flash.medium, SECTOR, SECTOR), PSA_SUCCESS);
	for (unsigned i = 0; i < SIZE; i++)
		CHECK_THAT(bytes[i] == (i / SECTOR == 1 ? 0xff : 0), "byte %u", i);
}

TEST(a_unit_is_programmed_once, CLAIM("flash.rules"), ATTACK)
{
	struct psram_flash flash = blank();
	uint8_t data[3 * UNIT], back[sizeof data];
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)i;
	CHECK_EQ(medium_program(&flash.medium, SECTOR, data, sizeof data), PSA_SUCCESS);
	CHECK_EQ(medium_read(&flash.medium, SECTOR, back, sizeof back), PSA_SUCCESS);
	CHECK(memcmp(data, back, sizeof data) == 0);
	/* The last unit of the range is used: nothing of the range changes. */
	CHECK_EQ(medium_program(&flash.medium, SECTOR - UNIT, data, 2 * UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(memory[SECTOR / 4 - 1], UINT32_MAX);
	/* Not even to the value that is there, nor to fewer ones. */
	CHECK_EQ(medium_program(&flash.medium, SECTOR, data, UNIT), PSA_ERROR_NOT_PERMITTED);
	memset(data, 0, sizeof data);
	CHECK_EQ(medium_program(&flash.medium, SECTOR, data, UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_erase(&flash.medium, SECTOR, SECTOR), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, SECTOR, data, UNIT), PSA_SUCCESS);
}

TEST(half_a_unit_and_half_a_sector_are_refused, CLAIM("flash.rules"), MALFORMED)
{
	struct psram_flash flash = blank();
	uint8_t data[UNIT] = { 0 };
	CHECK_EQ(medium_program(&flash.medium, 4, data, UNIT), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_program(&flash.medium, 0, data, 4), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_erase(&flash.medium, SECTOR / 2, SECTOR), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_erase(&flash.medium, SIZE, SECTOR), PSA_ERROR_INVALID_ARGUMENT);
}
