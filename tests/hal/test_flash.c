/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/flash.h>
#include <merlon/lib/mem.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <string.h>

enum { SECTOR = 64, UNIT = 8, SIZE = 8 * SECTOR };

static struct sim_flash device;

static void fresh(void)
{
	sim_flash_deinit(&device);
	sim_flash_init(&device, NULL, SIZE, SECTOR, UNIT);
}

TEST(a_window_reaches_its_range_and_no_byte_more, CLAIM("hal.flash.window"), FUNCTIONAL)
{
	struct flash_window window, inner;
	uint8_t byte;
	fresh();
	CHECK_EQ(flash_window_init(&window, &device.medium, SECTOR, 2 * SECTOR), PSA_SUCCESS);
	CHECK_EQ(flash_window_init(&inner, &window.medium, SECTOR, SECTOR), PSA_SUCCESS);
	CHECK_EQ(medium_program(&inner.medium, 0, "12345678", UNIT), PSA_SUCCESS);
	CHECK_EQ(memcmp(device.cells + 2 * SECTOR, "12345678", UNIT), 0);
	CHECK_EQ(medium_read(&window.medium, 2 * SECTOR - 1, &byte, 1), PSA_SUCCESS);
	CHECK_EQ(medium_read(&window.medium, 2 * SECTOR, &byte, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_erase(&window.medium, SECTOR, 2 * SECTOR), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_program(&window.medium, UINT32_MAX - UNIT + 1, "12345678", UNIT), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_erase(&window.medium, 0, 2 * SECTOR), PSA_SUCCESS);
	CHECK(mem_is_filled(device.cells, 0xff, SIZE));
}

TEST(a_window_that_is_not_whole_sectors_inside_is_refused_and_empty, CLAIM("hal.flash.window"), MALFORMED)
{
	static const struct {
		uint32_t offset, size;
	} ranges[] = { { SIZE + SECTOR, SECTOR }, { 0, SIZE + SECTOR },       { SECTOR, SIZE },
		       { UNIT, SECTOR },          { 0, SECTOR + UNIT },       { UINT32_MAX - SECTOR + 1, 2 * SECTOR },
		       { SECTOR, UINT32_MAX },    { 2 * SECTOR, 0u - SECTOR } };
	fresh();
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		struct flash_window window;
		uint8_t byte;
		CHECK_THAT(flash_window_init(&window, &device.medium, ranges[i].offset, ranges[i].size) ==
				   PSA_ERROR_INVALID_ARGUMENT,
			   "%zu", i);
		CHECK_THAT(medium_read(&window.medium, 0, &byte, 1) == PSA_ERROR_INVALID_ARGUMENT, "%zu", i);
	}
}

TEST(a_locked_range_stays_as_it_is, CLAIM("hal.flash.lock"), ATTACK)
{
	struct flash_lock lock;
	struct flash_window window;
	uint8_t byte;
	fresh();
	flash_lock_init(&lock, &device.medium);
	CHECK_EQ(flash_window_init(&window, &lock.medium, 0, SIZE), PSA_SUCCESS);
	CHECK_EQ(flash_lock_range(&lock, 2 * SECTOR, SECTOR), PSA_SUCCESS);
	CHECK_EQ(medium_program(&window.medium, 2 * SECTOR, "12345678", UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_program(&window.medium, 3 * SECTOR - UNIT, "1234567812345678", 2 * UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_program(&window.medium, 2 * SECTOR - UNIT, "1234567812345678", 2 * UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_erase(&window.medium, 0, SIZE), PSA_ERROR_NOT_PERMITTED);
	CHECK(mem_is_filled(device.cells, 0xff, SIZE));
	CHECK_EQ(medium_read(&window.medium, 2 * SECTOR, &byte, 1), PSA_SUCCESS);
	CHECK_EQ(medium_program(&window.medium, 2 * SECTOR - UNIT, "12345678", UNIT), PSA_SUCCESS);
	CHECK_EQ(medium_program(&window.medium, 3 * SECTOR, "12345678", UNIT), PSA_SUCCESS);
	CHECK_EQ(medium_erase(&window.medium, 3 * SECTOR, SECTOR), PSA_SUCCESS);
}

TEST(locks_are_bounded_and_a_lock_that_does_not_fit_is_an_error, CLAIM("hal.flash.lock"), MALFORMED)
{
	struct flash_lock lock;
	fresh();
	flash_lock_init(&lock, &device.medium);
	CHECK_EQ(flash_lock_range(&lock, SIZE, SECTOR), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(flash_lock_range(&lock, SECTOR, UINT32_MAX), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(flash_lock_range(&lock, SECTOR, 0), PSA_ERROR_INVALID_ARGUMENT);
	for (uint32_t i = 0; i < RANGE_SET_MAX; i++)
		CHECK_EQ(flash_lock_range(&lock, i * SECTOR, SECTOR), PSA_SUCCESS);
	CHECK_EQ(flash_lock_range(&lock, 0, SECTOR), PSA_ERROR_INSUFFICIENT_MEMORY);
}

TEST(bytes_in_ram_are_read_and_never_written, CLAIM("hal.flash.ram"), FUNCTIONAL)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4 };
	struct flash_ram ram;
	uint8_t found[2];
	flash_ram_init(&ram, bytes, sizeof bytes);
	CHECK_EQ(medium_read(&ram.medium, 1, found, 2), PSA_SUCCESS);
	CHECK_EQ(found[0], 2);
	CHECK_EQ(medium_read(&ram.medium, 3, found, 2), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_program(&ram.medium, 0, found, 2), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(medium_erase(&ram.medium, 0, sizeof bytes), PSA_ERROR_NOT_SUPPORTED);
}
