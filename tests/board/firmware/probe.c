/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attacker's Non-secure image: does what a line on UART0 tells it. Commands and numbers (hexadecimal) are words:
 *
 *     read ADDRESS             word at the address, answered `probe: read VALUE`
 *     write ADDRESS VALUE      answered `probe: written`
 *     call ADDRESS             jump there and come back: `probe: back`
 *     undefined                an undefined instruction
 *     hang                     interrupts off and no way out
 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

enum { LINE_MAX = 80, WORD_MAX = 3 };

static uint32_t number(const char *text)
{
	uint32_t value = 0;
	for (; *text != '\0'; text++)
		value = value << 4 | (uint32_t)(*text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10);
	return value;
}

static void read_line(const struct console *console, char *line)
{
	size_t size = 0;
	for (;;) {
		char c;
		if (console_read(console, &c, 1) == 0)
			continue;
		if (c == '\n' || size == LINE_MAX - 1)
			break;
		line[size++] = c;
	}
	line[size] = '\0';
}

static void split(char *line, char *words[WORD_MAX])
{
	for (unsigned i = 0; i < WORD_MAX; i++) {
		words[i] = line;
		line += strcspn(line, " ");
		if (*line != '\0')
			*line++ = '\0';
	}
}

static void obey(const struct console *console, char *words[WORD_MAX])
{
	volatile uint32_t *word = (volatile uint32_t *)number(words[1]);
	if (strcmp(words[0], "read") == 0) {
		uint32_t value = *word;
		console_write_text(console, "probe: read ");
		console_write_hex32(console, value);
		console_write_text(console, "\n");
	} else if (strcmp(words[0], "write") == 0) {
		*word = number(words[2]);
		cpu_barrier();
		console_write_text(console, "probe: written\n");
	} else if (strcmp(words[0], "call") == 0) {
		((void (*)(void))number(words[1]))();
		console_write_text(console, "probe: back\n");
	} else if (strcmp(words[0], "undefined") == 0) {
		__asm__ volatile("udf #0");
	} else if (strcmp(words[0], "hang") == 0) {
		cpu_interrupts_disable();
		for (;;)
			cpu_barrier();
	} else {
		console_write_text(console, "probe: no such command\n");
	}
}

int main(void)
{
	struct cmsdk_uart uart;
	char line[LINE_MAX], *words[WORD_MAX];
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	console_write_text(&uart.console, "probe: ready\n");
	for (;;) {
		read_line(&uart.console, line);
		split(line, words);
		obey(&uart.console, words);
	}
}
