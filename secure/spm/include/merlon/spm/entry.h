/* SPDX-License-Identifier: Apache-2.0 */
/** The device's side of the partition manager, for the Secure image's main.c. */
#ifndef MERLON_SPM_ENTRY_H
#define MERLON_SPM_ENTRY_H

#include <merlon/hal/console.h>
#include <psa/error.h>

struct fault_record; /* merlon/arch/fault.h */

/** Once, before anything else. Panics are written to the console, which must outlive the image; before this call they are silent. */
void spm_entry_init(struct console *console);

/** The product's policy: an unprivileged partition that breaks a rule or faults begins anew. Default: the device restarts. */
void spm_entry_restart_partitions(bool enable);

/**
 * Say in words what a record holds: a rule that a partition broke, or a fault.
 * @param who  Begins the line.
 */
void spm_entry_tell(const char *who, const struct fault_record *record);

/** The vector of each interrupt of a partition. */
void spm_interrupt(void);

/* Vectors of the Secure image: merlon/arch/supervisor.h. */

/** One piece of memory, bytes. */
struct spm_memory {
	uint32_t base, size;
};

/**
 * The memory that Non-secure clients may name in a call: real memory of their own, no devices. Until this call there is none.
 * What lies in it is judged by the core's TT instruction as well: their own protection counts.
 *
 * @param memory  Most used first. A client's range must lie in one of them. Kept by reference.
 */
void spm_entry_share(const struct spm_memory *memory, size_t count);

/** Write why and restart with RESET_CAUSE_PANIC. `who` names a partition or a part of the start-up. */
_Noreturn void spm_entry_stop(const char *who, const char *why);

/**
 * Switch the Secure memory protection unit on: code executes from `code` alone, which from here on cannot be written, and nothing
 * that can be written executes.
 *
 * @param code  Where the image lies; at the start of the external RAM region, granular to 32 bytes as is `code_size`.
 * @retval PSA_ERROR_INVALID_ARGUMENT     The range cannot be encoded.
 * @retval PSA_ERROR_CORRUPTION_DETECTED  A register read back differs; the caller stops the boot.
 */
psa_status_t spm_entry_protect(uint32_t code, uint32_t code_size);

#endif
