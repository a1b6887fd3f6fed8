/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Non-secure image of the thief's kit on the board: says what Protected Storage gives back, stores the next number, and says what waits
 * in the audit log. The object is a canary with a number behind it.
 */
#include <merlon/arch/vectors.h>
#include <merlon/audit.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/protected_storage.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

enum { UID = 0x1234, NUMBER = 20 };

static void say(const struct console *console, const char *what, psa_status_t status, uint32_t number)
{
	console_write_text(console, what);
	console_write_text(console, status < 0 ? " -" : " ");
	console_write_decimal(console, (uint32_t)(status < 0 ? -status : status));
	console_write_text(console, ", ");
	console_write_decimal(console, number);
	console_write_text(console, "\n");
}

int main(void)
{
	struct cmsdk_uart uart;
	struct merlon_audit_state audit = { 0 };
	uint8_t object[24] = "CANARY-CANARY-CANARY";
	size_t length;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	psa_status_t status = psa_ps_get(UID, 0, sizeof object, object, &length);
	say(&uart.console, "storage: get", status, status == PSA_SUCCESS ? object[NUMBER] : 0);
	object[NUMBER] = (uint8_t)(status == PSA_SUCCESS ? object[NUMBER] + 1 : 1);
	say(&uart.console, "storage: set", psa_ps_set(UID, sizeof object, object, PSA_STORAGE_FLAG_NONE), object[NUMBER]);
	status = merlon_audit_state(&audit);
	say(&uart.console, "storage: audit", status, audit.waiting);
	for (;;)
		continue;
}
