/* SPDX-License-Identifier: Apache-2.0 */
/* What BL2 handed over, and what the last start ended in. */
#include "start.h"
#include <merlon/flash.h>
#include <merlon/secure_audit/audit.h>

void prepare_audit(void)
{
	struct audit_boot boot;
	/* Malformed shared data are BL2's matter; what could be read is told. */
	(void)audit_boot_read(&boot, start.handover, start.handover_size);
	if (start.faulted && boot.has_panic) {
		start.panic.cause = boot.panic.cause;
		boot.panic = start.panic;
	}
	audit_configure(merlon_flash_area(MERLON_FLASH_AUDIT), &boot);
}
