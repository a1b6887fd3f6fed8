/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 through the PSA API: the same program over mbedTLS's hashes and over a back end of our own (own/hash_own.c). */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <string.h>

/* FIPS 180-4, "abc" and the 896-bit message. */
static const struct {
	const char *message, *digest;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

TEST(sha256_in_one_and_in_parts, CLAIM("crypto.replaceable"), FUNCTIONAL)
{
	uint8_t expected[32], digest[32];
	size_t size;
	crypto_device_new();
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const uint8_t *message = (const uint8_t *)vectors[i].message;
		size_t length = strlen(vectors[i].message);
		(void)hex(vectors[i].digest, expected, sizeof expected);
		CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, message, length, digest, sizeof digest, &size), PSA_SUCCESS);
		CHECK_THAT(size == 32 && memcmp(digest, expected, size) == 0, "vector %zu", i);
		CHECK_EQ(psa_hash_compare(PSA_ALG_SHA_256, message, length, expected, 32), PSA_SUCCESS);
		for (size_t cut = 0; cut <= length; cut += 5) {
			psa_hash_operation_t operation = psa_hash_operation_init(), copy = psa_hash_operation_init();
			CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
			CHECK_EQ(psa_hash_update(&operation, message, cut), PSA_SUCCESS);
			CHECK_EQ(psa_hash_clone(&operation, &copy), PSA_SUCCESS);
			CHECK_EQ(psa_hash_update(&operation, message + cut, length - cut), PSA_SUCCESS);
			CHECK_EQ(psa_hash_finish(&operation, digest, sizeof digest, &size), PSA_SUCCESS);
			CHECK_THAT(memcmp(digest, expected, size) == 0, "vector %zu cut at %zu", i, cut);
			CHECK_EQ(psa_hash_update(&copy, message + cut, length - cut), PSA_SUCCESS);
			expected[cut % 32] ^= 1;
			CHECK_EQ(psa_hash_verify(&copy, expected, 32), PSA_ERROR_INVALID_SIGNATURE);
			expected[cut % 32] ^= 1;
		}
	}
}

TEST(any_length_and_every_error, CLAIM("crypto.replaceable"), FUNCTIONAL)
{
	static uint8_t data[100000];
	uint8_t whole[32], parts[32];
	size_t size;
	crypto_device_new();
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7 + i / 251);
	psa_hash_operation_t operation = psa_hash_operation_init();
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, data, sizeof data, whole, sizeof whole, &size), PSA_SUCCESS);
	CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
	for (size_t at = 0; at < sizeof data; at += 1000)
		CHECK_EQ(psa_hash_update(&operation, data + at, 1000), PSA_SUCCESS);
	CHECK_EQ(psa_hash_finish(&operation, parts, sizeof parts, &size), PSA_SUCCESS);
	CHECK(memcmp(whole, parts, sizeof whole) == 0);
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, data, 3, whole, 31, &size), PSA_ERROR_BUFFER_TOO_SMALL);
	CHECK_EQ(psa_hash_compute(PSA_ALG_RIPEMD160, data, 3, whole, sizeof whole, &size), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_hash_compare(PSA_ALG_SHA_256, data, 3, parts, 31), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
	psa_hash_operation_t kept = operation;
	CHECK_EQ(psa_hash_abort(&operation), PSA_SUCCESS);
	CHECK_EQ(psa_hash_update(&kept, data, 1), PSA_ERROR_BAD_STATE);
}
