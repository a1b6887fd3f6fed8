/* SPDX-License-Identifier: Apache-2.0 */
/* BL2: which devices the boot loader works with. */
#include <merlon/arch/fault_print.h>
#include <merlon/arch/jump.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_secure.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/psram_flash.h>

VECTORS const struct vectors_core vectors = VECTORS_CORE;

static struct cmsdk_uart uart;
static struct cmsdk_watchdog watchdog;
static struct psram_flash internal;

void fault_report(const struct fault_record *record)
{
	fault_print(&uart.console, "BL2", record);
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	if (watchdog_start(&watchdog.watchdog, 10000) != PSA_SUCCESS)
		console_write_text(&uart.console, "BL2: the watchdog does not run\n");
	psram_flash_init(&internal, (void *)BOARD_INTERNAL_BASE, BOARD_INTERNAL_SIZE, BOARD_FLASH_ERASE_SIZE,
			 BOARD_FLASH_WRITE_SIZE);
	console_write_text(&uart.console, "BL2: reset cause ");
	console_write_decimal(&uart.console, reset_cause_take());
	console_write_text(&uart.console, "\n");
	(void)medium_read(&internal.medium, BOARD_FLASH_NS_PRIMARY_OFFSET, (void *)BOARD_NS_CODE_BASE, BOARD_SLOT_SIZE);
	console_write_text(&uart.console, "BL2: jump\n");
	jump_to_image((const void *)(BOARD_INTERNAL_BASE + BOARD_FLASH_S_PRIMARY_OFFSET + BOARD_IMAGE_HEADER_SIZE),
		      (void *)BOARD_BL2_RAM_BASE, BOARD_BL2_RAM_SIZE);
}
