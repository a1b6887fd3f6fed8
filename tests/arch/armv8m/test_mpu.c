/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_registers.h"
#include <merlon/arch/mpu.h>
#include <merlon/test.h>

#define MPU_CTRL 0xe000ed94u
#define MPU_RBAR 0xe000ed9cu
#define MPU_RLAR 0xe000eda0u

TEST(regions_are_encoded, CLAIM("isolation.mpu"), FUNCTIONAL)
{
	static const struct {
		struct mpu_region region;
		struct mpu_image image;
	} cases[] = {
		/* XN and AP stand in bits 0 and 2:1 of RBAR; the attribute's index and ENABLE in bits 3:1 and 0 of RLAR. */
		{ { 0x38000000, 0x38000fff, .writable = true }, { 0x38000000 | 0 << 1 | 1, 0x38000fe0 | 1 } },
		{ { 0x38000000, 0x38000fff, .writable = true, .unprivileged = true }, { 0x38000000 | 1 << 1 | 1, 0x38000fe0 | 1 } },
		{ { 0x80000400, 0x8000ffff, .executable = true, .unprivileged = true }, { 0x80000400 | 3 << 1, 0x8000ffe0 | 1 } },
		{ { 0x80000400, 0x8000ffff, .executable = true }, { 0x80000400 | 2 << 1, 0x8000ffe0 | 1 } },
		{ { 0x50201000, 0x50201fff, .writable = true, .device = true }, { 0x50201000 | 1, 0x50201fe0 | 1 << 1 | 1 } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mpu_image image;
		CHECK_EQ(mpu_encode(&cases[i].region, &image), PSA_SUCCESS);
		CHECK_THAT(image.rbar == cases[i].image.rbar && image.rlar == cases[i].image.rlar, "case %zu: 0x%x 0x%x", i,
			   (unsigned)image.rbar, (unsigned)image.rlar);
	}
}

TEST(writable_code_is_refused, CLAIM("isolation.mpu"), ATTACK)
{
	static const struct mpu_region wrong[] = {
		{ 0x1000, 0x1fff, .writable = true, .executable = true },
		{ 0x1000, 0x1fff, .device = true, .executable = true },
		{ 0x1004, 0x1fff, .writable = true },
		{ 0x1000, 0x1ff0, .writable = true },
		{ 0x2000, 0x1fff, .writable = true },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct mpu_image image = { 1, 2 };
		CHECK_THAT(mpu_encode(&wrong[i], &image) == PSA_ERROR_INVALID_ARGUMENT, "case %zu", i);
		CHECK(image.rbar == 1 && image.rlar == 2);
	}
}

TEST(what_is_loaded_replaces_all_regions, CLAIM("isolation.mpu"), FUNCTIONAL)
{
	static const struct mpu_image many[FAKE_MPU_REGIONS + 1] = { { 0x1001, 0x1fe1 }, { 0x3001, 0x3fe1 }, { 0x5001, 0x5fe1 } };
	fake_registers_reset();
	CHECK_EQ(mpu_load(many, 3), PSA_SUCCESS);
	CHECK_EQ(mpu_load(many, 1), PSA_SUCCESS);
	CHECK_EQ(fake_registers_get_indexed(MPU_RBAR, 0), 0x1001);
	CHECK_EQ(fake_registers_get_indexed(MPU_RLAR, 2), 0);
	CHECK_EQ(fake_registers_get(MPU_CTRL), 7);
	CHECK_EQ(mpu_load(many, FAKE_MPU_REGIONS + 1), PSA_ERROR_INVALID_ARGUMENT);
}

TEST(a_region_that_does_not_hold_is_seen, CLAIM("isolation.mpu"), ATTACK)
{
	static const struct mpu_image one = { 0x1001, 0x1fe1 };
	fake_registers_reset();
	fake_registers_stick(MPU_RLAR, 0, 1);
	CHECK_EQ(mpu_load(&one, 1), PSA_ERROR_CORRUPTION_DETECTED);
	fake_registers_reset();
	fake_registers_stick(MPU_CTRL, 0, 1);
	CHECK_EQ(mpu_load(&one, 1), PSA_ERROR_CORRUPTION_DETECTED);
}
