/* SPDX-License-Identifier: Apache-2.0 */
/* From start_reset() to main() and, after it, to rest. */
#include "sdk.h"
#include <merlon/arch/cpu.h>
#include <merlon/nonsecure.h>
#include <stdlib.h>

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xe000e010u)
#define SYSTICK_RELOAD  (*(volatile uint32_t *)0xe000e014u)
#define SCB_ICSR        (*(volatile uint32_t *)0xe000ed04u)
enum { SYSTICK_ON = 7, SYSTICK_RELOAD_MAX = 0xffffff, ICSR_TICK_CLEAR = 1 << 25 };

extern uint32_t data_start[], data_end[], bss_start[], bss_end[]; /* linker script; all word-aligned */
extern const uint32_t data_load[];
extern void (*const constructors_start[])(void);
extern void (*const constructors_end[])(void);

int main(void);
_Noreturn void start_memory(void);
_Noreturn void _exit(int status);

_Noreturn void start_memory(void)
{
	const uint32_t *from = data_load;
	for (uint32_t *to = data_start; to < data_end; to++)
		*to = *from++;
	for (uint32_t *to = bss_start; to < bss_end; to++)
		*to = 0;
	sdk_devices_open();
	cpu_interrupts_restore(0);
	for (void (*const *one)(void) = constructors_start; one < constructors_end; one++)
		(*one)();
	exit(main());
}

/* The program is over: the device sleeps, woken by the tick (masked, so that it only wakes) to show that nothing went wrong. */
_Noreturn __attribute__((weak)) void _exit(int status)
{
	(void)status;
	(void)cpu_interrupts_disable();
	SYSTICK_RELOAD = SYSTICK_RELOAD_MAX;
	SYSTICK_CONTROL = SYSTICK_ON;
	for (;;) {
		cpu_wait_for_interrupt();
		SCB_ICSR = ICSR_TICK_CLEAR;
		merlon_show_life();
	}
}
