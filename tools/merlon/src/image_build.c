/* SPDX-License-Identifier: Apache-2.0 */
#include "image_build.h"
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/trailer.h>
#include <stdio.h>
#include <string.h>

void build_tlv_append(struct buffer *area, uint16_t type, const void *data, size_t size)
{
	uint8_t head[IMAGE_TLV_INFO_SIZE];
	le16_store(head, type);
	le16_store(head + 2, (uint16_t)size);
	buffer_append(area, head, sizeof head);
	buffer_append(area, data, size);
}

/* An area with its info header; nothing when there is no entry. */
static bool append_area(struct buffer *image, uint16_t magic, const struct buffer *entries, struct error *error)
{
	uint8_t head[IMAGE_TLV_INFO_SIZE];
	if (entries->size == 0)
		return true;
	if (entries->size > UINT16_MAX - sizeof head)
		return error_set(error, "the TLVs take %zu bytes; an area holds %zu", entries->size, UINT16_MAX - sizeof head);
	le16_store(head, magic);
	le16_store(head + 2, (uint16_t)(entries->size + sizeof head));
	buffer_append(image, head, sizeof head);
	buffer_append(image, entries->data, entries->size);
	return true;
}

/* CBOR (RFC 8949): the major types and sizes that a boot record needs. */
static void append_cbor(struct buffer *out, uint8_t major, uint8_t value)
{
	uint8_t head[2] = { (uint8_t)(major << 5 | (value < 24 ? value : 24)), value };
	buffer_append(out, head, value < 24 ? 1 : 2);
}

static void append_cbor_string(struct buffer *out, uint8_t key, uint8_t major, const void *data, size_t size)
{
	append_cbor(out, 0, key);
	append_cbor(out, major, (uint8_t)size);
	buffer_append(out, data, size);
}

/* The record of TF-M's contract. Its measurement stands last and is zero: the boot loader writes the digest there. */
static void append_boot_record(struct buffer *area, const struct build *build)
{
	enum { BYTES = 2, TEXT = 3, MAP = 5 };
	enum { SW_TYPE = 1, MEASUREMENT = 2, VERSION = 4, SIGNER_ID = 5, HASH_NAME = 6 };
	const struct image_version *version = &build->options->version;
	const char *hash_name = build->digest_size == 48 ? "SHA384" : "SHA256";
	char text[32];
	uint8_t signer[BUILD_DIGEST_MAX] = { 0 };
	static const uint8_t zeros[BUILD_DIGEST_MAX];
	struct buffer record = { 0 };
	snprintf(text, sizeof text, "%u.%u.%u", version->major, version->minor, version->revision);
	if (build->key != NULL)
		key_hash(build->key, build->digest_size, signer);
	append_cbor(&record, MAP, 5);
	append_cbor_string(&record, SW_TYPE, TEXT, build->options->record_name, strlen(build->options->record_name));
	append_cbor_string(&record, VERSION, TEXT, text, strlen(text));
	append_cbor_string(&record, SIGNER_ID, BYTES, signer, build->digest_size);
	append_cbor_string(&record, HASH_NAME, TEXT, hash_name, strlen(hash_name));
	append_cbor_string(&record, MEASUREMENT, BYTES, zeros, build->digest_size);
	build_tlv_append(area, IMAGE_TLV_BOOT_RECORD, record.data, record.size);
	buffer_free(&record);
}

/* In imgtool's order: counter, boot record, dependencies, vendor's. */
static void collect_protected(struct buffer *area, const struct build *build)
{
	const struct build_options *options = build->options;
	uint8_t counter[sizeof(uint32_t)];
	le32_store(counter, options->counter);
	if (options->has_counter)
		build_tlv_append(area, IMAGE_TLV_SEC_CNT, counter, sizeof counter);
	if (options->record_name != NULL)
		append_boot_record(area, build);
	buffer_append(area, options->dependencies.data, options->dependencies.size);
	buffer_append(area, options->vendor.data, options->vendor.size);
}

/* The payload with room for the header in front. */
static bool place_program(struct build *build, const struct buffer *program, struct error *error)
{
	const struct build_options *options = build->options;
	if (options->pad_header) {
		buffer_init(&build->image, options->header_size, 0xff);
	} else if (program->size < options->header_size || !mem_is_filled(program->data, 0, options->header_size)) {
		error_set(error, "the input does not begin with %u zero bytes for the header", options->header_size);
		return error_try(error, "--pad-header, or link the program with that room in front");
	}
	buffer_append(&build->image, program->data, program->size);
	if (build->image.size > options->header_size)
		return true;
	return error_set(error, "the input holds no program");
}

bool build_begin(struct build *build, const struct build_options *options, const struct key *key, const struct buffer *program,
		 struct error *error)
{
	struct buffer area = { 0 };
	*build = (struct build) { .options = options, .key = key, .digest_size = key != NULL ? key->scalar_size : 32 };
	if (!place_program(build, program, error)) {
		build_free(build);
		return false;
	}
	collect_protected(&area, build);
	struct image_header header = {
		.load_address = options->rom_address,
		.flags = options->flags,
		.payload_size = (uint32_t)(build->image.size - options->header_size),
		.header_size = (uint16_t)options->header_size,
		.protected_size = (uint16_t)(area.size == 0 ? 0 : area.size + IMAGE_TLV_INFO_SIZE),
		.version = options->version,
	};
	image_header_encode(&header, build->image.data);
	bool fits = append_area(&build->image, IMAGE_TLV_PROTECTED_MAGIC, &area, error);
	buffer_free(&area);
	if (!fits) {
		build_free(build);
		return false;
	}
	if (build->digest_size == 48)
		mbedtls_sha512(build->image.data, build->image.size, build->digest, 1);
	else
		mbedtls_sha256(build->image.data, build->image.size, build->digest, 0);
	return true;
}

/* MCUboot's: status area, then the fields and the magic in whole units. */
static size_t trailer_size(const struct build_options *options)
{
	if (options->overwrite_only)
		return trailer_field_distance(TRAILER_COPY_DONE, options->max_align);
	return 3u * options->max_sectors * options->align + trailer_field_distance(TRAILER_SWAP_SIZE, options->max_align);
}

static void pad(struct build *build)
{
	const struct build_options *options = build->options;
	struct buffer slot;
	buffer_init(&slot, options->slot_size, 0xff);
	memcpy(slot.data, build->image.data, build->image.size);
	uint8_t *end = slot.data + slot.size;
	trailer_magic_encode(options->max_align, end - TRAILER_MAGIC_SIZE);
	if (options->pad == BUILD_PAD_CONFIRM && !options->overwrite_only)
		*(end - trailer_field_distance(TRAILER_IMAGE_OK, options->max_align)) = 1;
	buffer_free(&build->image);
	build->image = slot;
}

bool build_finish(struct build *build, const uint8_t *signature, size_t signature_size, struct error *error)
{
	const struct build_options *options = build->options;
	struct buffer area = { 0 };
	uint8_t hash[BUILD_DIGEST_MAX];
	build_tlv_append(&area, build->digest_size == 48 ? IMAGE_TLV_SHA384 : IMAGE_TLV_SHA256, build->digest, build->digest_size);
	key_hash(build->key, build->digest_size, hash);
	if (options->full_key)
		build_tlv_append(&area, IMAGE_TLV_PUBKEY, build->key->der, build->key->der_size);
	else
		build_tlv_append(&area, IMAGE_TLV_KEYHASH, hash, build->digest_size);
	build_tlv_append(&area, IMAGE_TLV_ECDSA_SIG, signature, signature_size);
	bool fits = append_area(&build->image, IMAGE_TLV_MAGIC, &area, error);
	buffer_free(&area);
	if (!fits)
		return false;
	size_t needed = build->image.size + trailer_size(options);
	if (needed > options->slot_size) {
		error_set(error, "the image takes %zu bytes and its trailer %zu; the slot holds %u", build->image.size,
			  trailer_size(options), options->slot_size);
		return error_try(error, "make the image %zu bytes smaller, or the slot larger (--slot-size)",
				 needed - options->slot_size);
	}
	if (options->pad != BUILD_PAD_NONE)
		pad(build);
	return true;
}

void build_free(struct build *build)
{
	buffer_free(&build->image);
}
