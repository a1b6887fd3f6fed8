/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/image.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <string.h>

/* Where the header's fields lie. */
enum {
	AT_MAGIC = 0,
	AT_LOAD_ADDRESS = 4,
	AT_HEADER_SIZE = 8,
	AT_PROTECTED_SIZE = 10,
	AT_PAYLOAD_SIZE = 12,
	AT_FLAGS = 16,
	AT_VERSION = 20
};

int image_version_compare(const struct image_version *a, const struct image_version *b)
{
	if (a->major != b->major)
		return a->major - b->major;
	if (a->minor != b->minor)
		return a->minor - b->minor;
	return a->revision - b->revision;
}

void image_version_decode(const uint8_t bytes[IMAGE_VERSION_SIZE], struct image_version *version)
{
	version->major = bytes[0];
	version->minor = bytes[1];
	version->revision = le16_load(bytes + 2);
	version->build = le32_load(bytes + 4);
}

void image_version_encode(const struct image_version *version, uint8_t bytes[IMAGE_VERSION_SIZE])
{
	bytes[0] = version->major;
	bytes[1] = version->minor;
	le16_store(bytes + 2, version->revision);
	le32_store(bytes + 4, version->build);
}

void image_header_encode(const struct image_header *header, uint8_t out[IMAGE_HEADER_SIZE])
{
	memset(out, 0, IMAGE_HEADER_SIZE);
	le32_store(out + AT_MAGIC, IMAGE_MAGIC);
	le32_store(out + AT_LOAD_ADDRESS, header->load_address);
	le16_store(out + AT_HEADER_SIZE, header->header_size);
	le16_store(out + AT_PROTECTED_SIZE, header->protected_size);
	le32_store(out + AT_PAYLOAD_SIZE, header->payload_size);
	le32_store(out + AT_FLAGS, header->flags);
	image_version_encode(&header->version, out + AT_VERSION);
}

enum refusal image_header_read(const struct medium *slot, uint32_t limit, struct image_header *header)
{
	uint8_t bytes[IMAGE_HEADER_SIZE];
	if (medium_read(slot, 0, bytes, sizeof bytes) != PSA_SUCCESS)
		return REFUSAL_READ;
	if (mem_is_filled(bytes, 0xff, sizeof bytes))
		return REFUSAL_EMPTY;
	if (le32_load(bytes + AT_MAGIC) != IMAGE_MAGIC)
		return REFUSAL_MAGIC;
	header->load_address = le32_load(bytes + AT_LOAD_ADDRESS);
	header->header_size = le16_load(bytes + AT_HEADER_SIZE);
	header->protected_size = le16_load(bytes + AT_PROTECTED_SIZE);
	header->payload_size = le32_load(bytes + AT_PAYLOAD_SIZE);
	header->flags = le32_load(bytes + AT_FLAGS);
	image_version_decode(bytes + AT_VERSION, &header->version);
	if (header->header_size < IMAGE_HEADER_SIZE || header->header_size >= limit || header->payload_size == 0 ||
	    (header->protected_size != 0 && header->protected_size < IMAGE_TLV_INFO_SIZE))
		return REFUSAL_HEADER;
	/* Each subtraction is safe after the comparison before it; nothing is added that could wrap. */
	if (header->payload_size > limit - header->header_size ||
	    header->protected_size > limit - header->header_size - header->payload_size)
		return REFUSAL_SIZE;
	return REFUSAL_NONE;
}

/* An info header or the head of an entry: the first half-word in the low half, the second in the high. */
static bool head_read(const struct medium *slot, uint32_t offset, uint32_t *head)
{
	uint8_t bytes[IMAGE_TLV_INFO_SIZE];
	if (medium_read(slot, offset, bytes, sizeof bytes) != PSA_SUCCESS)
		return false;
	*head = le32_load(bytes);
	return true;
}

enum refusal image_tlv_begin(struct image_tlv_iterator *it, const struct medium *slot, uint32_t limit,
			     const struct image_header *header)
{
	uint32_t head, size;
	struct image_tlv_entry entry;
	enum refusal refusal;
	uint32_t start = header->header_size + header->payload_size; /* image_header_read() has seen that this fits */
	uint32_t middle = start + header->protected_size;
	if (header->protected_size > 0) {
		if (!head_read(slot, start, &head))
			return REFUSAL_READ;
		if (head != (IMAGE_TLV_PROTECTED_MAGIC | (uint32_t)header->protected_size << 16))
			return REFUSAL_TLV;
	}
	if (limit - middle < IMAGE_TLV_INFO_SIZE)
		return REFUSAL_SIZE;
	if (!head_read(slot, middle, &head))
		return REFUSAL_READ;
	size = head >> 16;
	if ((uint16_t)head != IMAGE_TLV_MAGIC || size < IMAGE_TLV_INFO_SIZE)
		return REFUSAL_TLV;
	if (size > limit - middle)
		return REFUSAL_SIZE;
	it->slot = slot;
	it->end = middle + size;
	it->offset = start + IMAGE_TLV_INFO_SIZE;
	it->area_end = header->protected_size > 0 ? middle : it->end;
	struct image_tlv_iterator walk = *it;
	while (image_tlv_next(&walk, &entry, &refusal))
		continue;
	return refusal;
}

bool image_tlv_next(struct image_tlv_iterator *it, struct image_tlv_entry *entry, enum refusal *refusal)
{
	*refusal = REFUSAL_NONE;
	if (it->offset == it->area_end && it->area_end != it->end) { /* from the protected area to the other */
		it->offset += IMAGE_TLV_INFO_SIZE;
		it->area_end = it->end;
	}
	uint32_t left = it->area_end - it->offset;
	if (left == 0)
		return false;
	*refusal = REFUSAL_TLV;
	if (left < IMAGE_TLV_INFO_SIZE)
		return false;
	*refusal = REFUSAL_READ;
	uint32_t head;
	if (!head_read(it->slot, it->offset, &head))
		return false;
	entry->type = (uint16_t)head;
	entry->size = (uint16_t)(head >> 16);
	*refusal = REFUSAL_TLV;
	if (entry->size > left - IMAGE_TLV_INFO_SIZE)
		return false;
	entry->offset = it->offset + IMAGE_TLV_INFO_SIZE;
	entry->is_protected = it->area_end != it->end;
	it->offset = entry->offset + entry->size;
	*refusal = REFUSAL_NONE;
	return true;
}

uint32_t image_tlv_end(const struct image_tlv_iterator *it)
{
	return it->end;
}
