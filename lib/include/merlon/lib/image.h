/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The MCUboot image format: header and TLV areas. Page: docs/format/image.md.
 *
 * A slot is a `struct medium`; the image starts at offset 0 of it. Nothing here trusts a length before it has been checked.
 */
#ifndef MERLON_LIB_IMAGE_H
#define MERLON_LIB_IMAGE_H

#include <merlon/lib/medium.h>
#include <merlon/lib/refusal.h>
#include <stdbool.h>

enum {
	IMAGE_HEADER_SIZE = 32,          /* bytes of the encoded header; header_size is where the payload starts */
	IMAGE_TLV_INFO_SIZE = 4,
	IMAGE_DIGEST_SIZE = 32,
	IMAGE_COUNT = 2,                 /* 0 = Secure, 1 = Non-secure */
	IMAGE_SECURE = 0,
	IMAGE_NONSECURE = 1,
	IMAGE_DEPENDENCY_MAX = 4,
};

#define IMAGE_MAGIC               0x96f3b83du
#define IMAGE_TLV_PROTECTED_MAGIC 0x6908u
#define IMAGE_TLV_MAGIC           0x6907u

enum image_tlv {
	IMAGE_TLV_KEYHASH = 0x01,
	IMAGE_TLV_PUBKEY = 0x02,
	IMAGE_TLV_SHA256 = 0x10,
	IMAGE_TLV_SHA384 = 0x11,
	IMAGE_TLV_SHA512 = 0x12,
	IMAGE_TLV_ECDSA_SIG = 0x22,
	IMAGE_TLV_DEPENDENCY = 0x40,
	IMAGE_TLV_SEC_CNT = 0x50,
	IMAGE_TLV_BOOT_RECORD = 0x60,
};

struct image_version {
	uint8_t major, minor;
	uint16_t revision;
	uint32_t build;
};

struct image_header {
	uint32_t load_address, flags, payload_size;
	uint16_t header_size, protected_size;   /* protected_size: whole protected TLV area with its info header, or 0 */
	struct image_version version;
};

struct image_dependency {
	uint8_t image;
	struct image_version minimum;
};

/** Major, minor, revision; the build number does not count (as in MCUboot's default). Negative, 0 or positive. */
int image_version_compare(const struct image_version *a, const struct image_version *b);

/**
 * Decode and check the header of the image in `slot`.
 *
 * @param limit   Bytes of the slot that an image may occupy (slot without trailer sector).
 * @param header  Written only when REFUSAL_NONE is returned.
 * @return REFUSAL_NONE, REFUSAL_READ, REFUSAL_EMPTY (all 0xFF), REFUSAL_MAGIC, REFUSAL_HEADER, REFUSAL_SIZE.
 */
enum refusal image_header_read(const struct medium *slot, uint32_t limit, struct image_header *header);
void image_header_encode(const struct image_header *header, uint8_t out[IMAGE_HEADER_SIZE]);

/** One pass over both TLV areas; stops inside the areas whatever the lengths say. */
struct image_tlv_iterator {
	const struct medium *slot;
	uint32_t offset, area_end;   /* next entry; first byte after its area */
	uint32_t protected_end, limit;
};
struct image_tlv_entry {
	uint16_t type, size;
	uint32_t offset;             /* of the data, from the start of the slot */
	bool is_protected;
};

/** Check both info headers and all entry lengths. @return REFUSAL_NONE, REFUSAL_READ, REFUSAL_TLV or REFUSAL_SIZE. */
enum refusal image_tlv_begin(struct image_tlv_iterator *it, const struct medium *slot, uint32_t limit,
                             const struct image_header *header);
/** @return true and the next entry, or false at the end; a read error ends too and is left in *refusal. */
bool image_tlv_next(struct image_tlv_iterator *it, struct image_tlv_entry *entry, enum refusal *refusal);
/** First byte after the unprotected area: the size of the whole image in its slot. Valid after image_tlv_begin(). */
uint32_t image_tlv_end(const struct image_tlv_iterator *it);

#endif
