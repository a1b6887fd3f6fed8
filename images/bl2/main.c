/* SPDX-License-Identifier: Apache-2.0 */
/* BL2: which devices the boot loader works with. */
#include "epoch.h"
#include <merlon/arch/cpu.h>
#include <merlon/arch/fault.h>
#include <merlon/arch/jump.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/vectors.h>
#include <merlon/arch/world.h>
#include <merlon/board/devices_secure.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/boot/boot.h>
#include <merlon/crypto/image_crypto.h>
#include <merlon/drivers/at24c_otp.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/psram_flash.h>
#include <merlon/hal/otp.h>
#include <merlon/product/config.h>

/* Where each slot's image has its header when it runs: in place in its own slot, or where it is moved and copied to. */
enum { IN_PLACE = MERLON_UPGRADE_MODE == MERLON_UPGRADE_MODE_XIP };
#define IN_SLOT(slot) (BOARD_FLASH_BASE + BOARD_FLASH_##slot##_OFFSET)

VECTORS const struct vectors_core vectors = VECTORS_CORE_WITH(fault_entry_brief);

/* Log strings lie in a section of their own: they do not count as code. */
#define LOG_TEXT __attribute__((section(".rodata.log"))) static const char
LOG_TEXT fault_text[] = "BL2: FAULT (115): exception ";
LOG_TEXT no_device_text[] = "BL2: HALT (114): watchdog or flash is not what the board says\n";

static struct cmsdk_uart uart;
static struct cmsdk_watchdog watchdog;
static struct psram_flash internal, external;
/* The device of the secondary slots: one of its own where its sectors have another size. */
#define UPDATE_FLASH (BOARD_FLASH_S_SECONDARY_ERASE_SIZE == BOARD_FLASH_ERASE_SIZE ? &internal : &external)
static struct at24c_otp eeprom;
static struct otp_guard otp;
static struct flash_window primaries[IMAGE_COUNT], secondaries[IMAGE_COUNT], journal, commands;
static struct sha256 hash;
static struct image_crypto crypto;
static struct boot boot;

/* Cause and exception are all that BL2 keeps of a fault; the cause reaches the Secure image as the reset cause. */
void fault_report(const struct fault_record *record)
{
	console_write_text(&uart.console, fault_text);
	console_write_decimal(&uart.console, record->exception);
	console_write_text(&uart.console, "\n");
}

static void hash_progress(void *context)
{
	(void)context;
	watchdog_feed(&watchdog.watchdog);
}

static psa_status_t open_flash(void)
{
	static const struct {
		struct flash_window *window;
		const struct psram_flash *device;
		uint32_t offset, size;
	} areas[] = {
		{ &primaries[IMAGE_SECURE], &internal, BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_FLASH_S_PRIMARY_SIZE },
		{ &primaries[IMAGE_NONSECURE], &internal, BOARD_FLASH_NS_PRIMARY_OFFSET, BOARD_FLASH_NS_PRIMARY_SIZE },
		{ &secondaries[IMAGE_SECURE], UPDATE_FLASH, BOARD_FLASH_S_SECONDARY_OFFSET, BOARD_FLASH_S_SECONDARY_SIZE },
		{ &secondaries[IMAGE_NONSECURE], UPDATE_FLASH, BOARD_FLASH_NS_SECONDARY_OFFSET, BOARD_FLASH_NS_SECONDARY_SIZE },
		{ &journal, &internal, BOARD_FLASH_JOURNAL_OFFSET, BOARD_FLASH_JOURNAL_SIZE },
		{ &commands, &internal, BOARD_FLASH_REVOCATION_OFFSET, BOARD_FLASH_REVOCATION_SIZE },
	};
	psa_status_t status = PSA_SUCCESS;
	psram_flash_init(&internal, (void *)BOARD_FLASH_BASE, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	if (UPDATE_FLASH != &internal)
		psram_flash_init(&external, (void *)BOARD_FLASH_BASE, BOARD_FLASH_SIZE, BOARD_FLASH_S_SECONDARY_ERASE_SIZE,
				 BOARD_FLASH_WRITE_SIZE);
	for (size_t i = 0; i < sizeof areas / sizeof areas[0] && status == PSA_SUCCESS; i++)
		status = flash_window_init(areas[i].window, &areas[i].device->medium, areas[i].offset, areas[i].size);
	return status;
}

static void prepare(void)
{
	boot = (struct boot) {
		.slots = { { .primary = &primaries[IMAGE_SECURE].medium,
			     .secondary = &secondaries[IMAGE_SECURE].medium,
			     .addresses = { IN_SLOT(S_PRIMARY), IN_PLACE ? IN_SLOT(S_SECONDARY) : IN_SLOT(S_PRIMARY) } },
			   { .primary = &primaries[IMAGE_NONSECURE].medium,
			     .secondary = &secondaries[IMAGE_NONSECURE].medium,
			     .run = IN_PLACE ? NULL : (uint8_t *)BOARD_NS_CODE_BASE,
			     .run_size = BOARD_NS_CODE_SIZE,
			     .addresses = { BOARD_NS_IMAGE_BASE, IN_PLACE ? IN_SLOT(NS_SECONDARY) : BOARD_NS_IMAGE_BASE } } },
		.slot_size = BOARD_SLOT_SIZE,
		.journal_medium = &journal.medium,
		.otp = &otp.medium,
		.commands = &commands.medium,
		.crypto = &crypto,
		.mode = &BL2_MODE,
		.fallback = MERLON_FALLBACK == MERLON_FALLBACK_YES ? &boot_fallback_yes : NULL,
		.epoch = BL2_EPOCH,
		.console = &uart.console,
		.watchdog = &watchdog.watchdog,
		.attempts = MERLON_TRIAL_ATTEMPTS,
		.reset_cause = reset_cause_take(),
		.handover = (uint8_t *)BOARD_HANDOVER_BASE,
		.handover_size = BOARD_HANDOVER_SIZE,
	};
}

/* The watchdog runs and is not fed: it starts the device anew, which helps where a read failed, and changes nothing where not. */
static _Noreturn void halt(const char *why)
{
	console_write_text(&uart.console, why);
	for (;;)
		cpu_wait_for_interrupt();
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	at24c_otp_init(&eeprom, BOARD_OTP_BASE, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &eeprom.medium);
	image_crypto_init_hash(&crypto, &hash, hash_progress);
	crypto.verify = BL2_VERIFY;
	if (watchdog_start(&watchdog.watchdog, MERLON_WATCHDOG_MS) != PSA_SUCCESS || open_flash() != PSA_SUCCESS)
		halt(no_device_text);
	prepare();
	if (boot_run(&boot) != BOOT_START)
		halt("");
	/* The memory of BL2 and of what it hands over stays Secure, whatever runs next. */
	if (!world_lock(BOARD_HANDOVER_MPC))
		halt(no_device_text);
	watchdog_feed(&watchdog.watchdog); /* from here on nobody could answer its interrupt */
	jump_to_image((const void *)boot.entry, (void *)BOARD_BL2_RAM_BASE, BOARD_BL2_RAM_SIZE);
}
