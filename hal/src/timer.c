/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/timer.h>

psa_status_t timer_start_once(const struct timer *timer, uint32_t period_ms)
{
	if (period_ms == 0 || period_ms > TIMER_PERIOD_MAX_MS)
		return PSA_ERROR_INVALID_ARGUMENT;
	return timer->ops->start(timer, period_ms * 1000, false);
}

psa_status_t timer_start_periodic(const struct timer *timer, uint32_t period_us)
{
	return period_us > 0 ? timer->ops->start(timer, period_us, true) : PSA_ERROR_INVALID_ARGUMENT;
}

void timer_stop(const struct timer *timer)
{
	timer->ops->stop(timer);
}

void timer_acknowledge(const struct timer *timer)
{
	timer->ops->acknowledge(timer);
}

uint32_t counter_read(const struct counter *counter)
{
	return counter->ops->read(counter);
}

uint32_t counter_elapsed_us(const struct counter *counter, uint32_t since, uint32_t now)
{
	return (uint32_t)((uint64_t)(now - since) * 1000000 / counter->frequency_hz);
}
