/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/console.h>

static const char digits[] = "0123456789abcdef";

void console_write(const struct console *console, const void *data, size_t size)
{
	if (size > 0)
		console->ops->write(console, data, size);
}

size_t console_read(const struct console *console, void *data, size_t capacity)
{
	return capacity > 0 ? console->ops->read(console, data, capacity) : 0;
}

void console_write_text(const struct console *console, const char *text)
{
	size_t size = 0;
	while (text[size] != '\0')
		size++;
	console_write(console, text, size);
}

void console_write_decimal(const struct console *console, uint32_t value)
{
	char text[10]; /* 2^32 - 1 has ten digits */
	size_t at = sizeof text;
	do {
		text[--at] = digits[value % 10];
		value /= 10;
	} while (value > 0);
	console_write(console, text + at, sizeof text - at);
}

void console_write_hex(const struct console *console, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		console_write(console, (const char[2]) { digits[data[i] >> 4], digits[data[i] & 15] }, 2);
}

void console_write_hex32(const struct console *console, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value };
	console_write_text(console, "0x");
	console_write_hex(console, bytes, sizeof bytes);
}
