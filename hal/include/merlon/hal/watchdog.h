/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A watchdog of two stages: when it was not fed for one period it interrupts (NMI), after a second period it resets the device.
 *
 * It cannot be stopped once started. It survives the jump from one image to the next: the next image makes its own `struct watchdog`
 * for the same device and goes on feeding.
 */
#ifndef MERLON_HAL_WATCHDOG_H
#define MERLON_HAL_WATCHDOG_H

#include <psa/error.h>
#include <stdint.h>

struct watchdog;

struct watchdog_ops {
	psa_status_t (*start)(const struct watchdog *watchdog, uint32_t period_ms);
	void (*feed)(const struct watchdog *watchdog);
};

/** First member of every implementation. */
struct watchdog {
	const struct watchdog_ops *ops;
};

/**
 * Start, or change the period of one that runs; either feeds it.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT   The period is 0 or longer than the device can count.
 * @retval PSA_ERROR_HARDWARE_FAILURE   The device does not run although it was told to.
 */
psa_status_t watchdog_start(const struct watchdog *watchdog, uint32_t period_ms);

/** Begin a new period. Cheap: a few stores. */
void watchdog_feed(const struct watchdog *watchdog);

#endif
