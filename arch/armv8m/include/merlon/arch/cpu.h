/* SPDX-License-Identifier: Apache-2.0 */
/** Single instructions of the core, and the attribute that makes a function a Secure entry. */
#ifndef MERLON_ARCH_CPU_H
#define MERLON_ARCH_CPU_H

#include <stdint.h>

/** Interrupts of this security state off (PRIMASK). @return The former mask for cpu_interrupts_restore(). */
static inline uint32_t cpu_interrupts_disable(void)
{
	uint32_t mask;
	__asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(mask) : : "memory");
	return mask;
}

static inline void cpu_interrupts_restore(uint32_t mask)
{
	__asm__ volatile("msr primask, %0" : : "r"(mask) : "memory");
}

static inline void cpu_barrier(void)
{
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}

static inline void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("dsb\n\twfi" : : : "memory");
}

/** Number of the exception that runs now; 0 in thread mode; 16 is interrupt 0. */
static inline uint32_t cpu_exception(void)
{
	uint32_t number;
	__asm__ volatile("mrs %0, ipsr" : "=r"(number));
	return number;
}

#endif
