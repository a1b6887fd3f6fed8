/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure image: which devices and partitions the Secure world consists of. */
#include <merlon/arch/fault_print.h>
#include <merlon/arch/jump.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/system.h>
#include <merlon/arch/vectors.h>
#include <merlon/arch/world.h>
#include <merlon/board/devices_secure.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <stddef.h>

VECTORS const struct vectors vectors = { .core = VECTORS_CORE };

extern uint32_t veneers_start[], veneers_end[]; /* linker script */

static struct cmsdk_uart uart;
static struct cmsdk_watchdog watchdog;

void fault_report(const struct fault_record *record)
{
	fault_print(&uart.console, "S", record);
}

/* The boot ends here: a device whose protection is not what its tables say must not run the Non-secure world. */
static _Noreturn void stop(const char *why)
{
	console_write_text(&uart.console, "S: stopped: ");
	console_write_text(&uart.console, why);
	console_write_text(&uart.console, "\n");
	reset_cause_record(RESET_CAUSE_PANIC);
	system_reset();
}

__attribute__((cmse_nonsecure_entry)) uint32_t secure_hello(uint32_t value);
__attribute__((cmse_nonsecure_entry)) uint32_t secure_hello(uint32_t value)
{
	return value + 1;
}

int main(void)
{
	const struct world_sau_region veneers = { (uint32_t)veneers_start, (uint32_t)veneers_end - 1, 1 };
	struct world_difference difference;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	watchdog_feed(&watchdog.watchdog);
	if (system_harden() != PSA_SUCCESS)
		stop("the core's security settings differ");
	if (world_set_up(&board_world_table, &veneers, &difference) != PSA_SUCCESS)
		stop("the world split differs from its table");
	console_write_text(&uart.console, "S: hello\n");
	jump_to_nonsecure(BOARD_NS_CODE_NS_BASE + BOARD_IMAGE_HEADER_SIZE);
}
