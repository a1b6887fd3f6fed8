/* SPDX-License-Identifier: Apache-2.0 */
/* The vector table of a program outside the tree: every entry is a weak name that the program may define. */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>

void default_handler(void);

/* The Secure world reports the fault, with the place, and resets. */
void default_handler(void)
{
	__asm__ volatile("udf #0");
}

#define WEAK(name)                                                                                                                 \
	void name(void);                                                                                                           \
	void name(void) __attribute__((weak, alias("default_handler")));

#define TEN(row, tens)                                                                                                             \
	row(tens##0) row(tens##1) row(tens##2) row(tens##3) row(tens##4) row(tens##5) row(tens##6) row(tens##7) row(tens##8)       \
		row(tens##9)
#define INTERRUPTS(row)                                                                                                            \
	TEN(row, )                                                                                                                 \
	TEN(row, 1) TEN(row, 2) TEN(row, 3) TEN(row, 4) TEN(row, 5) TEN(row, 6) TEN(row, 7) TEN(row, 8) TEN(row, 9) TEN(row, 10)   \
		row(110) row(111)

#define WEAK_INTERRUPT(n) WEAK(IRQ##n##_Handler)
INTERRUPTS(WEAK_INTERRUPT)
WEAK(NMI_Handler)
WEAK(HardFault_Handler)
WEAK(MemManage_Handler)
WEAK(BusFault_Handler)
WEAK(UsageFault_Handler)
WEAK(SecureFault_Handler)
WEAK(SVC_Handler)
WEAK(DebugMon_Handler)
WEAK(PendSV_Handler)
WEAK(SysTick_Handler)
WEAK(NONSEC_WATCHDOG_RESET_Handler)
WEAK(NONSEC_WATCHDOG_Handler)
WEAK(TIMER0_Handler)
WEAK(TIMER1_Handler)
WEAK(UARTRX0_Handler)
WEAK(UARTTX0_Handler)
WEAK(UART0_Handler)
WEAK(ETHERNET_Handler)

#define ENTRY(n) [n] = IRQ##n##_Handler,

/* A device of this world has its name in place of its number. */
#pragma GCC diagnostic ignored "-Woverride-init"
VECTORS const struct vectors vectors = {
	.core = { .stack = stack_top,
		  .reset = start_reset,
		  .nmi = NMI_Handler,
		  .hard_fault = HardFault_Handler,
		  .memory_fault = MemManage_Handler,
		  .bus_fault = BusFault_Handler,
		  .usage_fault = UsageFault_Handler,
		  .secure_fault = SecureFault_Handler,
		  .supervisor_call = SVC_Handler,
		  .debug = DebugMon_Handler,
		  .pending_call = PendSV_Handler,
		  .tick = SysTick_Handler },
	.interrupt = { INTERRUPTS(ENTRY)[BOARD_WATCHDOG_NS_RESET_IRQ] = NONSEC_WATCHDOG_RESET_Handler,
		       [BOARD_WATCHDOG_NS_WARNING_IRQ] = NONSEC_WATCHDOG_Handler, [BOARD_TIMER0_IRQ] = TIMER0_Handler,
		       [BOARD_TIMER1_IRQ] = TIMER1_Handler, [BOARD_UART0_RX_IRQ] = UARTRX0_Handler,
		       [BOARD_UART0_TX_IRQ] = UARTTX0_Handler, [BOARD_UART0_COMBINED_IRQ] = UART0_Handler,
		       [BOARD_ETHERNET_IRQ] = ETHERNET_Handler },
};
_Static_assert(VECTORS_INTERRUPT_COUNT == 112, "INTERRUPTS() names each once");
