/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Non-secure program of its own: seals its start counter with a key that stays in the Secure world, keeps it in Internal Trusted
 * Storage, and blinks on the console by an interrupt of timer 0.
 */
#include <merlon/board/devices_nonsecure.h>
#include <merlon/nonsecure.h>
#include <merlon/platform.h>
#include <psa/crypto.h>
#include <psa/internal_trusted_storage.h>
#include <stdio.h>
#include <stdlib.h>

struct timer {
	volatile uint32_t control, value, reload, clear;
};
#define TIMER0      ((struct timer *)BOARD_TIMER0_BASE)
#define NVIC_ENABLE (*(volatile uint32_t *)0xe000e100)

enum { KEY = 1, COUNT = 1, TICKS = 3 };

MERLON_KEPT static uint32_t warm_starts; /* outlives a reset, not a loss of power */
static volatile unsigned ticks;

void TIMER0_Handler(void);

void TIMER0_Handler(void)
{
	TIMER0->clear = 1;
	ticks++;
}

static void must(psa_status_t status, const char *what)
{
	if (status == PSA_SUCCESS)
		return;
	printf("%s: %d\n", what, (int)status);
	exit(1);
}

static void make_key(void)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_id(&attributes, KEY);
	psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE);
	must(psa_generate_key(&attributes, &(psa_key_id_t) { 0 }), "psa_generate_key");
}

static unsigned count_starts(void)
{
	struct {
		unsigned count;
		uint8_t mac[32];
	} sealed = { 0 };
	size_t size;
	const uint8_t *count = (const uint8_t *)&sealed.count;
	if (psa_its_get(COUNT, 0, sizeof sealed, &sealed, &size) == PSA_ERROR_DOES_NOT_EXIST)
		make_key();
	else
		must(psa_mac_verify(KEY, PSA_ALG_HMAC(PSA_ALG_SHA_256), count, sizeof sealed.count, sealed.mac, sizeof sealed.mac),
		     "psa_mac_verify");
	sealed.count++;
	must(psa_mac_compute(KEY, PSA_ALG_HMAC(PSA_ALG_SHA_256), count, sizeof sealed.count, sealed.mac, sizeof sealed.mac, &size),
	     "psa_mac_compute");
	must(psa_its_set(COUNT, sizeof sealed, &sealed, PSA_STORAGE_FLAG_NONE), "psa_its_set");
	return sealed.count;
}

static void tick(void)
{
	TIMER0->reload = TIMER0->value = BOARD_TIMER0_CLOCK_HZ / 100;
	TIMER0->control = 1 | 8; /* on, with its interrupt */
	NVIC_ENABLE = 1u << BOARD_TIMER0_IRQ;
	while (ticks < TICKS)
		__asm__ volatile("wfi");
	TIMER0->control = 0;
}

int main(void)
{
	struct merlon_boot_report report;
	must(psa_crypto_init(), "psa_crypto_init");
	must(merlon_platform_boot_report(&report), "merlon_platform_boot_report");
	warm_starts = report.reset_cause == MERLON_RESET_POWER_ON ? 0 : warm_starts + 1;
	printf("example: start %u, warm %u\n", count_starts(), (unsigned)warm_starts);
	tick();
	printf("example: %u ticks\n", ticks);
	if (warm_starts == 0)
		must(merlon_platform_reset(MERLON_RESET_REQUESTED), "merlon_platform_reset");
	printf("example: done\n");
	return 0;
}
