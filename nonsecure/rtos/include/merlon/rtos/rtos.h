/* SPDX-License-Identifier: Apache-2.0 */
/** The kernel's one instance: the image's main.c defines both variables. Everything else is in cmsis_os2.h. */
#ifndef MERLON_RTOS_RTOS_H
#define MERLON_RTOS_RTOS_H

#include <cmsis_os2.h>
#include <merlon/rtos/sched.h>

enum { RTOS_IDLE_STACK_SIZE = 512 };

struct rtos {
	struct sched sched;
	osKernelState_t state;
	uint64_t idle_stack[RTOS_IDLE_STACK_SIZE / sizeof(uint64_t)];
};

extern struct rtos rtos_kernel;
/** Core clock in Hz, as in CMSIS; the tick is derived from it. */
extern uint32_t SystemCoreClock;

#endif
