/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_entry.h"
#include <arm_cmse.h>
#include <merlon/arch/cpu.h>
#include <merlon/arch/registers.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/system.h>
#include <stddef.h>

#define SCB_CFSR    0xe000ed28u
#define SCB_HFSR    0xe000ed2cu
#define SCB_MMFAR   0xe000ed34u
#define SCB_BFAR    0xe000ed38u
#define SAU_SFSR    0xe000ede4u
#define SCB_CFSR_NS 0xe002ed28u

enum { RETURN_SPSEL = 1 << 2, RETURN_THREAD = 1 << 3, CONTROL_SPSEL = 1 << 1 };

/* What the core pushes on an exception, without the additional and the floating-point context. */
struct frame {
	uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

static const struct frame *frame_of(const struct fault_stacks *stacks)
{
	uint32_t exc_return = stacks->exception_return;
	if ((exc_return & FAULT_RETURN_SECURE) != 0)
		return (const struct frame *)((exc_return & RETURN_SPSEL) != 0 ? stacks->psp : stacks->msp);
	bool process = (exc_return & RETURN_THREAD) != 0 && (stacks->control_ns & CONTROL_SPSEL) != 0;
	return (const struct frame *)(process ? stacks->psp_ns : stacks->msp_ns);
}

/* Reading a frame through a corrupt stack pointer would be a fault inside the fault handler: a lock-up. */
static bool frame_is_readable(const struct fault_stacks *stacks, const struct frame *frame)
{
	bool secure = (stacks->exception_return & FAULT_RETURN_SECURE) != 0;
	uintptr_t start = secure ? (uintptr_t)ram_start : (uintptr_t)board_ns_data_base;
	uintptr_t size = secure ? (uintptr_t)ram_end - start : (uintptr_t)board_ns_data_size;
	uintptr_t at = (uintptr_t)frame;
	return at % sizeof(uint32_t) == 0 && at >= start && at - start <= size - sizeof *frame;
}

_Noreturn void fault_handle(const struct fault_stacks *stacks)
{
	struct fault_record record = {
		.exception = cpu_exception(),
		.exception_return = stacks->exception_return,
		.cfsr = register_read(SCB_CFSR),
		.hfsr = register_read(SCB_HFSR),
		.mmfar = register_read(SCB_MMFAR),
		.bfar = register_read(SCB_BFAR),
		.sfsr = register_read(SAU_SFSR),
		.cfsr_ns = register_read(SCB_CFSR_NS),
		.partition = (stacks->exception_return & FAULT_RETURN_SECURE) != 0 ? fault_subject() : 0,
	};
	const struct frame *frame = frame_of(stacks);
	if (frame_is_readable(stacks, frame)) {
		record.pc = frame->pc;
		record.lr = frame->lr;
		record.xpsr = frame->xpsr;
	}
	record.cause = fault_classify(&record);
	reset_cause_record_fault(&record);
	fault_report(&record);
	system_reset();
}
