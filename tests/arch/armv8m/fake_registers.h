/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Registers of the core and of the protection controllers on the host: what register_read() and register_write() reach.
 *
 * SAU and MPU regions are reached through their number registers, an MPC's blocks through its index, as on the device. Any bit of any
 * register, region or block word can be stuck: it then keeps its value whatever is written.
 */
#ifndef FAKE_REGISTERS_H
#define FAKE_REGISTERS_H

#include <stdint.h>

enum { FAKE_SAU_REGIONS = 8, FAKE_MPU_REGIONS = 8, FAKE_MPC_WORDS = 128 };

void fake_registers_reset(void);

/** Declare an MPC: its block words lie behind BLK_IDX and BLK_LUT. @param words  What BLK_MAX + 1 reads. */
void fake_registers_add_mpc(uint32_t controller, uint32_t words);

/** The value behind an address, and behind one word of what an index register selects. */
uint32_t fake_registers_get(uint32_t address);
uint32_t fake_registers_get_indexed(uint32_t address, uint32_t index);

/** From now on the bits of `mask` in the register (index 0 where it has none) keep their value. */
void fake_registers_stick(uint32_t address, uint32_t index, uint32_t mask);

#endif
