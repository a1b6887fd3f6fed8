/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What libmerlon_ns.a gives a Non-secure program beside the PSA headers: its start, its interrupts, its signs of life. Page: docs/sdk.md.
 *
 * The program supplies main(). Before it, .data is copied, .bss cleared, UART0 switched on and constructors run; when it returns,
 * the device idles. printf() and the rest of newlib's stdio use UART0; malloc() has the RAM that is left.
 *
 * Interrupts: a function of one of these names in the program takes the place of the default, which is a fault that the Secure world
 * reports before it resets the device:
 * - SVC_Handler, PendSV_Handler, SysTick_Handler, MemManage_Handler, UsageFault_Handler, DebugMon_Handler;
 *   NMI_Handler, HardFault_Handler, BusFault_Handler and SecureFault_Handler exist, but the Secure world keeps these exceptions;
 * - NONSEC_WATCHDOG_RESET_Handler, NONSEC_WATCHDOG_Handler, TIMER0_Handler, TIMER1_Handler, UARTRX0_Handler, UARTTX0_Handler,
 *   UART0_Handler, ETHERNET_Handler;
 * - IRQ<n>_Handler for every other interrupt, by its number. It arrives only if board.dts gives it to the Non-secure world.
 */
#ifndef MERLON_NONSECURE_H
#define MERLON_NONSECURE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The program lives. At most once a second this becomes merlon_platform_alive(), which feeds the watchdog of the Secure world; from
 * an interrupt handler it does nothing. psa_call(), reading and writing the console call it, so that only a program which does
 * neither for the time that the product gives (`watchdog_ms`, 10 s) has to, too.
 *
 * Weak: a program that defines it empty decides by itself when to call merlon_platform_alive().
 */
void merlon_show_life(void);

/** The last KB of Non-secure RAM: neither loaded nor cleared at a start, and kept over a reset without loss of power. */
extern uint8_t merlon_kept_start[], merlon_kept_end[];

/** For objects that lie there. */
#define MERLON_KEPT __attribute__((section(".merlon_kept")))

#ifdef __cplusplus
}
#endif

#endif
