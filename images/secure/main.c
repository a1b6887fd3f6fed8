/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure image: which devices and partitions the Secure world consists of. */
#include "start.h"
#include <merlon/arch/jump.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/supervisor.h>
#include <merlon/arch/system.h>
#include <merlon/arch/vectors.h>
#include <merlon/arch/world.h>
#include <merlon/board/devices_secure.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/at24c_otp.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/psram_flash.h>
#include <merlon/hal/otp.h>
#include <merlon/lib/handover.h>
#include <merlon/product/config.h>
#include <merlon/spm/entry.h>
#include <merlon/spm/spm.h>
#include <psa_manifest/vectors.h>

static void on_confirm_window(void);

VECTORS const struct vectors vectors = {
	.core = VECTORS_CORE_OF_THREADS,
	.interrupt = { SPM_VECTORS[BOARD_CONFIRM_TIMER_IRQ] = on_confirm_window },
};

extern uint32_t veneers_start[], veneers_end[]; /* linker script */

struct spm spm;

static struct cmsdk_uart console_uart;
static struct cmsdk_watchdog watchdog;
static struct at24c_otp eeprom;
static struct otp_guard otp;

void fault_report(const struct fault_record *record)
{
	spm_entry_tell("S", record);
}

/* No partition is asked: BL2 brings the previous images back. */
static void on_confirm_window(void)
{
	reset_cause_record(RESET_CAUSE_CONFIRM_WINDOW);
	system_reset();
}

/* A device whose protection or state is not what it should be must not run the Non-secure world. */
void require(psa_status_t status, const char *what)
{
	if (status != PSA_SUCCESS)
		spm_entry_stop("the start", what);
}

static void open_devices(void)
{
	static const struct spm_memory nonsecure_memory[] = {
		{ BOARD_NS_DATA_NS_BASE, BOARD_NS_DATA_SIZE },
		{ BOARD_NS_IMAGE_BASE, BOARD_NS_IMAGE_SIZE },
		{ BOARD_NS_KEPT_NS_BASE, BOARD_NS_KEPT_SIZE },
	};
	cmsdk_uart_init(&console_uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	spm_entry_init(&console_uart.console);
	spm_entry_restart_partitions(MERLON_PANIC_POLICY == MERLON_PANIC_POLICY_RESTART);
	spm_entry_share(nonsecure_memory, sizeof nonsecure_memory / sizeof nonsecure_memory[0]);
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	watchdog_feed(&watchdog.watchdog);
	at24c_otp_init(&eeprom, BOARD_OTP_BASE, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &eeprom.medium);
}

static void clear(void)
{
	struct psram_flash flash;
	psram_flash_init(&flash, (void *)BOARD_FLASH_BASE, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	require(clear_storage(&flash.medium), "the storage cannot be cleared");
	watchdog_feed(&watchdog.watchdog);
}

/* The split of the worlds, the memory of this one, and what only BL2 may write from now on. */
static void close_doors(void)
{
	const struct world_sau_region veneers = { (uint32_t)veneers_start, (uint32_t)veneers_end - 1, 1 };
	struct world_difference difference;
	require(system_harden(), "the core's security settings differ");
	require(world_set_up(&board_world_table, &veneers, &difference), "the world split differs from its table");
	require(spm_entry_protect(BOARD_INTERNAL_BASE + BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_SLOT_SIZE - BOARD_FLASH_ERASE_SIZE),
		"the memory protection differs");
	require(otp_lifecycle_settle(&otp.medium, spm.lifecycle), "the lifecycle cannot be recorded");
	take_facts(&otp.medium, spm.lifecycle);
	require(close_otp(&otp), "OTP stays open");
}

/* What ended the last start: for people now, for the audit log later. */
static void take_fault(const struct fault_record *fault)
{
	start.panic = (struct merlon_audit_panic) { .partition = fault->partition,
						    .cause = fault->cause,
						    .call = fault->call,
						    .error = fault->error,
						    .pc = fault->pc,
						    .lr = fault->lr,
						    .status = fault->sfsr != 0 ? fault->sfsr : fault->cfsr,
						    .address = fault->mmfar != 0 ? fault->mmfar : fault->bfar };
	spm_entry_tell("S: before this start", fault);
}

int main(void)
{
	struct fault_record fault;
	open_devices();
	start.faulted = reset_fault_take(&fault);
	if (start.faulted)
		take_fault(&fault);
	start.handover = (const uint8_t *)BOARD_HANDOVER_BASE;
	start.handover_size = BOARD_HANDOVER_SIZE;
	require(handover_find_u32(start.handover, start.handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE),
				  &spm.lifecycle),
		"BL2 handed nothing over");
	close_doors();
	if (spm.lifecycle == OTP_LIFECYCLE_DECOMMISSIONED)
		clear();
	nvic_set_priority(BOARD_CONFIRM_TIMER_IRQ, NVIC_PRIORITY_HIGHEST);
	nvic_enable(BOARD_CONFIRM_TIMER_IRQ);
	spm_entry_restart_partitions(MERLON_PANIC_POLICY == MERLON_PANIC_POLICY_RESTART);
	require(spm_start(), "a partition did not start");
	watchdog_feed(&watchdog.watchdog);
	console_write_text(&console_uart.console, "S: ready\n");
	/* BL2 verified this very header, and nothing of the Non-secure world has run yet. */
	jump_to_nonsecure(BOARD_NS_IMAGE_BASE + ((const volatile uint16_t *)BOARD_NS_IMAGE_BASE)[4]);
}
