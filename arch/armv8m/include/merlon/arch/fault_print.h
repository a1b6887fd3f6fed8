/* SPDX-License-Identifier: Apache-2.0 */
/** A fault in one line, for the Secure image's fault_report(). */
#ifndef MERLON_ARCH_FAULT_PRINT_H
#define MERLON_ARCH_FAULT_PRINT_H

#include <merlon/arch/fault.h>
#include <merlon/hal/console.h>

/**
 * For example `S: SecureFault of the Non-secure world, exception 0x00000007, pc 0x000206a6, lr ...` with all that the record holds.
 *
 * @param console  Before it was initialised (all zeros) nothing is printed: the record is retained all the same.
 * @param who      Begins the line.
 */
void fault_print(const struct console *console, const char *who, const struct fault_record *record);

#endif
