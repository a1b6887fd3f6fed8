/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Timers: something that interrupts once after a time or again and again, and a counter that tells how much time has passed.
 *
 * The interrupt itself is the composition root's: it names the handler in its vector table and enables it in the NVIC.
 */
#ifndef MERLON_HAL_TIMER_H
#define MERLON_HAL_TIMER_H

#include <psa/error.h>
#include <stdbool.h>
#include <stdint.h>

struct timer;

/** The driver's side. `period_us` is never 0. */
struct timer_ops {
	psa_status_t (*start)(const struct timer *timer, uint32_t period_us, bool repeats);
	void (*stop)(const struct timer *timer);
	void (*acknowledge)(const struct timer *timer);
};

/** First member of every implementation. */
struct timer {
	const struct timer_ops *ops;
};

/** Longest time that timer_start_*() takes: the 32 bits of microseconds. */
#define TIMER_PERIOD_MAX_MS (UINT32_MAX / 1000)

/**
 * Interrupt after `period_ms`, once; or every `period_us`. A timer that ran starts anew.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT  0, or longer than the device can count.
 */
psa_status_t timer_start_once(const struct timer *timer, uint32_t period_ms);
psa_status_t timer_start_periodic(const struct timer *timer, uint32_t period_us);

/** Stop; an interrupt that was raised and not acknowledged is cleared. */
void timer_stop(const struct timer *timer);

/** Clear the interrupt. Called by its handler. */
void timer_acknowledge(const struct timer *timer);

struct counter;

struct counter_ops {
	uint32_t (*read)(const struct counter *counter);
};

/** A counter that counts up at `frequency_hz` and wraps around at 2^32. First member of every implementation. */
struct counter {
	const struct counter_ops *ops;
	uint32_t frequency_hz;
};

uint32_t counter_read(const struct counter *counter);

/** Time between two readings that lie less than one wrap apart. */
uint32_t counter_elapsed_us(const struct counter *counter, uint32_t since, uint32_t now);

#endif
