/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/registers.h>

enum { SET_ENABLE = 0x100, CLEAR_ENABLE = 0x180, SET_PENDING = 0x200, CLEAR_PENDING = 0x280, PRIORITY = 0x400 };

static uint32_t word_of(uint32_t bank, unsigned interrupt)
{
	return 0xe000e000u + bank + 4 * (interrupt / 32);
}

static uint32_t bit_of(unsigned interrupt)
{
	return 1u << interrupt % 32;
}

void nvic_enable(unsigned interrupt)
{
	register_write(word_of(SET_ENABLE, interrupt), bit_of(interrupt));
}

void nvic_disable(unsigned interrupt)
{
	register_write(word_of(CLEAR_ENABLE, interrupt), bit_of(interrupt));
	register_barrier();
}

void nvic_set_priority(unsigned interrupt, uint8_t priority)
{
	*((volatile uint8_t *)(0xe000e000u + PRIORITY) + interrupt) = priority;
}

void nvic_clear_pending(unsigned interrupt)
{
	register_write(word_of(CLEAR_PENDING, interrupt), bit_of(interrupt));
}

bool nvic_is_pending(unsigned interrupt)
{
	return (register_read(word_of(SET_PENDING, interrupt)) & bit_of(interrupt)) != 0;
}
