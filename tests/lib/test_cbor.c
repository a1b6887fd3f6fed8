/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/cbor.h>
#include <merlon/test.h>
#include <string.h>

static uint8_t buffer[256];

static struct cbor_writer begin(size_t capacity)
{
	memset(buffer, 0xee, sizeof buffer);
	return (struct cbor_writer) { buffer, capacity, 0 };
}

static struct cbor_reader reader_of(const void *data, size_t size)
{
	return (struct cbor_reader) { data, size, 0 };
}

struct integer {
	int64_t value;
	const char *bytes;
	size_t size;
};
#define INTEGER(number, text)                                                                                                      \
	{                                                                                                                          \
		number, text, sizeof text - 1                                                                                      \
	}

/* RFC 8949, appendix A. */
static const struct integer integers[] = {
	INTEGER(0, "\x00"),
	INTEGER(23, "\x17"),
	INTEGER(24, "\x18\x18"),
	INTEGER(255, "\x18\xff"),
	INTEGER(256, "\x19\x01\x00"),
	INTEGER(1000, "\x19\x03\xe8"),
	INTEGER(65536, "\x1a\x00\x01\x00\x00"),
	INTEGER(1000000, "\x1a\x00\x0f\x42\x40"),
	INTEGER(4294967295, "\x1a\xff\xff\xff\xff"),
	INTEGER(4294967296, "\x1b\x00\x00\x00\x01\x00\x00\x00\x00"),
	INTEGER(INT64_MAX, "\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"),
	INTEGER(-1, "\x20"),
	INTEGER(-24, "\x37"),
	INTEGER(-25, "\x38\x18"),
	INTEGER(-1000, "\x39\x03\xe7"),
	INTEGER(INT64_MIN, "\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"),
};

TEST(integers_are_as_short_as_can_be, CLAIM("cbor.deterministic"), FUNCTIONAL)
{
	for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
		struct cbor_writer writer = begin(sizeof buffer);
		int64_t value;
		cbor_write_integer(&writer, integers[i].value);
		CHECK_THAT(writer.size == integers[i].size && memcmp(buffer, integers[i].bytes, writer.size) == 0, "%zu", i);
		struct cbor_reader reader = reader_of(buffer, writer.size);
		CHECK(cbor_read_integer(&reader, &value) && value == integers[i].value && cbor_at_end(&reader));
	}
}

TEST(a_writer_counts_what_does_not_fit, CLAIM("cbor.bounded"), PROPERTY)
{
	struct cbor_writer measure = { NULL, 0, 0 };
	cbor_write_text(&measure, "0123456789", 10);
	cbor_write_bytes(&measure, "abc", 3);
	CHECK(measure.size == 15 && !cbor_fits(&measure));
	for (size_t capacity = 0; capacity <= 20; capacity++) {
		struct cbor_writer writer = begin(capacity);
		cbor_write_text(&writer, "0123456789", 10);
		cbor_write_bytes(&writer, "abc", 3);
		CHECK_EQ(writer.size, 15);
		CHECK_EQ(cbor_fits(&writer), capacity >= 15);
		for (size_t i = capacity; i < sizeof buffer; i++)
			CHECK_EQ(buffer[i], 0xee);
	}
}

static bool reads(const char *bytes, size_t size)
{
	struct cbor_reader reader = reader_of(bytes, size);
	return cbor_skip(&reader) && cbor_at_end(&reader);
}

#define READS(text) reads(text, sizeof text - 1)

TEST(whole_items_are_skipped, CLAIM("cbor.deterministic"), FUNCTIONAL)
{
	CHECK(READS("\x00") && READS("\x40") && READS("\x43\x01\x02\x03") && READS("\x63\x61\xc3\xbc"));
	CHECK(READS("\x80") && READS("\x83\x01\x82\x02\x03\xa1\x01\x80") && READS("\xd2\x81\x00") && READS("\xf4") &&
	      READS("\xf6"));
	CHECK(READS("\x62\xc2\x80") && READS("\x63\xed\x9f\xbf") && READS("\x64\xf4\x8f\xbf\xbf") && READS("\x63\xe0\xa0\x80"));
}

/* One value, one encoding. */
TEST(other_encodings_are_refused, CLAIM("cbor.deterministic"), MALFORMED)
{
	CHECK(!READS("\x18\x17") && !READS("\x19\x00\xff") && !READS("\x1a\x00\x00\xff\xff") && !READS("\x38\x00"));
	CHECK(!READS("\x1b\x00\x00\x00\x00\xff\xff\xff\xff") && !READS("\x58\x01\x00") && !READS("\x98\x00"));
	CHECK(!READS("\x9f\xff") && !READS("\xbf\xff") && !READS("\x5f\x40\xff") && !READS("\x7f\xff") && !READS("\xff"));
	CHECK(!READS("\x1c") && !READS("\x1f") && !READS("\xf9\x00\x00") && !READS("\xfa\x00\x00\x00\x00") && !READS("\xf8\x20"));
	CHECK(!READS("\xe0") && !READS("\xf7") && !READS("\xf3"));
}

TEST(what_reaches_beyond_the_end_is_refused, CLAIM("cbor.bounded"), MALFORMED)
{
	CHECK(!READS("") && !READS("\x18") && !READS("\x19\x01") && !READS("\x42\x00") && !READS("\x81") && !READS("\xa1\x00"));
	CHECK(!READS("\xd2") && !READS("\x82\x01") && !READS("\x5b\xff\xff\xff\xff\xff\xff\xff\xff") &&
	      !READS("\x9a\xff\xff\xff\xff\x00"));
	CHECK(!READS("\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x00"));
	CHECK(!READS("\x81\x81\x81\x81\x81\x81\x81\x81\x81\x00") && READS("\x81\x81\x81\x81\x81\x81\x81\x81\x00"));
}

TEST(texts_are_utf8, CLAIM("cbor.deterministic"), MALFORMED)
{
	CHECK(!READS("\x61\x80") && !READS("\x61\xc3") && !READS("\x62\xc1\x80") && !READS("\x63\xe0\x80\x80"));
	CHECK(!READS("\x63\xed\xa0\x80") && !READS("\x64\xf0\x80\x80\x80") && !READS("\x64\xf4\x90\x80\x80") &&
	      !READS("\x64\xf5\x80\x80\x80"));
	CHECK(!READS("\x62\xe2\x82") && !READS("\x63\xe2\x28\xa1"));
}

TEST(a_reader_that_refuses_stays_where_it_is, CLAIM("cbor.bounded"), PROPERTY)
{
	struct cbor_reader reader = reader_of("\x82\x18\x17", 3);
	struct cbor_item item;
	int64_t value;
	CHECK(!cbor_skip(&reader) && reader.offset == 0);
	CHECK(!cbor_expect(&reader, CBOR_MAP, &item) && reader.offset == 0);
	CHECK(cbor_expect(&reader, CBOR_ARRAY, &item) && item.value == 2 && reader.offset == 1);
	CHECK(!cbor_next(&reader, &item) && !cbor_read_integer(&reader, &value) && reader.offset == 1);
}
