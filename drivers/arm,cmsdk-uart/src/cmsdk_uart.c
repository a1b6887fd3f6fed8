/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/cmsdk_uart.h>

struct registers {
	volatile uint32_t data, state, control, interrupt, baud_divider;
};
enum { STATE_TX_FULL = 1, STATE_RX_FULL = 2, CONTROL_TX = 1, CONTROL_RX = 2, BAUD_DIVIDER_MIN = 16 };

static struct registers *registers_of(const struct console *console)
{
	return (struct registers *)((const struct cmsdk_uart *)console)->base;
}

static void uart_write(const struct console *console, const void *data, size_t size)
{
	struct registers *registers = registers_of(console);
	const uint8_t *byte = data;
	for (size_t i = 0; i < size; i++) {
		while ((registers->state & STATE_TX_FULL) != 0)
			;
		registers->data = byte[i];
	}
}

static size_t uart_read(const struct console *console, void *data, size_t capacity)
{
	struct registers *registers = registers_of(console);
	uint8_t *byte = data;
	size_t size = 0;
	while (size < capacity && (registers->state & STATE_RX_FULL) != 0)
		byte[size++] = (uint8_t)registers->data;
	return size;
}

void cmsdk_uart_init(struct cmsdk_uart *uart, uintptr_t base, uint32_t clock_hz)
{
	static const struct console_ops ops = { .write = uart_write, .read = uart_read };
	uart->console.ops = &ops;
	uart->base = base;
	struct registers *registers = registers_of(&uart->console);
	uint32_t divider = clock_hz / CMSDK_UART_BAUD;
	registers->baud_divider = divider > BAUD_DIVIDER_MIN ? divider : BAUD_DIVIDER_MIN;
	registers->control = CONTROL_TX | CONTROL_RX;
	/* The emulator looks for input only after the data register was read once. */
	(void)registers->data;
}
