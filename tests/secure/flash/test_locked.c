/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock below the table of rights. The table is out of the way here: it allows everything to everybody (the linker puts
 * __wrap_flash_may() in its place), as if a line in it were wrong. What runs cannot be changed even so.
 */
#include "access.h"
#include <merlon/board/flash_map.h>
#include <merlon/flash.h>
#include <merlon/lib/medium.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>

enum { SECTOR = BOARD_FLASH_ERASE_SIZE, TRAILER = BOARD_SLOT_SIZE - SECTOR };

static struct sim_flash flash;

bool __wrap_flash_may(int32_t client_id, enum flash_right right, uint32_t area, uint32_t offset, uint32_t size);

bool __wrap_flash_may(int32_t client_id, enum flash_right right, uint32_t area, uint32_t offset, uint32_t size)
{
	(void)client_id, (void)right, (void)area, (void)offset, (void)size;
	return true;
}

static void begin(void)
{
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, BOARD_FLASH_SIZE, SECTOR, BOARD_FLASH_WRITE_SIZE);
	spm_client = 300;
	spm_register(FLASH_HANDLE, flash_sfn, 256);
	flash_configure(&flash.medium);
	CHECK_EQ(flash_init(), PSA_SUCCESS);
}

/* Bytes of the area from its start that are locked; written from the design. */
static uint32_t locked_size(uint32_t area)
{
	if (area == MERLON_FLASH_S_PRIMARY || area == MERLON_FLASH_NS_PRIMARY)
		return TRAILER;
	return area == MERLON_FLASH_FACTORY ? BOARD_FLASH_FACTORY_SIZE : 0;
}

TEST(what_runs_is_locked_below_the_table, CLAIM("flash.locked"), ATTACK)
{
	static const uint8_t unit[8] = { 0 };
	uint32_t refused = 0;
	begin();
	for (uint32_t area = 0; area < MERLON_FLASH_AREA_COUNT; area++) {
		const struct medium *medium = merlon_flash_area((enum merlon_flash_area)area);
		for (uint32_t offset = 0; offset < medium->size; offset += SECTOR) {
			psa_status_t wanted = offset < locked_size(area) ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
			CHECK_THAT(medium_program(medium, offset + SECTOR - 8, unit, 8) == wanted, "area %u 0x%x", area, offset);
			CHECK_THAT(medium_erase(medium, offset, SECTOR) == wanted, "area %u 0x%x", area, offset);
			refused += wanted != PSA_SUCCESS;
		}
	}
	CHECK_EQ(refused, (2 * TRAILER + BOARD_FLASH_FACTORY_SIZE) / SECTOR);
	/* From outside into it, too. */
	const struct medium *primary = merlon_flash_area(MERLON_FLASH_S_PRIMARY);
	CHECK_EQ(medium_erase(primary, TRAILER - SECTOR, 2 * SECTOR), PSA_ERROR_NOT_PERMITTED);
	for (size_t i = 0; i < flash_locked_count; i++)
		for (uint32_t at = 0; at < flash_locked[i].size; at++)
			CHECK_EQ(flash.cells[flash_locked[i].offset + at], 0xff);
}
