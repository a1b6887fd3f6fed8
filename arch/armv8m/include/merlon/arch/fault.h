/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Faults and the NMI: record, let the image report, reset. No fault that comes here is ever returned from; those that a partition of the
 * Secure image survives by beginning anew are seen to before (supervisor.h).
 *
 * In the Secure image the vectors point to fault_entry(), in BL2 to fault_entry_brief(), which knows cause and exception only. The
 * Non-secure world needs no handlers: BusFault, HardFault and NMI are Secure (system_harden()), and its MemManage and UsageFault
 * escalate to HardFault as long as it does not enable them.
 */
#ifndef MERLON_ARCH_FAULT_H
#define MERLON_ARCH_FAULT_H

#include <merlon/lib/handover.h>
#include <stdint.h>

/** What the core said. `pc`, `lr`, `xpsr` are 0 when the stacked frame could not be trusted. */
struct fault_record {
	uint32_t cause;            /* enum reset_cause, as the reset that follows will be recorded */
	uint32_t exception;        /* IPSR: 2 NMI, 3 HardFault, 4 MemManage, 5 BusFault, 6 UsageFault, 7 SecureFault */
	uint32_t exception_return; /* EXC_RETURN; bit 6: the Secure state was interrupted */
	uint32_t pc, lr, xpsr;
	uint32_t cfsr, hfsr, mmfar, bfar, sfsr;
	uint32_t cfsr_ns;     /* the Non-secure world's own cfsr: what escalated */
	int32_t partition;    /* id of the partition that ran, 0: none */
	uint16_t call, error; /* a broken rule of the framework: enum spm_api and enum spm_error; `exception` is 0 then */
};

/**
 * Which cause a record stands for: the NMI is the watchdog; a fault of Non-secure code is RESET_CAUSE_SECURE_FAULT when the security
 * attribution stopped it, else RESET_CAUSE_NONSECURE_FAULT; a fault of Secure code is RESET_CAUSE_PANIC. Pure; host-tested.
 */
enum reset_cause fault_classify(const struct fault_record *record);

/** Supplied by each image that uses fault_entry(): whose partition's code ran, its id; 0: none. */
int32_t fault_subject(void);

/**
 * Supplied by each image that uses either: say what happened. Runs at the fault's priority on a stack of 1 KB, may touch the
 * console and nothing else. Cause and record are retained before the call and the reset follows when it returns.
 */
void fault_report(const struct fault_record *record);

#endif
