/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attacker's Non-secure image: does what a line on UART0 tells it. Commands and numbers (hexadecimal) are words:
 *
 *     read ADDRESS             word at the address, answered `probe: read VALUE`
 *     write ADDRESS VALUE      answered `probe: written`
 *     call ADDRESS             jump there and come back: `probe: back`
 *     undefined                an undefined instruction
 *     hang                     interrupts off and no way out
 *     version SID              psa_version(): `probe: version VALUE`
 *     connect SID VERSION      psa_connect(): `probe: handle VALUE`
 *     psa HANDLE TYPE SIZE TEXT  psa_call() with TEXT as input and room for SIZE bytes: `probe: status VALUE, output WORD`
 *     close HANDLE             psa_close(): `probe: closed`
 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/client.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

enum { LINE_MAX = 80, WORD_MAX = 5 };

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

static void answer(const struct console *console, const char *text, uint32_t value)
{
	console_write_text(console, text);
	console_write_hex32(console, value);
}

static void do_read(const struct console *console, char *words[WORD_MAX])
{
	uint32_t value = *(volatile uint32_t *)number(words[1]);
	answer(console, "probe: read ", value);
}

static void do_write(const struct console *console, char *words[WORD_MAX])
{
	*(volatile uint32_t *)number(words[1]) = number(words[2]);
	cpu_barrier();
	console_write_text(console, "probe: written");
}

static void do_call(const struct console *console, char *words[WORD_MAX])
{
	((void (*)(void))number(words[1]))();
	console_write_text(console, "probe: back");
}

static void do_undefined(const struct console *console, char *words[WORD_MAX])
{
	(void)console, (void)words;
	__asm__ volatile("udf #0");
}

static void do_hang(const struct console *console, char *words[WORD_MAX])
{
	(void)console, (void)words;
	cpu_interrupts_disable();
	for (;;)
		cpu_barrier();
}

static void do_version(const struct console *console, char *words[WORD_MAX])
{
	answer(console, "probe: version ", psa_version(number(words[1])));
}

static void do_connect(const struct console *console, char *words[WORD_MAX])
{
	answer(console, "probe: handle ", (uint32_t)psa_connect(number(words[1]), number(words[2])));
}

static void do_psa(const struct console *console, char *words[WORD_MAX])
{
	uint32_t output = 0, size = number(words[3]);
	psa_invec in = { words[4], strlen(words[4]) };
	psa_outvec out = { &output, size < sizeof output ? size : sizeof output };
	answer(console, "probe: status ",
	       (uint32_t)psa_call((psa_handle_t)number(words[1]), (int32_t)number(words[2]), &in, 1, &out, 1));
	answer(console, ", output ", output);
}

static void do_close(const struct console *console, char *words[WORD_MAX])
{
	psa_close((psa_handle_t)number(words[1]));
	console_write_text(console, "probe: closed");
}

static void obey(const struct console *console, char *words[WORD_MAX])
{
	static const struct {
		const char *word;
		void (*run)(const struct console *console, char *words[WORD_MAX]);
	} commands[] = {
		{ "read", do_read },           { "write", do_write }, { "call", do_call },
		{ "undefined", do_undefined }, { "hang", do_hang },   { "version", do_version },
		{ "connect", do_connect },     { "psa", do_psa },     { "close", do_close },
	};
	size_t i = 0;
	while (i < sizeof commands / sizeof commands[0] && strcmp(commands[i].word, words[0]) != 0)
		i++;
	if (i < sizeof commands / sizeof commands[0])
		commands[i].run(console, words);
	else
		console_write_text(console, "probe: no such command");
	console_write_text(console, "\n");
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
