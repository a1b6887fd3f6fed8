/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/versatile_i2c.h>

struct registers {
	volatile uint32_t set, clear; /* reading `set` gives the lines */
};
enum { SCL = 1, SDA = 2 };

static struct registers *registers_of(const struct versatile_i2c *bus)
{
	return (struct registers *)bus->base;
}

static void data_line(struct registers *lines, bool high)
{
	*(high ? &lines->set : &lines->clear) = SDA;
}

static bool clock_bit(struct registers *lines, bool out)
{
	data_line(lines, out);
	lines->set = SCL;
	bool in = (lines->set & SDA) != 0;
	lines->clear = SCL;
	return in;
}

static uint8_t clock_byte(struct registers *lines, uint8_t out)
{
	unsigned in = 0;
	for (unsigned bit = 0; bit < 8; bit++)
		in = in << 1 | clock_bit(lines, (out << bit & 0x80) != 0);
	return (uint8_t)in;
}

bool versatile_i2c_write(const struct versatile_i2c *bus, uint8_t byte)
{
	clock_byte(registers_of(bus), byte);
	return !clock_bit(registers_of(bus), true);
}

uint8_t versatile_i2c_read(const struct versatile_i2c *bus, bool last)
{
	uint8_t byte = clock_byte(registers_of(bus), 0xff);
	clock_bit(registers_of(bus), last);
	return byte;
}

bool versatile_i2c_begin(const struct versatile_i2c *bus, uint8_t address, bool reads)
{
	struct registers *lines = registers_of(bus);
	lines->set = SDA;
	lines->set = SCL;
	lines->clear = SDA;
	lines->clear = SCL;
	return versatile_i2c_write(bus, (uint8_t)(address << 1 | reads));
}

void versatile_i2c_end(const struct versatile_i2c *bus)
{
	struct registers *lines = registers_of(bus);
	lines->clear = SDA;
	lines->set = SCL;
	lines->set = SDA;
}

void versatile_i2c_init(struct versatile_i2c *bus, uintptr_t base)
{
	enum { CLOCKS_OF_A_BYTE = 9 };
	bus->base = base;
	struct registers *lines = registers_of(bus);
	lines->set = SDA;
	for (unsigned i = 0; i < CLOCKS_OF_A_BYTE; i++) {
		lines->clear = SCL;
		lines->set = SCL;
	}
	versatile_i2c_end(bus);
}
