/* SPDX-License-Identifier: Apache-2.0 */
/** How a partition reaches the partition manager. */
#ifndef MERLON_SPM_SUPERVISOR_H
#define MERLON_SPM_SUPERVISOR_H

#include <merlon/spm/spm.h>

/** A partition without a thread of its own runs on the main stack, the agent's. */
static inline __attribute__((always_inline)) bool on_agent(void)
{
	enum { SPSEL = 1 << 1 };
	uint32_t control;
	__asm__ volatile("mrs %0, control" : "=r"(control));
	return (control & SPSEL) == 0;
}

/** SVC `number`, which is a constant. */
static inline __attribute__((always_inline)) uint32_t supervisor(enum spm_api number, uint32_t a, uint32_t b, uint32_t c,
								 uint32_t d)
{
	register uint32_t r0 __asm__("r0") = a;
	register uint32_t r1 __asm__("r1") = b;
	register uint32_t r2 __asm__("r2") = c;
	register uint32_t r3 __asm__("r3") = d;
	__asm__ volatile("svc %[number]" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), [number] "i"(number) : "memory");
	return r0;
}

/** The call of this number, whichever way. */
#define CALL(number, a, b, c, d) (on_agent() ? spm_plain(number, a, b, c, d) : supervisor(number, a, b, c, d))

#endif
