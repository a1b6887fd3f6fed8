/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the flash partition: where the areas lie, and who may do what to them. */
#ifndef MERLON_FLASH_ACCESS_H
#define MERLON_FLASH_ACCESS_H

#include <merlon/flash.h>
#include <stdbool.h>
#include <stddef.h>

enum flash_right { FLASH_READ = 1, FLASH_PROGRAM = 2, FLASH_ERASE = 4 };

/** Offsets from the start of the device, bytes. */
struct flash_range {
	uint32_t offset, size;
};
extern const struct flash_range flash_areas[MERLON_FLASH_AREA_COUNT];

/** From the first reset of flash_init() on, nobody changes these. */
extern const struct flash_range flash_locked[];
extern const size_t flash_locked_count;

/** May this client do this to `size` bytes at `offset` of the area? False also for what is not inside it, and for no such area. */
bool flash_may(int32_t client_id, enum flash_right right, uint32_t area, uint32_t offset, uint32_t size);

#endif
