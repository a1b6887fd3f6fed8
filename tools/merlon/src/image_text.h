/* SPDX-License-Identifier: Apache-2.0 */
/** How image facts are written on a command line and printed. */
#ifndef MERLON_TOOL_IMAGE_TEXT_H
#define MERLON_TOOL_IMAGE_TEXT_H

#include <merlon/lib/image.h>
#include <merlon/lib/trailer.h>

enum { VERSION_TEXT_SIZE = 32 };

/** "1.2.3+4", later parts may be left out, as in imgtool. */
bool version_decode(const char *text, struct image_version *version);
void version_print(const struct image_version *version, char text[VERSION_TEXT_SIZE]);

/**
 * One dependency out of a list: "ID,VERSION", "(ID, VERSION)", or several of the latter with commas between.
 * @param text  Moved behind what was read; at the end of the text it points to "".
 */
bool dependency_decode(const char **text, struct image_dependency *dependency);

/** The name of a TLV, "vendor" or "unknown". */
const char *tlv_name(uint16_t type);

/** "unset", "good" or "bad"; "unset", "set" or "bad". */
const char *trailer_magic_name(enum trailer_magic magic);
const char *trailer_flag_name(enum trailer_flag flag);

/** The image of a file as a slot; bytes behind the file read as erased. Read-only. */
struct file_slot {
	struct medium medium;
	const uint8_t *data;
	size_t size;
};
void file_slot_init(struct file_slot *slot, const uint8_t *data, size_t size, uint32_t slot_size);

#endif
