/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The machine below the partition manager: contexts of Secure threads, supervisor calls, the switch from one thread to another.
 *
 * Secure threads run in thread mode on the process stack, each with its own limit and memory map. One context, the agent's, runs on the
 * main stack or in the Non-secure state. SVC and PendSV rank above all interrupts of the Non-secure world, which therefore wait while a
 * handler runs, and below the Secure ones; handlers are short, everything long runs in thread mode. The assembly (`src/supervisor.S`) saves and restores; what runs next is decided by the functions that the kernel
 * defines.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), exception entry and return, EXC_RETURN, MPU_RBAR_An.
 */
#ifndef MERLON_ARCH_SUPERVISOR_H
#define MERLON_ARCH_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

/** Registers that the core does not stack. `stack_pointer`: what lies there depends on `exception_return`, see arch_frame(). */
struct arch_context {
	uint32_t saved[8]; /* r4 to r11 */
	uint32_t stack_pointer;
	uint32_t exception_return;
};

/** What the core stacks on an exception. */
struct arch_frame {
	uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

/** The context that runs: saved into on entry, restored from on return. The kernel sets it; never NULL from the first call on. */
extern struct arch_context *arch_running;

enum {
	ARCH_RETURN_SECURE = 1 << 6,
	ARCH_RETURN_PLAIN_STACK = 1 << 5,
	ARCH_RETURN_THREAD = 1 << 3,
	ARCH_RETURN_PROCESS_STACK = 1 << 2
};

/** The frame of a context that does not run. An interrupt of the Non-secure world leaves r4 to r11 and a signature below it. */
static inline struct arch_frame *arch_frame(const struct arch_context *context)
{
	enum { SIGNATURE_AND_REGISTERS = 40 };
	uint32_t more = (context->exception_return & ARCH_RETURN_PLAIN_STACK) != 0 ? 0 : SIGNATURE_AND_REGISTERS;
	return (struct arch_frame *)(context->stack_pointer + more);
}

/**
 * Build the first frame of a thread: it begins at `function` with r0 = `argument` and goes to `leave` when that returns.
 *
 * @param top  End of what the stack may use, a multiple of 8; the seal lies above.
 */
void arch_context_begin(struct arch_context *context, uint32_t top, void (*function)(void), uint32_t argument, void (*leave)(void));

/** Seal the stack that ends at `end`. @return What is left of it: the first `top`. */
uint32_t arch_stack_seal(uint32_t end);

/** What is restored with a thread of its own: the limit of its stack, and whether it is privileged. In a handler. */
void arch_thread_confine(uint32_t stack_limit, bool privileged);

/** Replace all eight regions of the memory protection unit: RBAR and RLAR of each. In a handler, or privileged thread mode. */
void arch_map_load(const uint32_t map[16]);

/** Give SVC, PendSV and SysTick their priorities and enable interrupts. Once, before the first thread. */
void arch_supervisor_start(void);

/** Ask for arch_pending(): at once, when called in thread mode with interrupts on. */
void arch_supervisor_pend(void);

/** Ask for arch_pending() once more, when nothing else of either world is active and the Non-secure world masks nothing. */
void arch_supervisor_pend_last(void);

/** Forget what the fault registers say: the fault was seen to. */
void arch_fault_clear(void);

/** Vectors: SVC, PendSV and SysTick, and the faults that a thread may cause; all others go to fault_entry(). */
void supervisor_entry(void);
void pending_entry(void);
void thread_fault_entry(void);

/* The kernel defines these; they run in the handler, with arch_running saved, and may change it. */
/** A thread on the process stack executed SVC `number`. */
void arch_supervisor(struct arch_frame *frame, uint32_t number);
/** `exception_return`: what was interrupted. */
void arch_pending(uint32_t exception_return);
/** A fault of a Secure thread on the process stack. @return False: it is fatal. */
bool arch_thread_fault(void);

#endif
