/* SPDX-License-Identifier: Apache-2.0 */
/* The Non-secure image. */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/client.h>
#include <stddef.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

int main(void)
{
	struct cmsdk_uart uart;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	console_write_text(&uart.console, "NS: hello ");
	console_write_decimal(&uart.console, psa_framework_version());
	console_write_text(&uart.console, "\n");
	for (;;) {
		char line[64];
		size_t size = console_read(&uart.console, line, sizeof line);
		if (size > 0 && line[0] == 'r')
			*(volatile uint32_t *)0x38000000 = 0;
		console_write(&uart.console, line, size);
	}
}
