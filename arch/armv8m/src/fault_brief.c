/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_entry.h"
#include <merlon/arch/cpu.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/system.h>

_Noreturn void fault_handle_brief(void)
{
	/* Only Secure code has run, and the NMI is the watchdog: fault_classify() knows the rest. */
	struct fault_record record = { .exception = cpu_exception(), .exception_return = FAULT_RETURN_SECURE };
	record.cause = fault_classify(&record);
	reset_cause_record((enum reset_cause)record.cause);
	fault_report(&record);
	system_reset();
}
