/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Media made of other media: a window, a write lock, and bytes in RAM.
 *
 * Each begins with a `struct medium`, whose rules it keeps; hand out `&x.medium`. Whoever makes one owns it, and what it stands on
 * must outlive it. Bounds and units are checked by `medium_*()` before a call arrives here.
 */
#ifndef MERLON_HAL_FLASH_H
#define MERLON_HAL_FLASH_H

#include <merlon/hal/range.h>
#include <merlon/lib/medium.h>

/** `size` bytes of a parent, from `offset`. Nothing outside them is reachable through it. */
struct flash_window {
	struct medium medium;
	const struct medium *parent;
	uint32_t offset;
};

/**
 * @retval PSA_ERROR_INVALID_ARGUMENT  The range is not inside the parent, or not whole sectors (whole units where there are none).
 *                                     *window is then a medium of 0 bytes.
 */
psa_status_t flash_window_init(struct flash_window *window, const struct medium *parent, uint32_t offset, uint32_t size);

/**
 * A medium whose ranges can be closed for writing, until the next reset: the lock is RAM, and there is no call that opens it.
 * Stands directly on the driver, below all windows, so that no window goes around it.
 */
struct flash_lock {
	struct medium medium;
	const struct medium *device;
	struct range_set locked;
};

void flash_lock_init(struct flash_lock *lock, const struct medium *device);

/**
 * From now on program and erase that touch the range answer PSA_ERROR_NOT_PERMITTED; reading goes on.
 * @retval PSA_ERROR_INVALID_ARGUMENT     Outside the device.
 * @retval PSA_ERROR_INSUFFICIENT_MEMORY  RANGE_SET_MAX ranges are locked already; the caller stops the boot.
 */
psa_status_t flash_lock_range(struct flash_lock *lock, uint32_t offset, uint32_t size);

/** Bytes in RAM to read from, for judging an image where it runs. Program and erase answer PSA_ERROR_NOT_SUPPORTED. */
struct flash_ram {
	struct medium medium;
	const uint8_t *bytes;
};

/** @param bytes  Must stay as they are for as long as what was read from them counts. */
void flash_ram_init(struct flash_ram *ram, const void *bytes, uint32_t size);

#endif
