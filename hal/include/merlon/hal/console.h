/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A console: bytes out, bytes in. Each world has its own; none is shared.
 *
 * Writing waits until the device took every byte; a console never fails and never loses output. There is no formatting: BL2 and the
 * Secure image compose their lines of text, numbers and hex with the functions below, and stay without printf.
 */
#ifndef MERLON_HAL_CONSOLE_H
#define MERLON_HAL_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

struct console;

/** The driver's side. `size` is never 0. */
struct console_ops {
	void (*write)(const struct console *console, const void *data, size_t size);
	size_t (*read)(const struct console *console, void *data, size_t capacity);
};

/** First member of every implementation. */
struct console {
	const struct console_ops *ops;
};

void console_write(const struct console *console, const void *data, size_t size);

/** @return Bytes that had arrived, at most `capacity`; 0 when there were none. Does not wait. */
size_t console_read(const struct console *console, void *data, size_t capacity);

void console_write_text(const struct console *console, const char *text); /* zero-terminated */
void console_write_decimal(const struct console *console, uint32_t value);
void console_write_hex32(const struct console *console, uint32_t value);                 /* 0x and 8 digits */
void console_write_hex(const struct console *console, const uint8_t *data, size_t size); /* 2 digits per byte */

#endif
