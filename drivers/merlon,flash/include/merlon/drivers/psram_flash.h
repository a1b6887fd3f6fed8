/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Memory-mapped RAM that plays NOR flash: the board's PSRAM, whose content the emulator keeps in a file.
 *
 * The RAM would take any write; the driver keeps the rules of flash. A unit is programmed only while it is erased, an erase fills
 * whole sectors with 0xFF. A breach is PSA_ERROR_NOT_PERMITTED before anything is written: a bug of the caller, never hidden.
 * Words are stored in ascending order, so that a power cut tears a change as it would on flash.
 */
#ifndef MERLON_DRIVERS_PSRAM_FLASH_H
#define MERLON_DRIVERS_PSRAM_FLASH_H

#include <merlon/lib/medium.h>

struct psram_flash {
	struct medium medium; /* hand out &flash.medium */
	uint8_t *memory;
};

/** @param memory  `size` bytes, word-aligned, owned by the caller. Sizes in bytes; `write_size` is a multiple of 4. */
void psram_flash_init(struct psram_flash *flash, void *memory, uint32_t size, uint32_t erase_size, uint32_t write_size);

#endif
