/* SPDX-License-Identifier: Apache-2.0 */
/* The partitions that own devices, with simulated ones: images/secure/{flash,crypto,platform}.c for a host program. */
#include "device.h"
#include "start.h"
#include <merlon/builtin_keys.h>
#include <merlon/flash.h>
#include <merlon/hal/noise.h>
#include <merlon/lib/mem.h>
#include <merlon/product/config.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/spm/machine.h>
#include <string.h>

/*
 * Time does not pass for the device: neither the watchdog nor the confirm window runs out in a debugger. A reset that the program
 * asks for takes their place.
 */
static psa_status_t timer_start(const struct timer *timer, uint32_t period_us, bool repeats)
{
	(void)timer, (void)period_us, (void)repeats;
	return PSA_SUCCESS;
}

static void timer_do(const struct timer *timer)
{
	(void)timer;
}

static void watchdog_do(const struct watchdog *watchdog)
{
	(void)watchdog;
}

void prepare_flash(void)
{
	flash_configure(&host_hardware->flash.medium);
}

/* The product names the users of built-in keys. */
#define HARDWARE_KEY_USER(partition)    { MERLON_KEY_HUK, partition },
#define ATTESTATION_KEY_USER(partition) { MERLON_KEY_IAK, partition },

void prepare_crypto(void)
{
	static const struct crypto_builtin_user users[] = { MERLON_HARDWARE_KEY_USERS(HARDWARE_KEY_USER)
								    MERLON_ATTESTATION_KEY_USERS(ATTESTATION_KEY_USER) };
	static struct noise noise;
	struct crypto_builtin builtin = { .users = users, .user_count = sizeof users / sizeof users[0] };
	noise = (struct noise) { 0 };
	(void)noise_start(&noise, &host_hardware->noise.source);
	crypto_noise_set(&noise);
	if (start.secrets) {
		memcpy(builtin.huk, start.identity.huk, sizeof builtin.huk);
		memcpy(builtin.iak, start.identity.iak, sizeof builtin.iak);
		crypto_builtin_set(&builtin);
		mem_wipe(&builtin, sizeof builtin);
	}
}

static void reset(enum reset_cause cause)
{
	spm_machine_reset(cause);
}

void prepare_platform(void)
{
	static const struct timer_ops timer_ops = { timer_start, timer_do, timer_do };
	static const struct timer window = { &timer_ops };
	static const struct watchdog_ops watchdog_ops = { .feed = watchdog_do };
	static const struct watchdog watchdog = { &watchdog_ops };
	static struct platform_config config;
	config = (struct platform_config) {
		.handover = start.handover,
		.handover_size = start.handover_size,
		.factory = merlon_flash_area(MERLON_FLASH_FACTORY),
		.watchdog = &watchdog,
		.window = &window,
		.window_ms = MERLON_CONFIRM_WINDOW_S * 1000,
		.updater = SP_FWU,
		.reset = reset,
		.otp = start.otp,
		.serial = start.identity.serial,
	};
	platform_configure(&config);
}
