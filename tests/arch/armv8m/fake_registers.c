/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_registers.h"
#include <merlon/arch/registers.h>
#include <stdio.h>
#include <stdlib.h>

enum { CELL_MAX = 2048, MPC_MAX = 16, STUCK_MAX = 4 };
enum { MPC_BLK_MAX = 0x10, MPC_BLK_IDX = 0x18, MPC_BLK_LUT = 0x1c };

static struct cell {
	uint32_t address, index, value;
} cells[CELL_MAX];
static struct {
	uint32_t address, index, mask;
} stuck[STUCK_MAX];
static struct {
	uint32_t controller, words;
} mpcs[MPC_MAX];
static unsigned cell_count, stuck_count, mpc_count;

static struct cell *cell_of(uint32_t address, uint32_t index)
{
	for (unsigned i = 0; i < cell_count; i++)
		if (cells[i].address == address && cells[i].index == index)
			return &cells[i];
	if (cell_count == CELL_MAX) {
		fprintf(stderr, "fake registers: no cell left\n");
		exit(2);
	}
	cells[cell_count] = (struct cell) { address, index, 0 };
	return &cells[cell_count++];
}

/* What selects the register behind this address: a number register, or nothing. */
static uint32_t index_of(uint32_t address)
{
	if (address == 0xe000eddcu || address == 0xe000ede0u) /* SAU_RBAR, SAU_RLAR */
		return cell_of(0xe000edd8u, 0)->value;
	if (address == 0xe000ed9cu || address == 0xe000eda0u) /* MPU_RBAR, MPU_RLAR */
		return cell_of(0xe000ed98u, 0)->value;
	for (unsigned i = 0; i < mpc_count; i++)
		if (address == mpcs[i].controller + MPC_BLK_LUT)
			return cell_of(mpcs[i].controller + MPC_BLK_IDX, 0)->value;
	return 0;
}

void fake_registers_reset(void)
{
	cell_count = stuck_count = mpc_count = 0;
	cell_of(0xe000edd4u, 0)->value = FAKE_SAU_REGIONS;      /* SAU_TYPE */
	cell_of(0xe000ed90u, 0)->value = FAKE_MPU_REGIONS << 8; /* MPU_TYPE */
}

void fake_registers_add_mpc(uint32_t controller, uint32_t words)
{
	mpcs[mpc_count].controller = controller;
	mpcs[mpc_count++].words = words;
	cell_of(controller + MPC_BLK_MAX, 0)->value = words - 1;
}

uint32_t fake_registers_get(uint32_t address)
{
	return cell_of(address, 0)->value;
}

uint32_t fake_registers_get_indexed(uint32_t address, uint32_t index)
{
	return cell_of(address, index)->value;
}

void fake_registers_stick(uint32_t address, uint32_t index, uint32_t mask)
{
	stuck[stuck_count].address = address;
	stuck[stuck_count].index = index;
	stuck[stuck_count++].mask = mask;
}

uint32_t register_read(uint32_t address)
{
	return cell_of(address, index_of(address))->value;
}

void register_write(uint32_t address, uint32_t value)
{
	struct cell *cell = cell_of(address, index_of(address));
	uint32_t kept = 0;
	for (unsigned i = 0; i < stuck_count; i++)
		if (stuck[i].address == address && stuck[i].index == cell->index)
			kept |= stuck[i].mask;
	cell->value = (cell->value & kept) | (value & ~kept);
}

void register_barrier(void) {}
