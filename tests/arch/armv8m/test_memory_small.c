/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/test.h>
#include <string.h>

void *small_memcpy(void *restrict to, const void *restrict from, size_t size);
void *small_memset(void *to, int value, size_t size);
int small_memcmp(const void *left, const void *right, size_t size);
size_t small_strlen(const char *text);

enum { SPACE = 64, SIZES = 24, OFFSETS = 8 };

TEST(copies_every_size_at_every_alignment, CLAIM("arch.memory"), PROPERTY)
{
	_Alignas(8) uint8_t from[SPACE], to[SPACE], expected[SPACE];
	for (unsigned i = 0; i < SPACE; i++)
		from[i] = (uint8_t)(i + 1);
	for (size_t size = 0; size < SIZES; size++) {
		for (unsigned in = 0; in < OFFSETS; in++) {
			for (unsigned out = 0; out < OFFSETS; out++) {
				memset(to, 0xa5, sizeof to);
				memset(expected, 0xa5, sizeof expected);
				memcpy(expected + out, from + in, size);
				CHECK(small_memcpy(to + out, from + in, size) == to + out);
				CHECK_THAT(memcmp(to, expected, sizeof to) == 0, "%zu bytes from %u to %u", size, in, out);
			}
		}
	}
}

TEST(sets_what_it_is_told_to, CLAIM("arch.memory"), PROPERTY)
{
	uint8_t to[SPACE], expected[SPACE];
	for (size_t size = 0; size < SIZES; size++) {
		for (unsigned out = 0; out < OFFSETS; out++) {
			memset(to, 0xa5, sizeof to);
			memset(expected, 0xa5, sizeof expected);
			memset(expected + out, 0x3c, size);
			CHECK(small_memset(to + out, 0x13c, size) == to + out);
			CHECK_THAT(memcmp(to, expected, sizeof to) == 0, "%zu bytes to %u", size, out);
		}
	}
}

TEST(compares_as_unsigned_bytes_in_order, CLAIM("arch.memory"), PROPERTY)
{
	uint8_t a[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, b[8];
	for (unsigned at = 0; at < sizeof a; at++) {
		memcpy(b, a, sizeof b);
		b[at] = 0xff;
		CHECK(small_memcmp(a, b, sizeof a) < 0);
		CHECK(small_memcmp(b, a, sizeof a) > 0);
		CHECK_EQ(small_memcmp(a, b, at), 0);
	}
	CHECK_EQ(small_memcmp(a, a, sizeof a), 0);
	CHECK_EQ(small_strlen(""), 0);
	CHECK_EQ(small_strlen("seven77"), 7);
}
