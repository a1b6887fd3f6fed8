/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An I2C EEPROM with two address bytes, which plays one-time-programmable memory: a medium without erase. That bits go one way only
 * is kept by `hal/otp.h`, which stands in front of it; the chip itself rewrites any byte, so the rule binds software, not someone
 * with a soldering iron.
 *
 * Source: Microchip AT24C64 data sheet (DS20006270).
 */
#ifndef MERLON_DRIVERS_AT24C_OTP_H
#define MERLON_DRIVERS_AT24C_OTP_H

#include <merlon/drivers/versatile_i2c.h>
#include <merlon/lib/medium.h>

enum { AT24C_ADDRESS = 0x50, AT24C_PAGE_SIZE = 32 };

struct at24c_otp {
	struct medium medium; /* hand out &otp.medium; erase_size is 0 */
	struct versatile_i2c bus;
};

/**
 * @param i2c_base    Of the two-wire block.
 * @param size        Bytes of the chip.
 * @param write_size  A divisor of AT24C_PAGE_SIZE: a unit is written in one cycle of the chip.
 *
 * A chip that does not answer is PSA_ERROR_STORAGE_FAILURE.
 */
void at24c_otp_init(struct at24c_otp *otp, uintptr_t i2c_base, uint32_t size, uint32_t write_size);

#endif
