/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The machine below a kernel: thread contexts, the tick, and interrupts off and on, for the world that the code runs in.
 *
 * The assembly (`src/thread_switch.S`) offers `PendSV_Handler`; `src/thread.c` offers `SysTick_Handler`. Both only save, restore
 * and call what the kernel defines below. Each thread has its own PSPLIM: a stack overflow faults instead of spoiling a neighbour.
 * A thread that is preempted inside a Secure call keeps its EXC_RETURN, so the switch brings it back into the Secure world.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), exception entry and return, PSPLIM, SysTick.
 */
#ifndef MERLON_ARCH_THREAD_H
#define MERLON_ARCH_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARCH_THREAD_STACK_MIN = 256 };

/** First member of the kernel's thread. */
struct arch_thread {
	uintptr_t stack_pointer, stack_limit;
};

/**
 * Build the first frame of a thread on its stack: it begins at entry(argument) and goes to leave() when entry returns.
 *
 * @param stack  8-byte aligned, `size` bytes, at least ARCH_THREAD_STACK_MIN.
 */
void arch_thread_prepare(struct arch_thread *thread, void *stack, size_t size, void (*entry)(void *argument), void *argument,
			 void (*leave)(void));

/** Ask for a switch: arch_thread_next() is called as soon as interrupts are on and no other handler runs. */
void arch_thread_request_switch(void);

/** Start the tick, one per `cycles` core clock cycles, and switch to the first thread. The caller's stack is given up. */
_Noreturn void arch_thread_start(uint32_t cycles);

/** Interrupts of this world off; returns what arch_interrupts_restore() needs. Nests. */
uint32_t arch_interrupts_disable(void);
void arch_interrupts_restore(uint32_t state);
/** True in a handler. */
bool arch_in_interrupt(void);
/** Sleep until an interrupt. */
void arch_wait(void);

/** The vectors of a kernel's image: PendSV and SysTick. */
void PendSV_Handler(void);
void SysTick_Handler(void);

/* The kernel defines these; both run with interrupts on, in the handler. */
/** @return the thread to run now. The previous one has been saved unless it was the first switch. */
struct arch_thread *arch_thread_next(void);
void arch_thread_tick(void);

#endif
