/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include <merlon/board/flash_map.h>
#include <merlon/drivers/psram_flash.h>
#include <merlon/secure_flash/flash.h>

static struct psram_flash flash;

void prepare_flash(void)
{
	psram_flash_init(&flash, (void *)BOARD_FLASH_BASE, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	flash_configure(&flash.medium);
}
