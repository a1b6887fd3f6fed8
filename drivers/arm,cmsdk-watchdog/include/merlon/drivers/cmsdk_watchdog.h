/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Arm CMSDK APB watchdog: NMI after one period without feeding, reset after the second. Its registers are locked between accesses.
 *
 * Source: Cortex-M System Design Kit TRM (Arm DDI 0479), APB watchdog.
 */
#ifndef MERLON_DRIVERS_CMSDK_WATCHDOG_H
#define MERLON_DRIVERS_CMSDK_WATCHDOG_H

#include <merlon/hal/watchdog.h>

struct cmsdk_watchdog {
	struct watchdog watchdog; /* hand out &watchdog.watchdog */
	uintptr_t base;
	uint32_t clock_hz;
};

/** Touches no register: a watchdog that runs goes on. */
void cmsdk_watchdog_init(struct cmsdk_watchdog *watchdog, uintptr_t base, uint32_t clock_hz);

#endif
