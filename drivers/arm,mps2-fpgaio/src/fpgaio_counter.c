/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/fpgaio_counter.h>

enum { COUNTER = 0x18 };

static uint32_t read(const struct counter *counter)
{
	return *(const volatile uint32_t *)(((const struct fpgaio_counter *)counter)->base + COUNTER);
}

void fpgaio_counter_init(struct fpgaio_counter *counter, uintptr_t base, uint32_t clock_hz)
{
	static const struct counter_ops ops = { .read = read };
	*counter = (struct fpgaio_counter) { .counter = { .ops = &ops, .frequency_hz = clock_hz }, .base = base };
}
