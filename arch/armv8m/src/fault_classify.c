/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/fault.h>

enum reset_cause fault_classify(const struct fault_record *record)
{
	enum { EXCEPTION_NMI = 2, EXCEPTION_RETURN_SECURE = 1 << 6 };
	if (record->exception == EXCEPTION_NMI)
		return RESET_CAUSE_WATCHDOG;
	if ((record->exception_return & EXCEPTION_RETURN_SECURE) != 0)
		return RESET_CAUSE_PANIC;
	return record->sfsr != 0 ? RESET_CAUSE_SECURE_FAULT : RESET_CAUSE_NONSECURE_FAULT;
}
