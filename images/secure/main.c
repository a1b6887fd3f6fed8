/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure image: which devices and partitions the Secure world consists of. */
#include <merlon/arch/fault_print.h>
#include <merlon/arch/jump.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/system.h>
#include <merlon/arch/vectors.h>
#include <merlon/arch/world.h>
#include <merlon/board/devices_secure.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/builtin_keys.h>
#include <merlon/drivers/at24c_otp.h>
#include <merlon/drivers/cmsdk_dualtimer.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/psram_flash.h>
#include <merlon/drivers/uart_noise.h>
#include <merlon/flash.h>
#include <merlon/hal/flash.h>
#include <merlon/hal/noise.h>
#include <merlon/hal/otp.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/platform.h>
#include <merlon/product/config.h>
#include <merlon/secure_attest/attest.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/secure_fwu/fwu.h>
#include <merlon/secure_its/its.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/spm/entry.h>
#include <merlon/spm/spm.h>
#include <psa_manifest/pid.h>
#include <string.h>

static void on_confirm_window(void);

VECTORS const struct vectors vectors = {
	.core = VECTORS_CORE,
	.interrupt = { [BOARD_CONFIRM_TIMER_IRQ] = on_confirm_window },
};

extern uint32_t veneers_start[], veneers_end[]; /* linker script */

struct spm spm;

static struct cmsdk_uart console_uart, noise_uart;
static struct cmsdk_watchdog watchdog;
static struct cmsdk_dualtimer confirm_timer;
static struct psram_flash flash;
static struct at24c_otp eeprom;
static struct otp_guard otp;
static struct uart_noise noise_source;
static struct noise noise;
static struct image_crypto image_crypto;
static char serial[OTP_SERIAL_MAX + 1];

void fault_report(const struct fault_record *record)
{
	fault_print(&console_uart.console, "S", record);
}

static void on_confirm_window(void)
{
	timer_acknowledge(&confirm_timer.timer);
	platform_window_expired();
}

/* A device whose protection or state is not what it should be must not run the Non-secure world. */
static void require(psa_status_t status, const char *what)
{
	if (status != PSA_SUCCESS)
		spm_entry_stop("the start", what);
}

static void reset_because(enum reset_cause cause)
{
	reset_cause_record(cause);
	system_reset();
}

static void reboot(void)
{
	reset_because(RESET_CAUSE_REQUESTED);
}

static void feed(void *context)
{
	(void)context;
	watchdog_feed(&watchdog.watchdog);
}

static void on_accepted(void)
{
	(void)merlon_platform_window_close();
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
	spm_entry_share(nonsecure_memory, sizeof nonsecure_memory / sizeof nonsecure_memory[0]);
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	feed(NULL);
	cmsdk_dualtimer_init(&confirm_timer, BOARD_CONFIRM_TIMER_BASE, BOARD_CONFIRM_TIMER_CLOCK_HZ);
	psram_flash_init(&flash, (void *)BOARD_FLASH_BASE, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	at24c_otp_init(&eeprom, BOARD_OTP_BASE, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &eeprom.medium);
	cmsdk_uart_init(&noise_uart, BOARD_NOISE_BASE, BOARD_NOISE_CLOCK_HZ);
	uart_noise_init(&noise_source, &noise_uart.console);
	/* A source that fails its start-up test is not fatal: whoever needs random numbers gets the error. */
	(void)noise_start(&noise, &noise_source.source);
	feed(NULL);
}

/* The device's secrets go to the Crypto partition, and from then on nobody can read them. */
static void hand_out_secrets(void)
{
	static const struct crypto_builtin_user users[] = { { MERLON_KEY_IAK, SP_ATTEST } };
	struct crypto_builtin builtin = { .users = users, .user_count = sizeof users / sizeof users[0] };
	struct attest_config attest = {
		.handover = (const uint8_t *)BOARD_HANDOVER_BASE,
		.handover_size = BOARD_HANDOVER_SIZE,
		.implementation = "merlon " MERLON_BOARD_NAME,
		.certification = "",
		.service = "",
	};
	struct otp_identity identity;
	bool has_identity = otp_identity_get(&otp.medium, &identity) == PSA_SUCCESS;
	memcpy(serial, identity.serial, sizeof serial);
	if (has_identity && lifecycle_allows(spm.lifecycle, LIFECYCLE_SECRETS)) {
		memcpy(builtin.huk, identity.huk, sizeof builtin.huk);
		memcpy(builtin.iak, identity.iak, sizeof builtin.iak);
		crypto_builtin_set(&builtin);
		attest.instance = identity.instance;
	}
	attest_configure(&attest);
	mem_wipe(&builtin, sizeof builtin);
	mem_wipe(&identity, sizeof identity);
}

/* What a decommissioned device stored of its owner's. Protected Storage cannot be read without the hardware unique key; gone is gone. */
static void clear_storage(void)
{
	static const struct {
		uint32_t offset, size;
	} areas[] = { { BOARD_FLASH_ITS_OFFSET, BOARD_FLASH_ITS_SIZE }, { BOARD_FLASH_PS_OFFSET, BOARD_FLASH_PS_SIZE } };
	for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
		struct flash_window window;
		require(flash_window_init(&window, &flash.medium, areas[i].offset, areas[i].size), "there is no storage");
		require(medium_clear(&window.medium), "the storage cannot be cleared");
		feed(NULL);
	}
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
	hand_out_secrets();
	/* The records of the lifecycle stay open: the Platform partition writes what a debug token orders. */
	require(otp_guard_close_writing(&otp, OTP_LIFECYCLE_OFFSET + OTP_LIFECYCLE_SIZE, OTP_SIZE - OTP_LIFECYCLE_SIZE),
		"OTP stays open for writing");
	require(otp_guard_close_reading(&otp, OTP_IDENTITY_OFFSET, OTP_IDENTITY_SIZE), "the secrets stay open for reading");
}

/* Where a candidate will run: in direct-XIP in its own slot, else where the active image runs. */
#define CANDIDATE_ADDRESS(world, active)                                                                                           \
	(MERLON_UPGRADE_MODE == MERLON_UPGRADE_MODE_XIP ? BOARD_FLASH_BASE + BOARD_FLASH_##world##_SECONDARY_OFFSET : (active))

static void configure_partitions(void)
{
	static struct fwu_config fwu;
	static struct platform_config platform;
	flash_configure(&flash.medium);
	its_configure(merlon_flash_area(MERLON_FLASH_ITS));
	crypto_noise_set(&noise);
	fwu_crypto_init(&image_crypto, feed);
	fwu = (struct fwu_config) {
		.primary = { merlon_flash_area(MERLON_FLASH_S_PRIMARY), merlon_flash_area(MERLON_FLASH_NS_PRIMARY) },
		.secondary = { merlon_flash_area(MERLON_FLASH_S_SECONDARY), merlon_flash_area(MERLON_FLASH_NS_SECONDARY) },
		.journal = merlon_flash_area(MERLON_FLASH_JOURNAL),
		.state = merlon_flash_area(MERLON_FLASH_FWU_STATE),
		.otp = &otp.medium,
		.crypto = &image_crypto,
		.run_address = { BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_NS_IMAGE_BASE },
		.candidate_address = { CANDIDATE_ADDRESS(S, BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET),
				       CANDIDATE_ADDRESS(NS, BOARD_NS_IMAGE_BASE) },
		.slot_size = BOARD_SLOT_SIZE,
		.attempts = MERLON_TRIAL_ATTEMPTS,
		.accepted = on_accepted,
		.reboot = reboot,
	};
	fwu_configure(&fwu);
	platform = (struct platform_config) {
		.handover = (const uint8_t *)BOARD_HANDOVER_BASE,
		.handover_size = BOARD_HANDOVER_SIZE,
		.factory = merlon_flash_area(MERLON_FLASH_FACTORY),
		.watchdog = &watchdog.watchdog,
		.window = &confirm_timer.timer,
		.window_ms = MERLON_CONFIRM_WINDOW_S * 1000,
		.updater = SP_FWU,
		.reset = reset_because,
		.otp = &otp.medium,
		.serial = serial,
	};
	platform_configure(&platform);
}

int main(void)
{
	struct fault_record fault;
	open_devices();
	if (reset_fault_take(&fault))
		fault_print(&console_uart.console, "S: before this start", &fault);
	require(handover_find_u32((const uint8_t *)BOARD_HANDOVER_BASE, BOARD_HANDOVER_SIZE,
				  HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), &spm.lifecycle),
		"BL2 handed nothing over");
	close_doors();
	if (spm.lifecycle == OTP_LIFECYCLE_DECOMMISSIONED)
		clear_storage();
	configure_partitions();
	nvic_set_priority(BOARD_CONFIRM_TIMER_IRQ, NVIC_PRIORITY_HIGHEST);
	nvic_enable(BOARD_CONFIRM_TIMER_IRQ);
	require(spm_start(), "a partition did not start");
	feed(NULL);
	console_write_text(&console_uart.console, "S: ready\n");
	/* BL2 verified this very header, and nothing of the Non-secure world has run yet. */
	jump_to_nonsecure(BOARD_NS_IMAGE_BASE + ((const volatile uint16_t *)BOARD_NS_IMAGE_BASE)[4]);
}
