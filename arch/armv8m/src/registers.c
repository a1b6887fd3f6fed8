/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/registers.h>

uint32_t register_read(uint32_t address)
{
	return *(const volatile uint32_t *)address;
}

void register_write(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

void register_barrier(void)
{
	cpu_barrier();
}
