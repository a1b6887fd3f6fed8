/* SPDX-License-Identifier: Apache-2.0 */
/** Arm CMSDK APB UART, polled, as a console. Source: Cortex-M System Design Kit TRM (Arm DDI 0479), APB UART. */
#ifndef MERLON_DRIVERS_CMSDK_UART_H
#define MERLON_DRIVERS_CMSDK_UART_H

#include <merlon/hal/console.h>

struct cmsdk_uart {
	struct console console; /* hand out &uart.console */
	uintptr_t base;
};

enum { CMSDK_UART_BAUD = 115200 };

/** Set the rate, switch both directions on and drop a byte that may have been waiting. Harmless on a UART that runs already. */
void cmsdk_uart_init(struct cmsdk_uart *uart, uintptr_t base, uint32_t clock_hz);

#endif
