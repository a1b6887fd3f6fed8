/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Noise from whatever feeds a UART: the boards have no true random number generator, and the emulator's host does.
 *
 * The bytes are raw. `hal/noise.h` tests them; nothing else may use this source.
 */
#ifndef MERLON_DRIVERS_UART_NOISE_H
#define MERLON_DRIVERS_UART_NOISE_H

#include <merlon/hal/console.h>
#include <merlon/hal/noise.h>

/**
 * Polls without a byte after which the source counts as dead. On the emulator a byte is late only by the host's leave; the limit has
 * to be reached well before the watchdog is, or a silent source resets the device for ever instead of stopping keys with an error.
 */
#define UART_NOISE_POLL_MAX 4000000u

struct uart_noise {
	struct noise_source source; /* hand out &noise.source */
	const struct console *uart;
};

/** @param uart  An initialised UART that serves nothing else; kept by reference. */
void uart_noise_init(struct uart_noise *noise, const struct console *uart);

#endif
