/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Access to memory-mapped registers of the core and of the world split, as functions.
 *
 * On the device they are one load and one store. Host tests supply their own, which model a register that does not keep what it is
 * told: that is how the read-back of `world.h` and `system.h` is tested. Device drivers do not use these; they are parametrised by
 * their base address instead.
 */
#ifndef MERLON_ARCH_REGISTERS_H
#define MERLON_ARCH_REGISTERS_H

#include <stdint.h>

/** @param address  Word-aligned, in the view of the Secure world. */
uint32_t register_read(uint32_t address);
void register_write(uint32_t address, uint32_t value);

/** Complete all writes before the next instruction (DSB, ISB). */
void register_barrier(void);

#endif
