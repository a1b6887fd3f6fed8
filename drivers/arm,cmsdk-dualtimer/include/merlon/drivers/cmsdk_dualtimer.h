/* SPDX-License-Identifier: Apache-2.0 */
/** The first half of Arm's CMSDK APB dual timer. Source: Cortex-M System Design Kit TRM (Arm DDI 0479), APB dual timer. */
#ifndef MERLON_DRIVERS_CMSDK_DUALTIMER_H
#define MERLON_DRIVERS_CMSDK_DUALTIMER_H

#include <merlon/hal/timer.h>

struct cmsdk_dualtimer {
	struct timer timer; /* hand out &timer.timer */
	uintptr_t base;
	uint32_t clock_hz;
};

/** Stops the timer. Every period that struct timer can ask for fits: the prescaler divides by up to 256. */
void cmsdk_dualtimer_init(struct cmsdk_dualtimer *timer, uintptr_t base, uint32_t clock_hz);

#endif
