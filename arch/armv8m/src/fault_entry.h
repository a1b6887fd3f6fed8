/* SPDX-License-Identifier: Apache-2.0 */
/** What fault.S hands to fault.c. The order is that of the pushes there. */
#ifndef FAULT_ENTRY_H
#define FAULT_ENTRY_H

#include <stdint.h>

enum { FAULT_RETURN_SECURE = 1 << 6 }; /* EXC_RETURN: the Secure state was interrupted */

struct fault_stacks {
	uint32_t msp, psp, msp_ns, psp_ns, control_ns, exception_return;
};

/* Linker script: this image's RAM; base and size of the Non-secure world's, as addresses of symbols. */
extern uint32_t ram_start[], ram_end[], board_ns_data_base[], board_ns_data_size[];

_Noreturn void fault_handle(const struct fault_stacks *stacks);
_Noreturn void fault_handle_brief(void);

#endif
