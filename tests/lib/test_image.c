/* SPDX-License-Identifier: Apache-2.0 */
/* Header and TLV areas: every length, every overflow. */
#include "image_builder.h"
#include <merlon/lib/image.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static struct builder_image image;

static enum refusal read_header(uint32_t limit, struct image_header *header)
{
	return image_header_read(&image.medium, limit, header);
}

TEST(header_round_trip, CLAIM("image.format"), FUNCTIONAL)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_header header;
	recipe.header_size = 96;
	recipe.flags = 0x80000001;
	recipe.load_address = 0x12345678;
	builder_build(&image, &recipe);
	CHECK_EQ(read_header(BUILDER_LIMIT, &header), REFUSAL_NONE);
	CHECK_EQ(header.header_size, 96);
	CHECK_EQ(header.payload_size, recipe.payload_size);
	CHECK_EQ(header.protected_size, 12);
	CHECK_EQ(header.flags, 0x80000001);
	CHECK_EQ(header.load_address, 0x12345678);
	CHECK_EQ(header.version.major, 1);
	CHECK_EQ(header.version.minor, 2);
	CHECK_EQ(header.version.revision, 3);
	CHECK_EQ(header.version.build, 4);
}

TEST(erased_slot_is_empty, CLAIM("image.format"), FUNCTIONAL)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_header header;
	builder_build(&image, &recipe);
	memset(image.bytes, 0xff, IMAGE_HEADER_SIZE);
	CHECK_EQ(read_header(BUILDER_LIMIT, &header), REFUSAL_EMPTY);
	image.bytes[31] = 0;
	CHECK_EQ(read_header(BUILDER_LIMIT, &header), REFUSAL_MAGIC);
	le32_store(image.bytes, 0x96f3b83c); /* the magic of version 1 */
	CHECK_EQ(read_header(BUILDER_LIMIT, &header), REFUSAL_MAGIC);
	image.fails_at = 1;
	CHECK_EQ(read_header(BUILDER_LIMIT, &header), REFUSAL_READ);
}

/* Each row: the three sizes of the header and what comes of them under a limit of 1024. */
static const struct {
	uint16_t header_size, protected_size;
	uint32_t payload_size;
	enum refusal expected;
} size_rows[] = {
	{ 32, 0, 1, REFUSAL_NONE },
	{ 31, 0, 1, REFUSAL_HEADER },
	{ 16, 0, 1, REFUSAL_HEADER }, /* MCUboot takes it */
	{ 0, 0, 1, REFUSAL_HEADER },
	{ 1023, 0, 1, REFUSAL_NONE },
	{ 1024, 0, 1, REFUSAL_HEADER },
	{ 0xffff, 0, 1, REFUSAL_HEADER },
	{ 32, 0, 0, REFUSAL_HEADER },
	{ 32, 0, 992, REFUSAL_NONE },
	{ 32, 0, 993, REFUSAL_SIZE },
	{ 32, 0, 0xffffffff, REFUSAL_SIZE },
	{ 32, 0, 0xffffffe0, REFUSAL_SIZE }, /* header + payload wraps to 0 */
	{ 32, 0x20, 0xffffffe0, REFUSAL_SIZE },
	{ 32, 0xffff, 0xffff0001, REFUSAL_SIZE }, /* the sum of all three wraps */
	{ 32, 1, 1, REFUSAL_HEADER },
	{ 32, 3, 1, REFUSAL_HEADER },
	{ 32, 4, 1, REFUSAL_NONE },
	{ 32, 4, 988, REFUSAL_NONE },
	{ 32, 4, 989, REFUSAL_SIZE },
	{ 32, 991, 1, REFUSAL_NONE },
	{ 32, 992, 1, REFUSAL_SIZE },
	{ 32, 0xffff, 1, REFUSAL_SIZE },
};

TEST(sizes_stay_within_limit, CLAIM("image.format"), MALFORMED)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_header header;
	for (unsigned i = 0; i < sizeof size_rows / sizeof size_rows[0]; i++) {
		builder_build(&image, &recipe);
		le16_store(image.bytes + 8, size_rows[i].header_size);
		le16_store(image.bytes + 10, size_rows[i].protected_size);
		le32_store(image.bytes + 12, size_rows[i].payload_size);
		enum refusal found = read_header(BUILDER_LIMIT, &header);
		CHECK_THAT(found == size_rows[i].expected, "row %u: %s", i, refusal_name(found));
	}
	builder_build(&image, &recipe);
	CHECK_EQ(read_header(0, &header), REFUSAL_HEADER);
	CHECK_EQ(read_header(32, &header), REFUSAL_HEADER);
}

static enum refusal begin(struct image_tlv_iterator *it, uint32_t limit)
{
	struct image_header header;
	CHECK_EQ(read_header(limit, &header), REFUSAL_NONE);
	return image_tlv_begin(it, &image.medium, limit, &header);
}

TEST(iterates_both_areas_in_order, CLAIM("image.format"), FUNCTIONAL)
{
	static const struct {
		uint16_t type, size;
		bool is_protected;
	} expected[] = {
		{ IMAGE_TLV_SEC_CNT, 4, true }, { 0xa0, 0, true }, { IMAGE_TLV_SHA256, 32, false }, { IMAGE_TLV_KEYHASH, 32, false }
	};
	struct builder_recipe recipe = builder_recipe();
	struct image_tlv_iterator it;
	struct image_tlv_entry entry;
	enum refusal refusal;
	recipe.protected_tlvs[1] = (struct builder_tlv) { 0xa0, 0, NULL };
	recipe.tlvs[2].type = 0;
	builder_build(&image, &recipe);
	CHECK_EQ(begin(&it, BUILDER_LIMIT), REFUSAL_NONE);
	CHECK_EQ(image_tlv_end(&it), image.size);
	for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		CHECK(image_tlv_next(&it, &entry, &refusal));
		CHECK_EQ(entry.type, expected[i].type);
		CHECK_EQ(entry.size, expected[i].size);
		CHECK_EQ(entry.is_protected, expected[i].is_protected);
		CHECK_EQ(le16_load(image.bytes + entry.offset - 4), expected[i].type);
	}
	CHECK(!image_tlv_next(&it, &entry, &refusal));
	CHECK_EQ(refusal, REFUSAL_NONE);
	CHECK(!image_tlv_next(&it, &entry, &refusal));
}

TEST(empty_areas_hold_nothing, CLAIM("image.format"), FUNCTIONAL)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_tlv_iterator it;
	struct image_tlv_entry entry;
	enum refusal refusal;
	recipe.protected_tlvs[0].type = 0;
	recipe.tlvs[0].type = 0;
	builder_build(&image, &recipe);
	CHECK_EQ(begin(&it, BUILDER_LIMIT), REFUSAL_NONE);
	CHECK(!image_tlv_next(&it, &entry, &refusal));
	CHECK_EQ(refusal, REFUSAL_NONE);
	/* The smallest limit that fits, and one byte less. */
	CHECK_EQ(begin(&it, image.size), REFUSAL_NONE);
	CHECK_EQ(begin(&it, image.size - 1), REFUSAL_SIZE);
}

/* Each row changes one half-word of a good image: which one, and what comes of it. */
enum anchor { AT_START, AT_PROTECTED, AT_MIDDLE };
static const struct {
	enum anchor anchor;
	uint16_t offset, value;
	enum refusal expected;
} tlv_rows[] = {
	{ AT_START, 10, 0, REFUSAL_TLV },  /* a protected area that the header does not know */
	{ AT_START, 10, 13, REFUSAL_TLV }, /* sizes differ */
	{ AT_START, 10, 11, REFUSAL_TLV },
	{ AT_PROTECTED, 0, 0x6907, REFUSAL_TLV }, /* the header promises a protected area */
	{ AT_PROTECTED, 2, 11, REFUSAL_TLV },
	{ AT_PROTECTED, 2, 13, REFUSAL_TLV },
	{ AT_PROTECTED, 6, 5, REFUSAL_TLV }, /* the entry leaves its area by one byte */
	{ AT_PROTECTED, 6, 0xffff, REFUSAL_TLV },
	{ AT_PROTECTED, 6, 3, REFUSAL_TLV },  /* one byte is left: no room for a head */
	{ AT_PROTECTED, 6, 0, REFUSAL_NONE }, /* the four bytes left read as an entry of type 7, size 0 */
	{ AT_MIDDLE, 0, 0x6908, REFUSAL_TLV },
	{ AT_MIDDLE, 0, 0, REFUSAL_TLV },
	{ AT_MIDDLE, 2, 0, REFUSAL_TLV },
	{ AT_MIDDLE, 2, 3, REFUSAL_TLV },
	{ AT_MIDDLE, 2, 4, REFUSAL_NONE }, /* an area without entries */
	{ AT_MIDDLE, 2, 5, REFUSAL_TLV },
	{ AT_MIDDLE, 2, 916, REFUSAL_TLV }, /* up to the limit: what follows reads as type 0xffff, size 0xffff */
	{ AT_MIDDLE, 2, 917, REFUSAL_SIZE },
	{ AT_MIDDLE, 2, 0xffff, REFUSAL_SIZE },
	{ AT_MIDDLE, 6, 0xffff, REFUSAL_TLV },
};

TEST(malformed_areas_are_refused, CLAIM("image.format"), MALFORMED)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_tlv_iterator it;
	for (unsigned i = 0; i < sizeof tlv_rows / sizeof tlv_rows[0]; i++) {
		builder_build(&image, &recipe);
		CHECK_EQ(image.middle, 108);
		const uint32_t anchors[] = { 0, 96, image.middle };
		le16_store(image.bytes + anchors[tlv_rows[i].anchor] + tlv_rows[i].offset, tlv_rows[i].value);
		enum refusal found = begin(&it, BUILDER_LIMIT);
		CHECK_THAT(found == tlv_rows[i].expected, "row %u: %s", i, refusal_name(found));
	}
}

TEST(unreadable_areas_are_refused, CLAIM("image.format"), MALFORMED)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_tlv_iterator it;
	builder_build(&image, &recipe);
	/* The info headers and the heads of the entries; their data is not read. */
	const uint32_t read[] = { 96, 100, image.middle, image.middle + 4, image.middle + 40, image.middle + 76 };
	for (unsigned i = 0; i < sizeof read / sizeof read[0]; i++) {
		image.fails_at = read[i];
		CHECK_EQ(begin(&it, BUILDER_LIMIT), REFUSAL_READ);
	}
	image.fails_at = image.middle + 8;
	CHECK_EQ(begin(&it, BUILDER_LIMIT), REFUSAL_NONE);
}

TEST(versions_compare_without_build_number, CLAIM("image.version"), PROPERTY)
{
	/* Ascending; the last two are equal. */
	static const struct image_version versions[] = {
		{ 0, 0, 0, 9 },   { 0, 0, 1, 0 }, { 0, 0, 0xffff, 0 }, { 0, 1, 0, 0 },
		{ 0, 255, 0, 0 }, { 1, 0, 0, 0 }, { 255, 0, 0, 1 },    { 255, 0, 0, 2 },
	};
	enum { COUNT = sizeof versions / sizeof versions[0] };
	for (unsigned i = 0; i < COUNT; i++) {
		for (unsigned j = 0; j < COUNT; j++) {
			int expected = i >= COUNT - 2 && j >= COUNT - 2 ? 0 : (i > j) - (i < j);
			int found = image_version_compare(&versions[i], &versions[j]);
			CHECK_THAT((found > 0) - (found < 0) == expected, "%u and %u", i, j);
		}
	}
}
