/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_registers.h"
#include <merlon/arch/sau.h>
#include <merlon/arch/world.h>
#include <merlon/test.h>
#include <string.h>

enum { MPC = 0x58007000, MPC_SECURE = 0x58008000, MPC_BLK_LUT = 0x1c, PPC_UARTS = 0x50080084, PPC_DMA = 0x50080064 };
#define SAU_CTRL 0xe000edd0u
#define SAU_RBAR 0xe000eddcu
#define SAU_RLAR 0xe000ede0u
#define ITNS     0xe000e380u

static const struct world_sau_region sau[] = { { 0x00020000, 0x0009ffff, 0 }, { 0x28200000, 0x283fffff, 0 } };
static const struct world_mpc mpc[] = { { MPC, 33, 640, 1024 }, { MPC_SECURE, 0, 0, 64 } };
static const struct world_ppc ppc[] = { { PPC_UARTS, 0x20 }, { PPC_DMA, 0 } };
static const uint32_t targets[] = { 0x1b, 0x10403 };
static const struct world_table table = { sau, mpc, ppc, targets, 2, 2, 2, 2 };
static const struct world_sau_region veneers = { 0x80000800, 0x8000083f, 1 };

static void fresh(void)
{
	fake_registers_reset();
	fake_registers_add_mpc(MPC, 32);
	fake_registers_add_mpc(MPC_SECURE, 2);
}

TEST(sau_regions_are_encoded, CLAIM("isolation.memory"), FUNCTIONAL)
{
	struct sau_image image;
	CHECK_EQ(sau_encode(&sau[0], &image), PSA_SUCCESS);
	CHECK_EQ(image.rbar, 0x00020000u);
	CHECK_EQ(image.rlar, 0x0009ffe1u);
	CHECK_EQ(sau_encode(&veneers, &image), PSA_SUCCESS);
	CHECK_EQ(image.rlar, 0x80000823u);
}

TEST(a_sau_region_that_is_not_granular_is_refused, CLAIM("isolation.memory"), MALFORMED)
{
	static const struct world_sau_region wrong[] = {
		{ 0x1010, 0x1fff, 0 }, { 0x1000, 0x1ffe, 0 }, { 0x1000, 0x0fff, 0 }, { 0x1000, 0x1000, 0 }, { 0x1000, 0x101f, 2 },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct sau_image image = { 1, 2 };
		CHECK_THAT(sau_encode(&wrong[i], &image) == PSA_ERROR_INVALID_ARGUMENT, "region %zu", i);
		CHECK(image.rbar == 1 && image.rlar == 2);
	}
}

TEST(the_table_is_programmed, CLAIM("isolation.read_back"), FUNCTIONAL)
{
	struct world_difference difference;
	fresh();
	CHECK_EQ(world_set_up(&table, &veneers, &difference), PSA_SUCCESS);
	CHECK_EQ(fake_registers_get_indexed(SAU_RBAR, 1), 0x28200000u);
	CHECK_EQ(fake_registers_get_indexed(SAU_RLAR, 2), 0x80000823u);
	CHECK_EQ(fake_registers_get_indexed(SAU_RLAR, 3), 0);
	CHECK_EQ(fake_registers_get(SAU_CTRL), 1);
	/* Blocks 33 to 639: word 0 none, word 1 from bit 1 on, words 2 to 19 all, word 20 none. */
	CHECK_EQ(fake_registers_get_indexed(MPC + MPC_BLK_LUT, 0), 0);
	CHECK_EQ(fake_registers_get_indexed(MPC + MPC_BLK_LUT, 1), 0xfffffffeu);
	CHECK_EQ(fake_registers_get_indexed(MPC + MPC_BLK_LUT, 19), 0xffffffffu);
	CHECK_EQ(fake_registers_get_indexed(MPC + MPC_BLK_LUT, 20), 0);
	CHECK_EQ(fake_registers_get_indexed(MPC_SECURE + MPC_BLK_LUT, 1), 0);
	CHECK_EQ(fake_registers_get(MPC) >> 31, 1);
	CHECK_EQ(fake_registers_get(PPC_UARTS), 0x20);
	CHECK_EQ(fake_registers_get(ITNS + 4), 0x10403);
}

TEST(each_register_that_keeps_a_bit_is_seen, CLAIM("isolation.read_back"), ATTACK)
{
	static const struct {
		const char *what;
		uint32_t address, index, mask;
	} places[] = {
		{ "SAU", SAU_RBAR, 1, 1u << 29 },
		{ "SAU", SAU_RLAR, 0, 1u << 0 },
		{ "SAU", SAU_RLAR, 2, 1u << 1 },
		{ "SAU", SAU_CTRL, 0, 1u << 0 },
		{ "MPC", MPC + MPC_BLK_LUT, 1, 1u << 5 },
		{ "MPC", MPC + MPC_BLK_LUT, 19, 1u << 31 },
		{ "MPC", MPC, 0, 1u << 31 },
		{ "PPC", PPC_UARTS, 0, 1u << 5 },
		{ "ITNS", ITNS + 4, 0, 1u << 16 },
	};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct world_difference difference = { 0 };
		fresh();
		fake_registers_stick(places[i].address, places[i].index, places[i].mask);
		CHECK_THAT(world_set_up(&table, &veneers, &difference) == PSA_ERROR_CORRUPTION_DETECTED, "place %zu", i);
		CHECK_THAT(strcmp(difference.what, places[i].what) == 0, "place %zu: %s", i, difference.what);
		CHECK_EQ(difference.wanted ^ difference.found, places[i].mask);
	}
}

TEST(a_block_that_stays_open_is_seen, CLAIM("isolation.read_back"), ATTACK)
{
	struct world_difference difference;
	struct world_mpc open_all[2] = { mpc[0], { MPC_SECURE, 0, 64, 64 } };
	struct world_table open_table = table;
	open_table.mpc = open_all;
	fresh();
	CHECK_EQ(world_set_up(&open_table, &veneers, &difference), PSA_SUCCESS);
	fake_registers_stick(MPC_SECURE + MPC_BLK_LUT, 0, 1u << 7);
	CHECK_EQ(world_set_up(&table, &veneers, &difference), PSA_ERROR_CORRUPTION_DETECTED);
	CHECK_EQ(difference.found, 1u << 7);
}

TEST(a_controller_of_another_size_is_seen, CLAIM("isolation.read_back"), ATTACK)
{
	struct world_difference difference;
	fake_registers_reset();
	fake_registers_add_mpc(MPC, 64);
	fake_registers_add_mpc(MPC_SECURE, 2);
	CHECK_EQ(world_set_up(&table, &veneers, &difference), PSA_ERROR_CORRUPTION_DETECTED);
}

TEST(more_regions_than_the_core_has_are_refused, CLAIM("isolation.tables"), MALFORMED)
{
	struct world_sau_region many[FAKE_SAU_REGIONS];
	struct world_difference difference;
	struct world_table big = table;
	for (unsigned i = 0; i < FAKE_SAU_REGIONS; i++)
		many[i] = (struct world_sau_region) { 0x1000 * i, 0x1000 * i + 31, 0 };
	big.sau = many;
	big.sau_count = FAKE_SAU_REGIONS;
	fresh();
	CHECK_EQ(world_set_up(&big, &veneers, &difference), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(fake_registers_get(SAU_CTRL), 0);
	big.sau_count = FAKE_SAU_REGIONS - 1;
	CHECK_EQ(world_set_up(&big, &veneers, &difference), PSA_SUCCESS);
}
