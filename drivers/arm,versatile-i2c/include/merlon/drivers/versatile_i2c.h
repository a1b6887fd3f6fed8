/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An I2C master on Arm's two-wire serial block, which only sets and clears two open-drain lines: the protocol is in software.
 *
 * One master, no clock stretching. A transfer is begin, bytes, end; begin within a transfer is a repeated start.
 * Sources: Arm MPS2+ TRM (Arm 100112), two-wire serial bus; NXP UM10204, I2C-bus specification.
 */
#ifndef MERLON_DRIVERS_VERSATILE_I2C_H
#define MERLON_DRIVERS_VERSATILE_I2C_H

#include <stdbool.h>
#include <stdint.h>

struct versatile_i2c {
	uintptr_t base;
};

/** Release both lines, and clock out whatever a transfer that a reset cut short left on them. */
void versatile_i2c_init(struct versatile_i2c *bus, uintptr_t base);

/** Start condition and address byte. @return false: nobody acknowledged. */
bool versatile_i2c_begin(const struct versatile_i2c *bus, uint8_t address, bool reads);

/** @return false: not acknowledged. */
bool versatile_i2c_write(const struct versatile_i2c *bus, uint8_t byte);

/** @param last  Do not acknowledge: the device stops sending. */
uint8_t versatile_i2c_read(const struct versatile_i2c *bus, bool last);

void versatile_i2c_end(const struct versatile_i2c *bus);

#endif
