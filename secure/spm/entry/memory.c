/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one domain of isolation level 1: writable memory never executes, code and constants are never written. Four regions of the
 * architecture's memory map (Arm DDI 0553, "The system address map"); devices never execute by themselves.
 */
#include <merlon/arch/mpu.h>
#include <merlon/spm/entry.h>

#define SRAM_BASE  0x20000000u
#define SRAM_LIMIT 0x3fffffffu
#define RAM_LIMIT  0x9fffffffu /* of the external RAM region, in which the flash answers */

psa_status_t spm_entry_protect(uint32_t code, uint32_t code_size)
{
	const struct mpu_region regions[] = {
		{ .base = 0, .limit = SRAM_BASE - 1 }, /* BL2, the Non-secure image */
		{ .base = SRAM_BASE, .limit = SRAM_LIMIT, .writable = true },
		{ .base = code, .limit = code + code_size - 1, .executable = true },
		{ .base = code + code_size, .limit = RAM_LIMIT, .writable = true }, /* programmed by the flash driver */
	};
	struct mpu_image images[sizeof regions / sizeof regions[0]];
	psa_status_t status = PSA_SUCCESS;
	for (size_t i = 0; i < sizeof regions / sizeof regions[0] && status == PSA_SUCCESS; i++)
		status = mpu_encode(&regions[i], &images[i]);
	return status == PSA_SUCCESS ? mpu_load(images, sizeof images / sizeof images[0]) : status;
}
