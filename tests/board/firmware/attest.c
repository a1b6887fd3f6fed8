/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Non-secure image without a kernel that asks for tokens and delivers them, one command per line on UART0. Each is answered
 * `attest: COMMAND STATUS`, and with data where there is some: ` HEX`.
 *
 *     token HEX        an attestation token for this challenge; the buffer has exactly the size that the service says
 *     challenge        a challenge for a debug token
 *     debug HEX        deliver a debug token
 *     state            the lifecycle of this start, big-endian
 *     call HEX         psa_call(): a handle of 4 bytes, big-endian, and the input
 *     store, load      an object of Internal Trusted Storage
 *     reboot
 */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/platform.h>
#include <psa/client.h>
#include <psa/initial_attestation.h>
#include <psa/internal_trusted_storage.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

enum { LINE_MAX = 1024, DATA_MAX = PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE, OBJECT = 7 };

static uint8_t input[LINE_MAX / 2], output[DATA_MAX];

static psa_status_t token(size_t size, size_t *out_size)
{
	size_t room;
	psa_status_t status = psa_initial_attest_get_token_size(size, &room);
	if (status != PSA_SUCCESS)
		return status;
	status = psa_initial_attest_get_token(input, size, output, room, out_size);
	return status == PSA_SUCCESS && *out_size != room ? PSA_ERROR_GENERIC_ERROR : status;
}

static psa_status_t challenge(size_t size, size_t *out_size)
{
	(void)size;
	*out_size = MERLON_DEBUG_CHALLENGE_SIZE;
	return merlon_platform_debug_challenge(output);
}

static psa_status_t debug(size_t size, size_t *out_size)
{
	(void)out_size;
	return merlon_platform_debug_authorise(input, size);
}

static psa_status_t state(size_t size, size_t *out_size)
{
	struct merlon_boot_report report;
	(void)size;
	psa_status_t status = merlon_platform_boot_report(&report);
	output[0] = (uint8_t)(report.lifecycle >> 8);
	output[1] = (uint8_t)report.lifecycle;
	*out_size = 2;
	return status;
}

static psa_status_t store(size_t size, size_t *out_size)
{
	(void)out_size;
	return psa_its_set(OBJECT, size, input, PSA_STORAGE_FLAG_NONE);
}

static psa_status_t load(size_t size, size_t *out_size)
{
	(void)size;
	return psa_its_get(OBJECT, 0, sizeof output, output, out_size);
}

static psa_status_t call(size_t size, size_t *out_size)
{
	psa_handle_t handle = input[0] << 24 | input[1] << 16 | input[2] << 8 | input[3];
	psa_invec in = { input + 4, size > 4 ? size - 4 : 0 };
	psa_outvec out = { output, sizeof output };
	psa_status_t status = psa_call(handle, PSA_IPC_CALL, &in, 1, &out, 1);
	*out_size = out.len;
	return status;
}

static psa_status_t reboot(size_t size, size_t *out_size)
{
	(void)size, (void)out_size;
	return merlon_platform_reset(MERLON_RESET_REQUESTED);
}

static const struct {
	const char *name;
	psa_status_t (*run)(size_t size, size_t *out_size); /* bytes of input; bytes of output */
} commands[] = {
	{ "token", token }, { "challenge", challenge }, { "debug", debug },   { "state", state },
	{ "store", store }, { "load", load },           { "reboot", reboot }, { "call", call },
};

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* NAME or NAME HEX. */
static void answer(const struct console *console, char *line)
{
	size_t name_size = strcspn(line, " "), size = 0, out_size = 0;
	const char *hex = line[name_size] == ' ' ? line + name_size + 1 : "";
	for (; hex[2 * size] != '\0' && hex[2 * size + 1] != '\0'; size++)
		input[size] = (uint8_t)(digit(hex[2 * size]) << 4 | digit(hex[2 * size + 1]));
	line[name_size] = '\0';
	psa_status_t status = PSA_ERROR_NOT_SUPPORTED;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, line) == 0)
			status = commands[i].run(size, &out_size);
	console_write_text(console, "attest: ");
	console_write_text(console, line);
	console_write_text(console, " ");
	console_write_hex32(console, (uint32_t)status);
	if (status == PSA_SUCCESS && out_size > 0) {
		console_write_text(console, " ");
		console_write_hex(console, output, out_size);
	}
	console_write_text(console, "\n");
}

int main(void)
{
	static char line[LINE_MAX];
	struct cmsdk_uart uart;
	size_t size = 0;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	console_write_text(&uart.console, "attest: ready\n");
	for (;;) {
		char c;
		if (console_read(&uart.console, &c, 1) == 0)
			continue;
		if (c != '\n') {
			if (size < sizeof line - 1)
				line[size++] = c;
			continue;
		}
		line[size] = '\0';
		size = 0;
		(void)merlon_platform_alive();
		answer(&uart.console, line);
	}
}
