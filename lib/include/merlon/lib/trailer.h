/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The MCUboot image trailer at the end of a slot: an input (`--pad`, `--confirm`) and a mirror of the journal, never the judge.
 * Page: docs/format/trailer.md. BOOT_MAX_ALIGN is 8.
 */
#ifndef MERLON_LIB_TRAILER_H
#define MERLON_LIB_TRAILER_H

#include <merlon/lib/medium.h>
#include <stdbool.h>

enum { TRAILER_ALIGN = 8, TRAILER_MAGIC_SIZE = 16 };
enum trailer_magic { TRAILER_MAGIC_UNSET, TRAILER_MAGIC_GOOD, TRAILER_MAGIC_BAD };
enum trailer_flag { TRAILER_FLAG_UNSET, TRAILER_FLAG_SET, TRAILER_FLAG_BAD };

struct trailer {
	enum trailer_magic magic;
	enum trailer_flag image_ok, copy_done;
	uint8_t swap_type, swap_image;     /* from swap_info; type 1 (none) when unset or above 4 */
	bool has_swap_size;
	uint32_t swap_size;
};

/** Read the trailer at the end of the first `slot_size` bytes. Any byte pattern gives an answer. */
psa_status_t trailer_read(const struct medium *slot, uint32_t slot_size, struct trailer *trailer);
psa_status_t trailer_write_magic(const struct medium *slot, uint32_t slot_size);
psa_status_t trailer_write_image_ok(const struct medium *slot, uint32_t slot_size);
psa_status_t trailer_write_copy_done(const struct medium *slot, uint32_t slot_size);
psa_status_t trailer_write_swap_info(const struct medium *slot, uint32_t slot_size, uint8_t type, uint8_t image);

#endif
