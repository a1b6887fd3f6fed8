/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/registers.h>
#include <merlon/arch/supervisor.h>
#include <merlon/arch/vectors.h>

#define SCB_ICSR  0xe000ed04u
#define SCB_SHPR2 0xe000ed1cu
#define SCB_SHPR3 0xe000ed20u
#define SCB_CFSR  0xe000ed28u
#define SAU_SFSR  0xe000ede4u

enum { PENDSVSET = 1 << 28, PENDSTSET = 1 << 26, XPSR_THUMB = 1 << 24 };
#define RETURN_TO_THREAD 0xfffffffdu /* Secure, thread mode, process stack, nothing but the frame on it */
/* SVC and PendSV above all that the Non-secure world has or masks (AIRCR.PRIS), so that no call escalates; SysTick below all. */
#define SHPR2_PRIORITIES 0x60000000u
#define SHPR3_PRIORITIES 0xff600000u
#define SHPR2_MASK       0xff000000u
#define SHPR3_MASK       0xffff0000u

struct arch_context *arch_running;

uint32_t arch_stack_seal(uint32_t end)
{
	uint32_t *seal = (uint32_t *)end - 2;
	seal[0] = seal[1] = VECTORS_STACK_SEAL;
	return (uint32_t)seal;
}

void arch_context_begin(struct arch_context *context, uint32_t top, void (*function)(void), uint32_t argument, void (*leave)(void))
{
	struct arch_frame *frame = (struct arch_frame *)top - 1;
	*frame = (struct arch_frame) { .r0 = argument, .lr = (uint32_t)leave, .pc = (uint32_t)function & ~1u, .xpsr = XPSR_THUMB };
	*context = (struct arch_context) { .stack_pointer = (uint32_t)frame, .exception_return = RETURN_TO_THREAD };
}

void arch_thread_confine(uint32_t stack_limit, bool privileged)
{
	__asm__ volatile("msr psplim, %0\n\tmsr control, %1" : : "r"(stack_limit), "r"(privileged ? 0 : 1) : "memory");
}

void arch_supervisor_start(void)
{
	register_write(SCB_SHPR2, (register_read(SCB_SHPR2) & ~SHPR2_MASK) | SHPR2_PRIORITIES);
	register_write(SCB_SHPR3, (register_read(SCB_SHPR3) & ~SHPR3_MASK) | SHPR3_PRIORITIES);
	register_barrier();
	cpu_interrupts_restore(0);
}

void arch_supervisor_pend(void)
{
	register_write(SCB_ICSR, PENDSVSET);
	register_barrier();
}

void arch_supervisor_pend_last(void)
{
	register_write(SCB_ICSR, PENDSTSET);
}

/* Written ones clear. */
void arch_fault_clear(void)
{
	register_write(SCB_CFSR, register_read(SCB_CFSR));
	register_write(SAU_SFSR, register_read(SAU_SFSR));
}
