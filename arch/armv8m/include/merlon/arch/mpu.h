/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The memory protection unit: register images (pure, host-tested) and loading them.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), MPU_RBAR, MPU_RLAR, MPU_MAIR0.
 */
#ifndef MERLON_ARCH_MPU_H
#define MERLON_ARCH_MPU_H

#include <psa/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Byte addresses; `limit` is the last byte. Regions may not overlap: an address in two of them faults. */
struct mpu_region {
	uint32_t base, limit;
	bool unprivileged; /* unprivileged code may use it too */
	bool writable, executable;
	bool device; /* Device-nGnRE instead of Normal, write-back memory */
};

struct mpu_image {
	uint32_t rbar, rlar; /* ready to store; all zero: region disabled */
};

enum { MPU_REGION_MAX = 8 }; /* what Merlon uses; a core may have more */

/**
 * Encode one region.
 *
 * @param out  Written only on success; ENABLE is set.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Inverted, not granular to 32 bytes, or both writable and executable.
 */
psa_status_t mpu_encode(const struct mpu_region *region, struct mpu_image *out);

/** Regions of this security state's unit, read from MPU_TYPE: 0 when there is no unit. */
unsigned mpu_region_count(void);

/**
 * Replace all regions by `images` and switch the unit on; privileged code keeps the default map elsewhere. Regions that are not
 * given are disabled. Faults of the unit become MemManage faults, also while HardFault runs.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT     More images than regions.
 * @retval PSA_ERROR_CORRUPTION_DETECTED  A register read back differs.
 */
psa_status_t mpu_load(const struct mpu_image *images, size_t count);

/** Replace `count` regions from `first` on, without switching the unit: what a context switch does. */
void mpu_replace(unsigned first, const struct mpu_image *images, size_t count);

#endif
