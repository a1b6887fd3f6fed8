/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Vector tables and start-up, the same for the three images.
 *
 * An image defines one table in its main.c, which thereby says by name what serves what:
 *
 *     VECTORS const struct vectors vectors = {
 *             .core = VECTORS_CORE,
 *             .interrupt = { [BOARD_DUALTIMER_IRQ] = on_confirm_window },
 *     };
 *
 * start_reset() sets the stack limit, writes the stack seal, copies .data, clears .bss and calls main(). An interrupt without an
 * entry is never enabled; a null vector is a fault.
 */
#ifndef MERLON_ARCH_VECTORS_H
#define MERLON_ARCH_VECTORS_H

#include <stdint.h>

enum {
	VECTORS_INTERRUPT_COUNT = 112, /* with the core's 16 a table of 512 bytes, which is its alignment for VTOR */
};
#define VECTORS_STACK_SEAL 0xfef5eda5u /* Armv8-M Secure software guidelines (Arm 100720): no return unstacks above it */

typedef void (*vector)(void);

struct vectors_core {
	const void *stack;
	vector reset, nmi, hard_fault, memory_fault, bus_fault, usage_fault, secure_fault;
	vector reserved_8, reserved_9, reserved_10, supervisor_call, debug, reserved_13, pending_call, tick;
};

struct vectors {
	struct vectors_core core;
	vector interrupt[VECTORS_INTERRUPT_COUNT];
};

#define VECTORS __attribute__((section(".vectors"), used))

/** The core's part for an image that handles neither SVC nor PendSV nor SysTick; `fault_vector`: fault_entry or fault_entry_brief. */
#define VECTORS_CORE_WITH(fault_vector)                                                                                            \
	{                                                                                                                          \
		.stack = stack_top, .reset = start_reset, .nmi = fault_vector, .hard_fault = fault_vector,                         \
		.memory_fault = fault_vector, .bus_fault = fault_vector, .usage_fault = fault_vector, .secure_fault = fault_vector \
	}
#define VECTORS_CORE VECTORS_CORE_WITH(fault_entry)
/** For the Secure image: supervisor.h. */
#define VECTORS_CORE_OF_THREADS                                                                                                    \
	{                                                                                                                          \
		.stack = stack_top, .reset = start_reset, .nmi = fault_entry, .hard_fault = fault_entry,                           \
		.memory_fault = thread_fault_entry, .bus_fault = thread_fault_entry, .usage_fault = thread_fault_entry,            \
		.secure_fault = thread_fault_entry, .supervisor_call = supervisor_entry, .pending_call = pending_entry,            \
		.tick = pending_entry                                                                                              \
	}

extern uint32_t stack_top[]; /* linker script; the seal lies there, above what is used */

_Noreturn void start_reset(void);

/** The vectors for NMI and faults: fault.h. Brief: cause and exception number only, for BL2, which counts bytes. */
void fault_entry(void);
void fault_entry_brief(void);

#endif
