/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/fault_print.h>

void fault_print(const struct console *console, const char *who, const struct fault_record *record)
{
	static const char *const subjects[RESET_CAUSE_COUNT] = {
		[RESET_CAUSE_WATCHDOG] = ": the watchdog was not fed",
		[RESET_CAUSE_SECURE_FAULT] = ": SecureFault of the Non-secure world",
		[RESET_CAUSE_NONSECURE_FAULT] = ": fault of the Non-secure world",
		[RESET_CAUSE_PANIC] = ": fault of the Secure world",
	};
	const struct {
		const char *name;
		uint32_t value;
	} fields[] = {
		{ ", exception ", record->exception },
		{ ", pc ", record->pc },
		{ ", lr ", record->lr },
		{ ", cfsr ", record->cfsr },
		{ ", hfsr ", record->hfsr },
		{ ", sfsr ", record->sfsr },
		{ ", cfsr_ns ", record->cfsr_ns },
		{ ", mmfar ", record->mmfar },
		{ ", bfar ", record->bfar },
		{ ", partition ", (uint32_t)record->partition },
	};
	if (console->ops == NULL)
		return; /* a fault before the image opened its console */
	console_write_text(console, who);
	if (subjects[record->cause] != NULL)
		console_write_text(console, subjects[record->cause]);
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		console_write_text(console, fields[i].name);
		console_write_hex32(console, fields[i].value);
	}
	console_write_text(console, "\n");
}
