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
	struct image_header found;
	if (medium_read(slot, 0, bytes, sizeof bytes) != PSA_SUCCESS)
		return REFUSAL_READ;
	if (mem_is_filled(bytes, 0xff, sizeof bytes))
		return REFUSAL_EMPTY;
	if (le32_load(bytes + AT_MAGIC) != IMAGE_MAGIC)
		return REFUSAL_MAGIC;
	found.load_address = le32_load(bytes + AT_LOAD_ADDRESS);
	found.header_size = le16_load(bytes + AT_HEADER_SIZE);
	found.protected_size = le16_load(bytes + AT_PROTECTED_SIZE);
	found.payload_size = le32_load(bytes + AT_PAYLOAD_SIZE);
	found.flags = le32_load(bytes + AT_FLAGS);
	image_version_decode(bytes + AT_VERSION, &found.version);
	if (found.header_size < IMAGE_HEADER_SIZE || found.header_size >= limit || found.payload_size == 0 ||
	    (found.protected_size != 0 && found.protected_size < IMAGE_TLV_INFO_SIZE))
		return REFUSAL_HEADER;
	/* Each subtraction is safe after the comparison before it; nothing is added that could wrap. */
	if (found.payload_size > limit - found.header_size || found.protected_size > limit - found.header_size - found.payload_size)
		return REFUSAL_SIZE;
	*header = found;
	return REFUSAL_NONE;
}

/* Read two little-endian half-words: an info header, or the head of an entry. */
static bool pair_read(const struct medium *slot, uint32_t offset, uint16_t *first, uint16_t *second)
{
	uint8_t bytes[IMAGE_TLV_INFO_SIZE];
	if (medium_read(slot, offset, bytes, sizeof bytes) != PSA_SUCCESS)
		return false;
	*first = le16_load(bytes);
	*second = le16_load(bytes + 2);
	return true;
}

enum refusal image_tlv_begin(struct image_tlv_iterator *it, const struct medium *slot, uint32_t limit,
			     const struct image_header *header)
{
	uint16_t magic, size;
	struct image_tlv_entry entry;
	enum refusal refusal;
	uint32_t start = header->header_size + header->payload_size; /* image_header_read() has seen that this fits */
	uint32_t middle = start + header->protected_size;
	if (header->protected_size > 0) {
		if (!pair_read(slot, start, &magic, &size))
			return REFUSAL_READ;
		if (magic != IMAGE_TLV_PROTECTED_MAGIC || size != header->protected_size)
			return REFUSAL_TLV;
	}
	if (limit - middle < IMAGE_TLV_INFO_SIZE)
		return REFUSAL_SIZE;
	if (!pair_read(slot, middle, &magic, &size))
		return REFUSAL_READ;
	if (magic != IMAGE_TLV_MAGIC || size < IMAGE_TLV_INFO_SIZE)
		return REFUSAL_TLV;
	if (size > limit - middle)
		return REFUSAL_SIZE;
	it->slot = slot;
	it->end = middle + size;
	struct image_tlv_iterator first = *it;
	first.offset = start + IMAGE_TLV_INFO_SIZE;
	first.area_end = header->protected_size > 0 ? middle : it->end;
	*it = first;
	while (image_tlv_next(it, &entry, &refusal))
		continue;
	*it = first;
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
	if (!pair_read(it->slot, it->offset, &entry->type, &entry->size))
		return false;
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
