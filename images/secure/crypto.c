/* SPDX-License-Identifier: Apache-2.0 */
/* The noise source's device, and the keys that a device is born with. */
#include "start.h"
#include <merlon/board/devices_secure.h>
#include <merlon/builtin_keys.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/uart_noise.h>
#include <merlon/hal/noise.h>
#include <merlon/lib/mem.h>
#include <merlon/product/config.h>
#include <merlon/secure_crypto/crypto.h>
#include <string.h>

static struct cmsdk_uart uart;
static struct uart_noise source;
static struct noise noise;
static struct cmsdk_watchdog watchdog;

/* The generation of an RSA key outlasts the watchdog, and the Non-secure world, which asked for it, cannot prove its life meanwhile. */
static void on_progress(void *context)
{
	(void)context;
	watchdog_feed(&watchdog.watchdog);
}

/* The product names the users of built-in keys. */
#define HARDWARE_KEY_USER(partition)    { MERLON_KEY_HUK, partition },
#define ATTESTATION_KEY_USER(partition) { MERLON_KEY_IAK, partition },

void prepare_crypto(void)
{
	static const struct crypto_builtin_user users[] = { MERLON_HARDWARE_KEY_USERS(HARDWARE_KEY_USER)
								    MERLON_ATTESTATION_KEY_USERS(ATTESTATION_KEY_USER) };
	struct crypto_builtin builtin = { .users = users, .user_count = sizeof users / sizeof users[0] };
	cmsdk_uart_init(&uart, BOARD_NOISE_BASE, BOARD_NOISE_CLOCK_HZ);
	uart_noise_init(&source, &uart.console);
	/* A source that fails its start-up test is not fatal: whoever needs random numbers gets the error. */
	(void)noise_start(&noise, &source.source);
	crypto_noise_set(&noise);
	/* A confined partition does not reach the watchdog: at isolation level 3 an RSA key is imported, not generated. */
	if (MERLON_ISOLATION_LEVEL < 3) {
		cmsdk_watchdog_init(&watchdog, BOARD_WATCHDOG_BASE, BOARD_WATCHDOG_CLOCK_HZ);
		crypto_progress_set(on_progress, NULL);
	}
	if (start.secrets) {
		memcpy(builtin.huk, start.identity.huk, sizeof builtin.huk);
		memcpy(builtin.iak, start.identity.iak, sizeof builtin.iak);
		crypto_builtin_set(&builtin);
		mem_wipe(&builtin, sizeof builtin);
	}
}
