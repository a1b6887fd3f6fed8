/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of partitions that do nothing (tests/partitions), measured as bench_nonsecure.c measures: what is left is the partition manager.
 */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/client.h>
#include <psa_manifest/sid.h>
#include <stdbool.h>
#include <string.h>

enum { REPEATS = 8, SIZE = 32, EMPTY = 0, ECHO = 1 };

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

static uint8_t sent[SIZE], received[SIZE];

__attribute__((noinline, no_icf)) static void bench_begin(void)
{
	__asm__ volatile("");
}

__attribute__((noinline, no_icf)) static void bench_end(void)
{
	__asm__ volatile("");
}

static bool nothing(void)
{
	bench_begin();
	bench_end();
	return true;
}

static bool empty(psa_handle_t handle)
{
	bench_begin();
	psa_status_t status = psa_call(handle, EMPTY, NULL, 0, NULL, 0);
	bench_end();
	return status == PSA_SUCCESS;
}

static bool echo(psa_handle_t handle)
{
	const psa_invec in = { sent, SIZE };
	psa_outvec out = { received, SIZE };
	memset(received, 0, SIZE);
	sent[0]++;
	bench_begin();
	psa_status_t status = psa_call(handle, ECHO, &in, 1, &out, 1);
	bench_end();
	return status == PSA_SUCCESS && out.len == SIZE && memcmp(sent, received, SIZE) == 0;
}

static bool version(void)
{
	bench_begin();
	uint32_t found = psa_version(BENCH_IPC_SID);
	bench_end();
	return found == BENCH_IPC_VERSION;
}

static bool empty_ipc(void)
{
	return empty(BENCH_IPC_HANDLE);
}

static bool empty_sfn(void)
{
	return empty(BENCH_SFN_HANDLE);
}

static bool echo_ipc(void)
{
	return echo(BENCH_IPC_HANDLE);
}

static bool echo_sfn(void)
{
	return echo(BENCH_SFN_HANDLE);
}

static const struct {
	const char *name;
	bool (*run)(void);
} measures[] = {
	{ "nothing", nothing },          { "call.version.ipc", version },     { "call.empty.outside", empty_sfn },
	{ "call.empty.ipc", empty_ipc }, { "call.32in_32out.sfn", echo_sfn }, { "call.32in_32out.ipc", echo_ipc },
};

int main(void)
{
	struct cmsdk_uart uart;
	bool good = true;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	for (size_t i = 0; i < sizeof measures / sizeof measures[0] && good; i++) {
		for (unsigned repeat = 0; repeat < REPEATS && good; repeat++)
			good = measures[i].run();
		console_write_text(&uart.console, good ? "measured " : "failed ");
		console_write_text(&uart.console, measures[i].name);
		console_write_text(&uart.console, " 8\n");
	}
	console_write_text(&uart.console, good ? "bench done 0\n" : "bench failed done 1\n");
	for (;;)
		continue;
}
