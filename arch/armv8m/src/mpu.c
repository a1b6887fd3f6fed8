/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/mpu.h>
#include <merlon/arch/registers.h>

#define MPU_TYPE  0xe000ed90u
#define MPU_CTRL  0xe000ed94u
#define MPU_RNR   0xe000ed98u
#define MPU_RBAR  0xe000ed9cu
#define MPU_RLAR  0xe000eda0u
#define MPU_MAIR0 0xe000edc0u

enum { CTRL_ENABLE = 1, CTRL_HFNMIENA = 2, CTRL_PRIVDEFENA = 4 };
enum { MAIR_NORMAL = 0xff, MAIR_DEVICE = 0x04, MAIR_INDEX_NORMAL = 0, MAIR_INDEX_DEVICE = 1 };

psa_status_t mpu_encode(const struct mpu_region *region, struct mpu_image *out)
{
	enum { ENABLE = 1, GRANULE = 32, EXECUTE_NEVER = 1, UNPRIVILEGED = 1 << 1, READ_ONLY = 2 << 1, INDEX_SHIFT = 1 };
	if (region->base >= region->limit || region->base % GRANULE != 0 || region->limit % GRANULE != GRANULE - 1)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (region->executable && (region->writable || region->device))
		return PSA_ERROR_INVALID_ARGUMENT;
	out->rbar = region->base | (region->writable ? 0 : READ_ONLY) | (region->unprivileged ? UNPRIVILEGED : 0) |
		    (region->executable ? 0 : EXECUTE_NEVER);
	out->rlar = (region->limit & ~(uint32_t)(GRANULE - 1)) |
		    (uint32_t)(region->device ? MAIR_INDEX_DEVICE : MAIR_INDEX_NORMAL) << INDEX_SHIFT | ENABLE;
	return PSA_SUCCESS;
}

unsigned mpu_region_count(void)
{
	return register_read(MPU_TYPE) >> 8 & 0xff;
}

void mpu_replace(unsigned first, const struct mpu_image *images, size_t count)
{
	for (unsigned i = 0; i < count; i++) {
		register_write(MPU_RNR, first + i);
		register_write(MPU_RBAR, images[i].rbar);
		register_write(MPU_RLAR, images[i].rlar);
	}
	register_barrier();
}

psa_status_t mpu_load(const struct mpu_image *images, size_t count)
{
	static const struct mpu_image disabled;
	const uint32_t control = CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA;
	unsigned regions = mpu_region_count();
	if (count > regions)
		return PSA_ERROR_INVALID_ARGUMENT;
	register_write(MPU_CTRL, 0);
	register_write(MPU_MAIR0, MAIR_DEVICE << 8 * MAIR_INDEX_DEVICE | MAIR_NORMAL << 8 * MAIR_INDEX_NORMAL);
	for (unsigned i = 0; i < regions; i++)
		mpu_replace(i, i < count ? &images[i] : &disabled, 1);
	register_write(MPU_CTRL, control);
	register_barrier();

	for (unsigned i = 0; i < regions; i++) {
		const struct mpu_image *wanted = i < count ? &images[i] : &disabled;
		register_write(MPU_RNR, i);
		if (register_read(MPU_RBAR) != wanted->rbar || register_read(MPU_RLAR) != wanted->rlar)
			return PSA_ERROR_CORRUPTION_DETECTED;
	}
	return register_read(MPU_CTRL) == control ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}
