/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/sha256.h>
#include <merlon/crypto/sha256.h>
#include <merlon/test.h>
#include <string.h>

/* FIPS 180-4 examples: "abc", the empty string, and one million times 'a'. */
static const uint8_t of_abc[SHA256_SIZE] = {
	0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
	0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
};
static const uint8_t of_nothing[SHA256_SIZE] = {
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
};
static const uint8_t of_million[SHA256_SIZE] = {
	0xcd, 0xc7, 0x6e, 0x5c, 0x99, 0x14, 0xfb, 0x92, 0x81, 0xa1, 0xc7, 0xe2, 0x84, 0xd7, 0x3e, 0x67,
	0xf1, 0x80, 0x9a, 0x48, 0xa4, 0x97, 0x20, 0x0e, 0x04, 0x6d, 0x39, 0xcc, 0xc7, 0x11, 0x2c, 0xd0,
};

TEST(known_answers, CLAIM("crypto.sha256"), FUNCTIONAL)
{
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE], letters[1000];
	sha256_begin(&hash);
	sha256_update(&hash, "abc", 3);
	sha256_finish(&hash, digest);
	CHECK_EQ(memcmp(digest, of_abc, sizeof digest), 0);
	sha256_begin(&hash);
	sha256_finish(&hash, digest);
	CHECK_EQ(memcmp(digest, of_nothing, sizeof digest), 0);
	memset(letters, 'a', sizeof letters);
	sha256_begin(&hash);
	for (unsigned i = 0; i < 1000; i++)
		sha256_update(&hash, letters, sizeof letters);
	sha256_finish(&hash, digest);
	CHECK_EQ(memcmp(digest, of_million, sizeof digest), 0);
}

TEST(pieces_do_not_matter, CLAIM("crypto.sha256"), PROPERTY)
{
	uint8_t data[200], whole[SHA256_SIZE], pieces[SHA256_SIZE];
	struct sha256 hash;
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7);
	sha256_begin(&hash);
	sha256_update(&hash, data, sizeof data);
	sha256_finish(&hash, whole);
	for (size_t cut = 0; cut <= sizeof data; cut++) {
		sha256_begin(&hash);
		sha256_update(&hash, data, cut);
		sha256_update(&hash, data + cut, sizeof data - cut);
		sha256_finish(&hash, pieces);
		CHECK_THAT(memcmp(whole, pieces, sizeof whole) == 0, "cut at %zu", cut);
	}
}

/* Every length up to five blocks, and larger ones in uneven pieces, against mbedTLS. */
TEST(agrees_with_the_library_at_every_length, CLAIM("crypto.sha256"), PROPERTY)
{
	static uint8_t data[70000];
	uint8_t ours[SHA256_SIZE], theirs[SHA256_SIZE];
	struct sha256 hash;
	uint32_t state = 1;
	for (unsigned i = 0; i < sizeof data; i++) {
		state = state * 1664525u + 1013904223u;
		data[i] = (uint8_t)(state >> 24);
	}
	for (size_t size = 0; size <= sizeof data; size = size < 320 ? size + 1 : size * 3 / 2) {
		sha256_begin(&hash);
		for (size_t at = 0, piece; at < size; at += piece) {
			state = state * 1664525u + 1013904223u;
			piece = 1 + (state >> 16) % 200;
			if (piece > size - at)
				piece = size - at;
			sha256_update(&hash, data + at, piece);
		}
		sha256_finish(&hash, ours);
		CHECK_EQ(mbedtls_sha256(data, size, theirs, 0), 0);
		CHECK_THAT(memcmp(ours, theirs, sizeof ours) == 0, "%zu bytes", size);
	}
}

/* The length in bits needs more than 32 bits; nothing but the length decides: 512 MB are not hashed here. */
TEST(length_is_counted_in_64_bits, CLAIM("crypto.sha256"), FUNCTIONAL)
{
	static uint8_t zeros[1 << 16];
	uint8_t ours[SHA256_SIZE], theirs[SHA256_SIZE];
	struct sha256 hash;
	mbedtls_sha256_context library;
	sha256_begin(&hash);
	mbedtls_sha256_init(&library);
	CHECK_EQ(mbedtls_sha256_starts(&library, 0), 0);
	hash.size = 1ull << 32;
	library.MBEDTLS_PRIVATE(total)[1] = 1;
	sha256_update(&hash, zeros, sizeof zeros);
	CHECK_EQ(mbedtls_sha256_update(&library, zeros, sizeof zeros), 0);
	sha256_finish(&hash, ours);
	CHECK_EQ(mbedtls_sha256_finish(&library, theirs), 0);
	CHECK_EQ(memcmp(ours, theirs, sizeof ours), 0);
}
