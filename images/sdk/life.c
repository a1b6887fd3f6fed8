/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk.h"
#include <merlon/arch/cpu.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/fpgaio_counter.h>
#include <merlon/nonsecure.h>
#include <merlon/platform.h>

enum { LIFE_PERIOD_US = 1000000 };

static struct cmsdk_uart uart;
static struct fpgaio_counter clock;
static uint32_t shown; /* when life was shown last */

/* Of newlib. */
int _write(int file, const void *data, int size);
int _read(int file, void *data, int size);

void sdk_devices_open(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	fpgaio_counter_init(&clock, BOARD_TIME_BASE_BASE, BOARD_TIME_BASE_CLOCK_HZ);
}

/* The call of the platform service comes here again, and finds that nothing is due. */
__attribute__((weak)) void merlon_show_life(void)
{
	uint32_t now = counter_read(&clock.counter);
	if (cpu_exception() != 0 || counter_elapsed_us(&clock.counter, shown, now) < LIFE_PERIOD_US)
		return;
	shown = now;
	(void)merlon_platform_alive();
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	psa_status_t status = sdk_gate_call(handle, type, in_vec, in_len, out_vec, out_len);
	merlon_show_life();
	return status;
}

/* Every file is the console. */
__attribute__((weak)) int _write(int file, const void *data, int size)
{
	(void)file;
	if (size > 0)
		console_write(&uart.console, data, (size_t)size);
	merlon_show_life();
	return size;
}

__attribute__((weak)) int _read(int file, void *data, int size)
{
	size_t got = 0;
	(void)file;
	while (size > 0 && got == 0) {
		got = console_read(&uart.console, data, (size_t)size);
		merlon_show_life();
	}
	return (int)got;
}
