/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The MCUboot image trailer at the end of a slot: an input (`--pad`, `--confirm`) and a mirror of the journal, never the judge.
 * Page: docs/format/trailer.md.
 *
 * Fields lie at multiples of an alignment A, MCUboot's BOOT_MAX_ALIGN, counted from the end of the slot. The magic tells A: reading
 * serves 8, 16 and 32. Writing uses TRAILER_ALIGN, the alignment of every device that Merlon runs on.
 */
#ifndef MERLON_LIB_TRAILER_H
#define MERLON_LIB_TRAILER_H

#include <merlon/lib/medium.h>
#include <stdbool.h>

enum { TRAILER_ALIGN = 8, TRAILER_ALIGN_MAX = 32, TRAILER_MAGIC_SIZE = 16 };
enum trailer_magic { TRAILER_MAGIC_UNSET, TRAILER_MAGIC_GOOD, TRAILER_MAGIC_BAD };
enum trailer_flag { TRAILER_FLAG_UNSET, TRAILER_FLAG_SET, TRAILER_FLAG_BAD };
enum trailer_swap_type {
	TRAILER_SWAP_NONE = 1,
	TRAILER_SWAP_TEST = 2,
	TRAILER_SWAP_PERMANENT = 3,
	TRAILER_SWAP_REVERT = 4,
};

/** The fields, in the order in which they lie before the magic. */
enum trailer_field { TRAILER_IMAGE_OK = 1, TRAILER_COPY_DONE = 2, TRAILER_SWAP_INFO = 3, TRAILER_SWAP_SIZE = 4 };

struct trailer {
	enum trailer_magic magic;
	uint8_t align; /* as the magic says; TRAILER_ALIGN when it is not good */
	enum trailer_flag image_ok, copy_done;
};

/** What MCUboot notes about a swap; nothing here decides by it. */
struct trailer_swap {
	uint8_t type, image; /* from swap_info; TRAILER_SWAP_NONE and 0 when unset or the type is above 4 */
	bool has_size;
	uint32_t size; /* bytes that a swap had to move */
};

/** Where a field begins, bytes before the end of the slot. @param align  8, 16 or 32. */
uint32_t trailer_field_distance(enum trailer_field field, uint8_t align);
/** The magic for this alignment. */
void trailer_magic_encode(uint8_t align, uint8_t magic[TRAILER_MAGIC_SIZE]);

/**
 * Read the trailer at the end of the first `slot_size` bytes. Any byte pattern gives an answer.
 * @return PSA_SUCCESS, or what medium_read() gave; then *trailer is not written.
 */
psa_status_t trailer_read(const struct medium *slot, uint32_t slot_size, struct trailer *trailer);
/** The same for swap_info and swap_size. @param align  As trailer_read() gave it. */
psa_status_t trailer_swap_read(const struct medium *slot, uint32_t slot_size, uint8_t align, struct trailer_swap *swap);

/**
 * Write one field. The place must be erased; see medium_program() for the errors. `write_size` of the medium divides TRAILER_ALIGN.
 * @param slot_size  A multiple of TRAILER_ALIGN.
 */
psa_status_t trailer_write_magic(const struct medium *slot, uint32_t slot_size);
psa_status_t trailer_write_image_ok(const struct medium *slot, uint32_t slot_size);
psa_status_t trailer_write_copy_done(const struct medium *slot, uint32_t slot_size);
/** @param type  enum trailer_swap_type; @param image  0 to 15. */
psa_status_t trailer_write_swap_info(const struct medium *slot, uint32_t slot_size, uint8_t type, uint8_t image);

#endif
