/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Interrupts as this security state sees them. Which world an interrupt belongs to is decided in board.dts (see world.h); accesses to
 * the other world's interrupts do nothing.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), NVIC.
 */
#ifndef MERLON_ARCH_NVIC_H
#define MERLON_ARCH_NVIC_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Priorities of the Secure world; smaller is more urgent. With system_harden() done, 0x00 to 0x7F are above everything that the
 * Non-secure world can ask for. The Non-secure kernel chooses its own, and the core maps them to 0x80 to 0xFF.
 */
enum { NVIC_PRIORITY_HIGHEST = 0x00, NVIC_PRIORITY_SECURE = 0x40, NVIC_PRIORITY_LOWEST = 0xe0 };

void nvic_enable(unsigned interrupt);
void nvic_disable(unsigned interrupt);
void nvic_set_priority(unsigned interrupt, uint8_t priority);
void nvic_clear_pending(unsigned interrupt);
bool nvic_is_pending(unsigned interrupt);

#endif
