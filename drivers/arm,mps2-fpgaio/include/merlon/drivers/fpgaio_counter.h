/* SPDX-License-Identifier: Apache-2.0 */
/** The free-running counter of the MPS2+ FPGA I/O block. Source: Arm MPS2+ TRM (Arm 100112), FPGA system control, register COUNTER. */
#ifndef MERLON_DRIVERS_FPGAIO_COUNTER_H
#define MERLON_DRIVERS_FPGAIO_COUNTER_H

#include <merlon/hal/timer.h>

struct fpgaio_counter {
	struct counter counter; /* hand out &counter.counter */
	uintptr_t base;
};

void fpgaio_counter_init(struct fpgaio_counter *counter, uintptr_t base, uint32_t clock_hz);

#endif
