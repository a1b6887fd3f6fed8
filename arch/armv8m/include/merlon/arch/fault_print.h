/* SPDX-License-Identifier: Apache-2.0 */
/** The one line about a fault that BL2 and the Secure image print. */
#ifndef MERLON_ARCH_FAULT_PRINT_H
#define MERLON_ARCH_FAULT_PRINT_H

#include <merlon/arch/fault.h>
#include <merlon/hal/console.h>

/** For example `S: fault 7 in the Non-secure world: pc 0x00020a4c, cfsr 0x00000000, sfsr 0x00000008`. */
void fault_print(const struct console *console, const char *who, const struct fault_record *record);

#endif
