/* SPDX-License-Identifier: Apache-2.0 */
/** The Security Attribution Unit's register images. Touches no register, so the host tests it. */
#ifndef MERLON_ARCH_SAU_H
#define MERLON_ARCH_SAU_H

#include <merlon/arch/world.h>

struct sau_image {
	uint32_t rbar, rlar; /* ready to store */
};

/**
 * Encode one region.
 *
 * @param region  base and limit + 1 are multiples of 32; base < limit; nsc is 0 or 1.
 * @param out     Written only on success; ENABLE is set.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Inverted, not granular, or nsc is neither 0 nor 1.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), SAU_RBAR, SAU_RLAR.
 */
psa_status_t sau_encode(const struct world_sau_region *region, struct sau_image *out);

#endif
