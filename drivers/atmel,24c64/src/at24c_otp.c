/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/at24c_otp.h>

/* A write cycle takes 5 ms at most; one poll is 9 clocks of the bus, 22 us at 400 kHz. */
enum { POLL_MAX = 1000 };

static const struct versatile_i2c *bus_of(const struct medium *medium)
{
	return &((const struct at24c_otp *)medium)->bus;
}

/* Address the chip; while it is busy writing it does not acknowledge. */
static psa_status_t select_offset(const struct versatile_i2c *bus, uint32_t offset)
{
	for (unsigned poll = 0; poll < POLL_MAX; poll++) {
		if (versatile_i2c_begin(bus, AT24C_ADDRESS, false) && versatile_i2c_write(bus, (uint8_t)(offset >> 8)) &&
		    versatile_i2c_write(bus, (uint8_t)offset))
			return PSA_SUCCESS;
		versatile_i2c_end(bus);
	}
	return PSA_ERROR_STORAGE_FAILURE;
}

static psa_status_t otp_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct versatile_i2c *bus = bus_of(medium);
	uint8_t *byte = data;
	psa_status_t status = select_offset(bus, offset);
	if (status == PSA_SUCCESS && !versatile_i2c_begin(bus, AT24C_ADDRESS, true))
		status = PSA_ERROR_STORAGE_FAILURE;
	for (size_t i = 0; i < size && status == PSA_SUCCESS; i++)
		byte[i] = versatile_i2c_read(bus, i + 1 == size);
	versatile_i2c_end(bus);
	return status;
}

static psa_status_t program_unit(const struct medium *medium, uint32_t offset, const uint8_t *data)
{
	const struct versatile_i2c *bus = bus_of(medium);
	psa_status_t status = select_offset(bus, offset);
	for (size_t i = 0; i < medium->write_size && status == PSA_SUCCESS; i++)
		if (!versatile_i2c_write(bus, data[i]))
			status = PSA_ERROR_STORAGE_FAILURE;
	versatile_i2c_end(bus);
	return status;
}

static psa_status_t otp_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	const uint8_t *byte = data;
	psa_status_t status = PSA_SUCCESS;
	for (size_t at = 0; at < size && status == PSA_SUCCESS; at += medium->write_size)
		status = program_unit(medium, offset + (uint32_t)at, byte + at);
	return status;
}

void at24c_otp_init(struct at24c_otp *otp, uintptr_t i2c_base, uint32_t size, uint32_t write_size)
{
	static const struct medium_ops ops = { .read = otp_read, .program = otp_program };
	otp->medium = (struct medium) { .ops = &ops, .size = size, .erase_size = 0, .write_size = write_size };
	versatile_i2c_init(&otp->bus, i2c_base);
}
