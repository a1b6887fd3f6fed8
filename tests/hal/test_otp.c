/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/otp.h>
#include <merlon/lib/mem.h>
#include <merlon/test.h>
#include <string.h>

enum { SIZE = 128, UNIT = 4 };

/* An EEPROM: any byte can be written again, and a worn cell keeps what it has. */
struct eeprom {
	struct medium medium;
	uint8_t cells[SIZE];
	uint32_t worn; /* offset of the cell that no longer takes a write; SIZE: none */
	unsigned programs;
};

static struct eeprom eeprom;

static psa_status_t eeprom_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	memcpy(data, ((const struct eeprom *)medium)->cells + offset, size);
	return PSA_SUCCESS;
}

static psa_status_t eeprom_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	(void)medium;
	eeprom.programs++;
	for (size_t i = 0; i < size; i++)
		if (offset + i != eeprom.worn)
			eeprom.cells[offset + i] = ((const uint8_t *)data)[i];
	return PSA_SUCCESS;
}

static const struct medium_ops eeprom_ops = { .read = eeprom_read, .program = eeprom_program };

static struct otp_guard fresh(void)
{
	struct otp_guard guard;
	eeprom = (struct eeprom) { .medium = { &eeprom_ops, SIZE, 0, UNIT }, .worn = SIZE };
	memset(eeprom.cells, 0xff, SIZE);
	otp_guard_init(&guard, &eeprom.medium);
	return guard;
}

TEST(a_bit_never_goes_back_though_the_device_would_let_it, CLAIM("otp.one_way"), ATTACK)
{
	struct otp_guard guard = fresh();
	uint8_t data[64];
	memset(data, 0x0f, sizeof data);
	CHECK_EQ(medium_program(&guard.medium, 0, data, sizeof data), PSA_SUCCESS);
	memset(data, 0x0e, sizeof data);
	CHECK_EQ(medium_program(&guard.medium, 0, data, sizeof data), PSA_SUCCESS);
	unsigned programs = eeprom.programs;
	for (unsigned bit = 0; bit < 8 * sizeof data; bit++) {
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		bool sets = (data[bit / 8] & ~0x0e) != 0;
		if (sets)
			CHECK_THAT(medium_program(&guard.medium, 0, data, sizeof data) == PSA_ERROR_NOT_PERMITTED, "bit %u", bit);
		data[bit / 8] = 0x0e;
	}
	CHECK_EQ(eeprom.programs, programs);
	CHECK(mem_is_filled(eeprom.cells, 0x0e, sizeof data));
	CHECK_EQ(medium_erase(&guard.medium, 0, SIZE), PSA_ERROR_NOT_SUPPORTED);
}

TEST(what_the_device_does_not_hold_is_an_error, CLAIM("otp.read_back"), FUNCTIONAL)
{
	for (uint32_t worn = 0; worn < 40; worn++) {
		struct otp_guard guard = fresh();
		uint8_t data[40] = { 0 };
		eeprom.worn = worn;
		CHECK_THAT(medium_program(&guard.medium, 0, data, sizeof data) == PSA_ERROR_STORAGE_FAILURE, "cell %u",
			   (unsigned)worn);
	}
}

TEST(a_closed_range_is_neither_read_nor_written, CLAIM("otp.close"), ATTACK)
{
	struct otp_guard guard = fresh();
	uint8_t data[8] = { 0 };
	CHECK_EQ(otp_guard_close_writing(&guard, 16, 16), PSA_SUCCESS);
	CHECK_EQ(otp_guard_close_reading(&guard, 32, 16), PSA_SUCCESS);
	CHECK_EQ(medium_program(&guard.medium, 12, data, 8), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_program(&guard.medium, 28, data, 8), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_read(&guard.medium, 16, data, 8), PSA_SUCCESS);
	CHECK_EQ(medium_read(&guard.medium, 25, data, 8), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_read(&guard.medium, 47, data, 1), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_read(&guard.medium, 48, data, 1), PSA_SUCCESS);
	memset(data, 0, sizeof data);
	CHECK_EQ(medium_program(&guard.medium, 8, data, 8), PSA_SUCCESS);
	CHECK(mem_is_filled(eeprom.cells + 16, 0xff, SIZE - 16));
	CHECK_EQ(otp_guard_close_reading(&guard, SIZE, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(otp_guard_close_writing(&guard, 0, SIZE + 1), PSA_ERROR_INVALID_ARGUMENT);
}
