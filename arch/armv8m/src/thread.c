/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/thread.h>

#define ICSR      (*(volatile uint32_t *)0xE000ED04u)
#define SHPR3     (*(volatile uint32_t *)0xE000ED20u)
#define SYST_CSR  (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR  (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR  (*(volatile uint32_t *)0xE000E018u)
#define PENDSVSET (1u << 28)
#define LOWEST    (0xFFu << 24 | 0xFFu << 16) /* SysTick and PendSV below every other interrupt */

/* Non-secure thread mode, process stack, no floating point, exception taken to Non-secure. */
#define EXC_RETURN_THREAD 0xFFFFFFBCu
#define XPSR_THUMB        0x01000000u

enum { SAVED_WORDS = 9, FRAME_WORDS = 8 };
enum { FRAME_R0 = 0, FRAME_LR = 5, FRAME_PC = 6, FRAME_XPSR = 7, SAVED_EXC_RETURN = 8 };

void arch_thread_prepare(struct arch_thread *thread, void *stack, size_t size, void (*entry)(void *argument), void *argument,
			 void (*leave)(void))
{
	uint32_t *frame = (uint32_t *)((uintptr_t)stack + size) - FRAME_WORDS;
	uint32_t *saved = frame - SAVED_WORDS;
	for (uint32_t *word = saved; word < frame + FRAME_WORDS; word++)
		*word = 0;
	saved[SAVED_EXC_RETURN] = EXC_RETURN_THREAD;
	frame[FRAME_R0] = (uint32_t)argument;
	frame[FRAME_LR] = (uint32_t)leave;
	frame[FRAME_PC] = (uint32_t)entry & ~1u;
	frame[FRAME_XPSR] = XPSR_THUMB;
	thread->stack_pointer = (uintptr_t)saved;
	/* PendSV stores its words below PSP through another register, which PSPLIM does not watch: keep room for them. */
	thread->stack_limit = (uintptr_t)stack + (SAVED_WORDS + 1) / 2 * 8;
}

void arch_thread_request_switch(void)
{
	ICSR = PENDSVSET;
	__asm volatile("dsb\n\tisb" ::: "memory");
}

_Noreturn void arch_thread_start(uint32_t cycles)
{
	SHPR3 |= LOWEST;
	SYST_RVR = cycles - 1;
	SYST_CVR = 0;
	SYST_CSR = 7; /* core clock, interrupt, enable */
	ICSR = PENDSVSET;
	__asm volatile("cpsie i\n\tdsb\n\tisb" ::: "memory");
	for (;;)
		arch_wait();
}

uint32_t arch_interrupts_disable(void)
{
	uint32_t state;
	__asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(state)::"memory");
	return state;
}

void arch_interrupts_restore(uint32_t state)
{
	__asm volatile("msr primask, %0\n\tisb" ::"r"(state) : "memory");
}

bool arch_in_interrupt(void)
{
	uint32_t ipsr;
	__asm volatile("mrs %0, ipsr" : "=r"(ipsr));
	return ipsr != 0;
}

void arch_wait(void)
{
	__asm volatile("wfi" ::: "memory");
}

void SysTick_Handler(void)
{
	arch_thread_tick();
}
