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
	IMAGE_HEADER_SIZE = 32, /* bytes of the encoded header; header_size is where the payload starts */
	IMAGE_TLV_INFO_SIZE = 4,
	IMAGE_DIGEST_SIZE = 32,
	IMAGE_COUNT = 2, /* 0 = Secure, 1 = Non-secure */
	IMAGE_SECURE = 0,
	IMAGE_NONSECURE = 1,
	IMAGE_COMMAND = 2, /* in reports of refusals: no image but a signed command */
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
	IMAGE_TLV_RSA2048 = 0x20,
	IMAGE_TLV_ECDSA_SIG = 0x22,
	IMAGE_TLV_SIG_PURE = 0x25,
	IMAGE_TLV_ENC_RSA2048 = 0x30,
	IMAGE_TLV_ENC_X25519_SHA512 = 0x34,
	IMAGE_TLV_DEPENDENCY = 0x40,
	IMAGE_TLV_SEC_CNT = 0x50,
	IMAGE_TLV_BOOT_RECORD = 0x60,
	IMAGE_TLV_KEY_REVOKE = 0x4da0, /* of MCUboot's range for vendors: 32 bytes, the hash of a key to revoke */
};

/** Header flags that mean something here; others are ignored, as in MCUboot, but hashed like the rest of the header. */
enum image_flag {
	IMAGE_FLAG_ENCRYPTED_AES128 = 0x4,
	IMAGE_FLAG_ENCRYPTED_AES256 = 0x8,
	IMAGE_FLAG_NON_BOOTABLE = 0x10,
	IMAGE_FLAG_RAM_LOAD = 0x20,
	IMAGE_FLAG_ROM_FIXED = 0x100,
	IMAGE_FLAG_LZMA1 = 0x200,
	IMAGE_FLAG_LZMA2 = 0x400,
	IMAGE_FLAG_ARM_THUMB_FILTER = 0x800,
};

struct image_version {
	uint8_t major, minor;
	uint16_t revision;
	uint32_t build;
};

struct image_header {
	uint32_t load_address, flags, payload_size;
	uint16_t header_size, protected_size; /* protected_size: whole protected TLV area with its info header, or 0 */
	struct image_version version;
};

struct image_dependency {
	uint8_t image;
	struct image_version minimum;
};

enum { IMAGE_VERSION_SIZE = 8, IMAGE_DEPENDENCY_SIZE = 12 }; /* encoded, bytes */

/** Major, minor, revision; the build number does not count (as in MCUboot's default). Negative, 0 or positive. */
int image_version_compare(const struct image_version *a, const struct image_version *b);
void image_version_decode(const uint8_t bytes[IMAGE_VERSION_SIZE], struct image_version *version);
void image_version_encode(const struct image_version *version, uint8_t bytes[IMAGE_VERSION_SIZE]);

/**
 * Decode and check the header of the image in `slot`.
 *
 * @param limit   Bytes of the slot that an image may occupy (slot without trailer sector).
 * @param header  With REFUSAL_NONE, header, payload and protected TLVs end within `limit`. With REFUSAL_HEADER and
 *                REFUSAL_SIZE it holds what the image says; otherwise it is not written.
 * @retval REFUSAL_READ    The slot could not be read.
 * @retval REFUSAL_EMPTY   All bytes are 0xFF.
 * @retval REFUSAL_MAGIC   Not an image.
 * @retval REFUSAL_HEADER  The header size is below 32 or not within `limit`, there is no payload, or the protected size is 1 to 3.
 * @retval REFUSAL_SIZE    Header, payload and protected TLVs exceed `limit`, or wrap.
 */
enum refusal image_header_read(const struct medium *slot, uint32_t limit, struct image_header *header);
void image_header_encode(const struct image_header *header, uint8_t out[IMAGE_HEADER_SIZE]);

/** One pass over both TLV areas; stops inside the areas whatever the lengths say. */
struct image_tlv_iterator {
	const struct medium *slot;
	uint32_t offset, area_end; /* next entry; first byte after its area */
	uint32_t end;              /* first byte after the unprotected area */
};
struct image_tlv_entry {
	uint16_t type, size;
	uint32_t offset; /* of the data, from the start of the slot */
	bool is_protected;
};

/**
 * Check both info headers and every entry's length, then stand before the first entry.
 *
 * @param header  As image_header_read() with the same `limit` gave it.
 * @retval REFUSAL_READ  The slot could not be read.
 * @retval REFUSAL_TLV   An info header is missing, has the wrong magic or a size that differs from the header's, or an entry leaves
 *                       its area.
 * @retval REFUSAL_SIZE  The unprotected area exceeds `limit`.
 */
enum refusal image_tlv_begin(struct image_tlv_iterator *it, const struct medium *slot, uint32_t limit,
			     const struct image_header *header);
/** First byte after the unprotected area: the size of the whole image in its slot. Valid after image_tlv_begin(). */
uint32_t image_tlv_end(const struct image_tlv_iterator *it);
/** @return true and the next entry, or false at the end; an error ends too and is left in *refusal (REFUSAL_NONE otherwise). */
bool image_tlv_next(struct image_tlv_iterator *it, struct image_tlv_entry *entry, enum refusal *refusal);

#endif
