/* SPDX-License-Identifier: Apache-2.0 */
#include "epoch.h"
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/psram_flash.h>
#include <merlon/hal/flash.h>
#include <merlon/lib/epoch.h>

psa_status_t bl2_epoch_advance(const struct medium *otp, uint32_t *epoch)
{
	struct psram_flash flash;
	struct flash_window requests;
	psram_flash_init(&flash, (void *)BOARD_INTERNAL_BASE, BOARD_INTERNAL_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	psa_status_t status = flash_window_init(&requests, &flash.medium, BOARD_FLASH_EPOCH_OFFSET, BOARD_FLASH_EPOCH_SIZE);
	return status == PSA_SUCCESS ? epoch_advance(&requests.medium, otp, epoch) : status;
}
