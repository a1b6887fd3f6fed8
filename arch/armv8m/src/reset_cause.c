/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/reset_cause.h>
#include <merlon/lib/crc.h>
#include <merlon/lib/mem.h>

/* The fault's details carry a CRC: after a cold start the RAM holds anything. */
struct retained {
	volatile uint32_t cause, complement;
	uint32_t fault_crc;
	struct fault_record fault;
};

extern struct retained retained_start; /* linker script; no image has it in .data or .bss */

static bool is_valid(void)
{
	return retained_start.cause == ~retained_start.complement && retained_start.cause < RESET_CAUSE_COUNT;
}

void reset_cause_record(enum reset_cause cause)
{
	if (is_valid() && retained_start.cause != RESET_CAUSE_POWER_ON)
		return;
	retained_start.cause = cause;
	retained_start.complement = ~(uint32_t)cause;
}

void reset_fault_record(const struct fault_record *fault)
{
	retained_start.fault = *fault;
	retained_start.fault_crc = crc32_update(0, fault, sizeof *fault);
}

void reset_cause_record_fault(const struct fault_record *fault)
{
	if (is_valid() && retained_start.cause != RESET_CAUSE_POWER_ON)
		return;
	reset_fault_record(fault);
	reset_cause_record((enum reset_cause)fault->cause);
}

enum reset_cause reset_cause_take(void)
{
	enum reset_cause cause = is_valid() ? (enum reset_cause)retained_start.cause : RESET_CAUSE_POWER_ON;
	retained_start.cause = retained_start.complement = 0;
	return cause;
}

bool reset_fault_take(struct fault_record *fault)
{
	*fault = retained_start.fault;
	bool found = retained_start.fault_crc == crc32_update(0, fault, sizeof *fault) && fault->cause != RESET_CAUSE_POWER_ON;
	mem_wipe(&retained_start.fault, sizeof retained_start.fault);
	return found;
}
