/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/flash.h>
#include <merlon/lib/crc.h>
#include <merlon/lib/factory.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static uint8_t ca[FACTORY_CA_MAX];
static uint8_t bytes[FACTORY_SIZE_MAX];

static struct flash_ram encoded(size_t *size)
{
	struct flash_ram area;
	for (size_t i = 0; i < sizeof ca; i++)
		ca[i] = (uint8_t)(i * 7);
	const struct factory_value values[MERLON_FACTORY_ITEM_COUNT] = {
		[MERLON_FACTORY_SERIAL] = { "MRL-0001", 8 },
		[MERLON_FACTORY_SERVER_URL] = { "https://10.0.2.2:8443", 21 },
		[MERLON_FACTORY_SERVER_CA] = { ca, sizeof ca },
	};
	memset(bytes, 0xff, sizeof bytes);
	CHECK_EQ(factory_encode(values, bytes, size), PSA_SUCCESS);
	flash_ram_init(&area, bytes, sizeof bytes);
	return area;
}

TEST(items_come_back_as_written, CLAIM("lib.factory"), FUNCTIONAL)
{
	uint8_t data[FACTORY_CA_MAX];
	size_t size, length;
	struct flash_ram area = encoded(&size);
	CHECK_EQ(size % 8, 0);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERVER_URL, data, sizeof data, &length), PSA_SUCCESS);
	CHECK(length == 21 && memcmp(data, "https://10.0.2.2:8443", length) == 0);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERVER_CA, data, sizeof data, &length), PSA_SUCCESS);
	CHECK(length == sizeof ca && memcmp(data, ca, length) == 0);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERVER_NAME, data, sizeof data, &length), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_ITEM_COUNT, data, sizeof data, &length), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERIAL, data, 7, &length), PSA_ERROR_BUFFER_TOO_SMALL);
	CHECK_EQ(length, 8);
}

TEST(an_erased_area_holds_nothing, CLAIM("lib.factory"), FUNCTIONAL)
{
	struct flash_ram area;
	uint8_t data[8];
	size_t length;
	memset(bytes, 0xff, sizeof bytes);
	flash_ram_init(&area, bytes, sizeof bytes);
	CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERIAL, data, sizeof data, &length), PSA_ERROR_DOES_NOT_EXIST);
}

TEST(every_flipped_bit_is_seen, CLAIM("lib.factory.malformed"), MALFORMED)
{
	uint8_t data[FACTORY_CA_MAX];
	size_t size, length;
	struct flash_ram area = encoded(&size);
	size_t entries_end = FACTORY_HEADER_SIZE + le32_load(bytes + 8);
	for (size_t bit = 0; bit < 8 * entries_end; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_THAT(factory_read(&area.medium, MERLON_FACTORY_SERIAL, data, sizeof data, &length) == PSA_ERROR_DATA_CORRUPT,
			   "bit %zu", bit);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

TEST(an_entry_that_leaves_the_area_is_refused, CLAIM("lib.factory.malformed"), MALFORMED)
{
	uint8_t data[16];
	size_t size, length;
	struct flash_ram area = encoded(&size);
	uint32_t entries = le32_load(bytes + 8);
	for (uint32_t wrong = 1; wrong < 4; wrong++) {
		/* The first entry claims one byte more than there is, or one and a half entries are left over. */
		le16_store(bytes + FACTORY_HEADER_SIZE + 2, (uint16_t)(entries - FACTORY_ENTRY_SIZE + wrong));
		le32_store(bytes + 12, crc32_update(0, bytes + FACTORY_HEADER_SIZE, entries));
		CHECK_EQ(factory_read(&area.medium, MERLON_FACTORY_SERIAL, data, sizeof data, &length), PSA_ERROR_DATA_CORRUPT);
	}
}

TEST(too_long_an_item_is_refused, CLAIM("lib.factory"), FUNCTIONAL)
{
	size_t size;
	struct factory_value values[MERLON_FACTORY_ITEM_COUNT] = { [MERLON_FACTORY_SERIAL] = { bytes, FACTORY_SERIAL_MAX + 1 } };
	uint8_t out[FACTORY_SIZE_MAX];
	CHECK_EQ(factory_encode(values, out, &size), PSA_ERROR_INVALID_ARGUMENT);
}
