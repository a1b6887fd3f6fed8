/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Non-secure image without a kernel that calls the PSA services on command, one word per line on UART0:
 *
 *     random       16 random bytes, answered `psa: random STATUS WORD`, the first four bytes as WORD
 *     generate     a volatile P-256 key pair, made and destroyed: `psa: generate STATUS 00000000`
 */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/crypto.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

enum { LINE_MAX = 16 };

static void answer(const struct console *console, const char *what, psa_status_t status, uint32_t word)
{
	console_write_text(console, "psa: ");
	console_write_text(console, what);
	console_write_text(console, " ");
	console_write_hex32(console, (uint32_t)status);
	console_write_text(console, " ");
	console_write_hex32(console, word);
	console_write_text(console, "\n");
}

static void say_random(const struct console *console)
{
	uint8_t bytes[16] = { 0 };
	uint32_t word;
	psa_status_t status = psa_generate_random(bytes, sizeof bytes);
	memcpy(&word, bytes, sizeof word);
	answer(console, "random", status, word);
}

static void generate(const struct console *console)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key = PSA_KEY_ID_NULL;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_status_t status = psa_generate_key(&attributes, &key);
	if (status == PSA_SUCCESS)
		status = psa_destroy_key(key);
	answer(console, "generate", status, 0);
}

int main(void)
{
	struct cmsdk_uart uart;
	char line[LINE_MAX];
	size_t size = 0;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	console_write_text(&uart.console, "psa: ready\n");
	for (;;) {
		char c;
		if (console_read(&uart.console, &c, 1) == 0)
			continue;
		if (c != '\n' && size < LINE_MAX - 1) {
			line[size++] = c;
			continue;
		}
		line[size] = '\0';
		size = 0;
		if (strcmp(line, "random") == 0)
			say_random(&uart.console);
		else if (strcmp(line, "generate") == 0)
			generate(&uart.console);
	}
}
