/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/cmsdk_watchdog.h>

struct registers {
	volatile uint32_t load, value, control, interrupt_clear;
	uint32_t reserved[0x2fc];
	volatile uint32_t lock; /* 0xc00 */
};
enum { CONTROL_INTERRUPT = 1, CONTROL_RESET = 2 };
#define UNLOCK 0x1acce551u

static psa_status_t start(const struct watchdog *watchdog, uint32_t period_ms)
{
	const struct cmsdk_watchdog *device = (const struct cmsdk_watchdog *)watchdog;
	struct registers *registers = (struct registers *)device->base;
	/* In 32 bits: a boot loader does not want the library's 64-bit division. */
	uint32_t seconds = period_ms / 1000, rest_ms = period_ms % 1000;
	if (seconds >= UINT32_MAX / device->clock_hz)
		return PSA_ERROR_INVALID_ARGUMENT;
	uint32_t ticks =
		seconds * device->clock_hz + rest_ms * (device->clock_hz / 1000) + rest_ms * (device->clock_hz % 1000) / 1000;
	if (ticks == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	registers->lock = UNLOCK;
	registers->load = ticks;
	registers->control = CONTROL_INTERRUPT | CONTROL_RESET;
	psa_status_t status = registers->control == (CONTROL_INTERRUPT | CONTROL_RESET) ? PSA_SUCCESS : PSA_ERROR_HARDWARE_FAILURE;
	registers->lock = 0;
	return status;
}

static void feed(const struct watchdog *watchdog)
{
	struct registers *registers = (struct registers *)((const struct cmsdk_watchdog *)watchdog)->base;
	registers->lock = UNLOCK;
	registers->interrupt_clear = 1; /* reloads the counter too */
	registers->lock = 0;
}

void cmsdk_watchdog_init(struct cmsdk_watchdog *watchdog, uintptr_t base, uint32_t clock_hz)
{
	static const struct watchdog_ops ops = { .start = start, .feed = feed };
	*watchdog = (struct cmsdk_watchdog) { .watchdog = { .ops = &ops }, .base = base, .clock_hz = clock_hz };
}
