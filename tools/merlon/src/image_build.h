/* SPDX-License-Identifier: Apache-2.0 */
/** Making an MCUboot image out of a program: header, TLVs, signature, trailer. Page: docs/format/image.md. */
#ifndef MERLON_TOOL_IMAGE_BUILD_H
#define MERLON_TOOL_IMAGE_BUILD_H

#include "key.h"
#include <merlon/lib/image.h>

enum {
	BUILD_DIGEST_MAX = 48, /* SHA-384, for P-384 keys */
	BUILD_ALIGN_MAX = 32,
	BUILD_SECTORS_DEFAULT = 128, /* MCUboot's BOOT_MAX_IMG_SECTORS */
	BUILD_RECORD_NAME_MAX = 12,
	BUILD_VENDOR_TLV_MIN = 0x00a0,
	BUILD_VENDOR_TLV_MAX = 0xfffe,
};

enum build_pad { BUILD_PAD_NONE, BUILD_PAD_TEST, BUILD_PAD_CONFIRM };

struct build_options {
	struct image_version version;
	uint32_t header_size, slot_size, flags, rom_address;
	bool pad_header, overwrite_only;
	enum build_pad pad;
	uint8_t align, max_align; /* bytes that the device writes at a time; the trailer's alignment */
	uint32_t max_sectors;
	bool has_counter, full_key; /* full_key: PUBKEY instead of KEYHASH */
	uint32_t counter;
	const char *record_name;    /* of the BOOT_RECORD; NULL: none */
	struct buffer dependencies; /* encoded TLV entries, in order */
	struct buffer vendor;       /* the same, after them */
};

/** An image up to its protected TLVs: what the digest covers. */
struct build {
	const struct build_options *options;
	const struct key *key; /* NULL only for a vector to be signed elsewhere */
	struct buffer image;
	uint8_t digest[BUILD_DIGEST_MAX];
	size_t digest_size;
};

/** Append one TLV entry to `area`. */
void build_tlv_append(struct buffer *area, uint16_t type, const void *data, size_t size);

/** Header, payload and protected TLVs, and their digest. `program` is the file as read. */
bool build_begin(struct build *build, const struct build_options *options, const struct key *key, const struct buffer *program,
		 struct error *error);
/** Add the unprotected TLVs with this signature, check that the image fits the slot, pad if asked to. */
bool build_finish(struct build *build, const uint8_t *signature, size_t signature_size, struct error *error);
void build_free(struct build *build);

#endif
