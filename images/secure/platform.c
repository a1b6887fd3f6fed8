/* SPDX-License-Identifier: Apache-2.0 */
/* The watchdog, the timer of the confirm window, OTP for the lifecycle's records, and a copy of what BL2 handed over. */
#include "start.h"
#include <merlon/board/devices_secure.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/at24c_otp.h>
#include <merlon/drivers/cmsdk_dualtimer.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/flash.h>
#include <merlon/product/config.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/spm/machine.h>
#include <string.h>

static struct cmsdk_watchdog watchdog;
static struct cmsdk_dualtimer window;
static struct platform_config config;
static struct at24c_otp eeprom;
static struct otp_guard otp;
static char serial[OTP_SERIAL_MAX + 1];
static uint8_t handover[BOARD_HANDOVER_SIZE];

/* The partition itself, confined, could not. */
static void reset(enum reset_cause cause)
{
	spm_reset(cause);
}

void prepare_platform(void)
{
	memcpy(handover, start.handover, sizeof handover);
	memcpy(serial, start.identity.serial, sizeof serial);
	at24c_otp_init(&eeprom, BOARD_OTP_BASE, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &eeprom.medium);
	require(close_otp(&otp), "OTP stays open");
	cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
	cmsdk_dualtimer_init(&window, BOARD_CONFIRM_TIMER_BASE, BOARD_CONFIRM_TIMER_CLOCK_HZ);
	config = (struct platform_config) {
		.handover = handover,
		.handover_size = sizeof handover,
		.factory = merlon_flash_area(MERLON_FLASH_FACTORY),
		.watchdog = &watchdog.watchdog,
		.window = &window.timer,
		.window_ms = MERLON_CONFIRM_WINDOW_S * 1000,
		.updater = SP_FWU,
		.reset = reset,
		.otp = &otp.medium,
		.serial = serial,
	};
	platform_configure(&config);
}
