/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/cmsdk_dualtimer.h>

struct registers {
	volatile uint32_t load, value, control, interrupt_clear;
};
enum {
	CONTROL_ENABLE = 1 << 7,
	CONTROL_PERIODIC = 1 << 6,
	CONTROL_INTERRUPT = 1 << 5,
	CONTROL_PRESCALE_SHIFT = 2,
	CONTROL_32_BIT = 1 << 1,
	CONTROL_ONE_SHOT = 1 << 0,
	PRESCALE_STEP = 16,
	PRESCALE_MAX = 2,
};

static struct registers *registers_of(const struct timer *timer)
{
	return (struct registers *)((const struct cmsdk_dualtimer *)timer)->base;
}

static psa_status_t start(const struct timer *timer, uint32_t period_us, bool repeats)
{
	struct registers *registers = registers_of(timer);
	uint64_t ticks = (uint64_t)period_us * ((const struct cmsdk_dualtimer *)timer)->clock_hz / 1000000;
	uint32_t prescale = 0;
	while (ticks > UINT32_MAX && prescale < PRESCALE_MAX) {
		ticks /= PRESCALE_STEP;
		prescale++;
	}
	if (ticks == 0 || ticks > UINT32_MAX)
		return PSA_ERROR_INVALID_ARGUMENT;
	registers->control = 0;
	registers->interrupt_clear = 1;
	registers->load = (uint32_t)ticks;
	registers->control = CONTROL_ENABLE | CONTROL_PERIODIC | CONTROL_INTERRUPT | prescale << CONTROL_PRESCALE_SHIFT |
			     CONTROL_32_BIT | (repeats ? 0 : CONTROL_ONE_SHOT);
	return PSA_SUCCESS;
}

static void stop(const struct timer *timer)
{
	registers_of(timer)->control = 0;
	registers_of(timer)->interrupt_clear = 1;
}

static void acknowledge(const struct timer *timer)
{
	registers_of(timer)->interrupt_clear = 1;
}

void cmsdk_dualtimer_init(struct cmsdk_dualtimer *timer, uintptr_t base, uint32_t clock_hz)
{
	static const struct timer_ops ops = { .start = start, .stop = stop, .acknowledge = acknowledge };
	*timer = (struct cmsdk_dualtimer) { .timer = { .ops = &ops }, .base = base, .clock_hz = clock_hz };
	stop(&timer->timer);
}
