/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/test.h>
#include <string.h>

TEST(wipe_clears_every_byte, CLAIM("lib.mem.wipe"), FUNCTIONAL)
{
	uint8_t secret[33];
	memset(secret, 0xa5, sizeof secret);
	mem_wipe(secret, 32);
	CHECK(mem_is_filled(secret, 0, 32));
	CHECK_EQ(secret[32], 0xa5);
}

TEST(equal_sees_each_bit, CLAIM("lib.mem.equal"), PROPERTY)
{
	uint8_t a[16] = { 0 }, b[16] = { 0 };
	CHECK(mem_equal(a, b, sizeof a));
	CHECK(mem_equal(a, b, 0));
	for (unsigned bit = 0; bit < 8 * sizeof a; bit++) {
		b[bit / 8] = (uint8_t)(1u << bit % 8);
		CHECK_THAT(!mem_equal(a, b, sizeof a), "bit %u", bit);
		b[bit / 8] = 0;
	}
}

TEST(crc_is_ieee, CLAIM("lib.crc"), FUNCTIONAL)
{
	CHECK_EQ(crc32_update(0, "123456789", 9), 0xcbf43926u);
	CHECK_EQ(crc32_update(crc32_update(0, "1234", 4), "56789", 5), 0xcbf43926u);
	CHECK_EQ(crc32_update(0, "", 0), 0);
}

TEST(little_endian_round_trip, CLAIM("lib.le"), FUNCTIONAL)
{
	uint8_t bytes[5];
	le32_store(bytes + 1, 0xfedcba98u);
	CHECK_EQ(bytes[1], 0x98);
	CHECK_EQ(le32_load(bytes + 1), 0xfedcba98u);
	CHECK_EQ(le16_load(bytes + 1), 0xba98);
}
