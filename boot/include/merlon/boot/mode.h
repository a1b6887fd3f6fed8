/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An upgrade mode: how the images of a set get into the primary slots, and back. One constant of this type per mode, each in a file
 * of its own; a product links the one it names.
 */
#ifndef MERLON_BOOT_MODE_H
#define MERLON_BOOT_MODE_H

#include <psa/error.h>
#include <stdint.h>

struct boot;

struct boot_mode {
	/** Half of the journal steps that a move of `image` takes: N. @param old_size, new_size  Bytes; old_size 0: nothing to keep. */
	uint16_t (*sectors)(const struct boot *boot, uint8_t image, uint32_t old_size, uint32_t new_size);
	/** Move every image of the journal's set, from where the journal stands; each half step is repeatable until it is recorded.
	 *  @retval PSA_ERROR_STORAGE_FAILURE  Nothing is lost: the next boot goes on from the same step. */
	psa_status_t (*upgrade)(struct boot *boot);
	psa_status_t (*revert)(struct boot *boot);
};

/**
 * Swap at the cost of swap-offset: 2 N sector copies per image, no scratch area, even wear. The update lies at offset 0 of the
 * secondary; the old image ends up one unit higher there. The unit of the secondary's trailer is left out of the count.
 */
extern const struct boot_mode boot_mode_swap;

#endif
