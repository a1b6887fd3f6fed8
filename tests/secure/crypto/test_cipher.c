/* SPDX-License-Identifier: Apache-2.0 */
/* Unauthenticated ciphers, as a product has them that asks for them. NIST SP 800-38A, F.2.1, F.2.5 and F.5.1. */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <string.h>

static const struct {
	psa_algorithm_t algorithm;
	const char *key, *iv, *ciphertext;
} vectors[] = {
	{ PSA_ALG_CBC_NO_PADDING, "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
	  "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2" },
	{ PSA_ALG_CBC_NO_PADDING, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
	  "000102030405060708090a0b0c0d0e0f", "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d" },
	{ PSA_ALG_CTR, "2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
	  "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff" },
};
static const char plaintext[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";

TEST(published_vectors, CLAIM("crypto.cipher"), FUNCTIONAL)
{
	crypto_device_new();
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		uint8_t material[32], iv[16], plain[32], cipher[48], out[48];
		size_t size, done = 0, key_size = hex(vectors[i].key, material, sizeof material);
		psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_AES, vectors[i].algorithm,
						 PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, material, key_size);
		(void)hex(vectors[i].iv, iv, sizeof iv);
		(void)hex(plaintext, plain, sizeof plain);
		memcpy(cipher, iv, 16);
		(void)hex(vectors[i].ciphertext, cipher + 16, 32);
		psa_cipher_operation_t operation = psa_cipher_operation_init();
		CHECK_EQ(psa_cipher_encrypt_setup(&operation, key, vectors[i].algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_cipher_set_iv(&operation, iv, 16), PSA_SUCCESS);
		for (size_t at = 0; at < 32; at += 8) {
			CHECK_EQ(psa_cipher_update(&operation, plain + at, 8, out + done, sizeof out - done, &size), PSA_SUCCESS);
			done += size;
		}
		CHECK_EQ(psa_cipher_finish(&operation, out + done, sizeof out - done, &size), PSA_SUCCESS);
		CHECK_THAT(done + size == 32 && memcmp(out, cipher + 16, 32) == 0, "vector %zu", i);
		CHECK_EQ(psa_cipher_decrypt(key, vectors[i].algorithm, cipher, 48, out, sizeof out, &size), PSA_SUCCESS);
		CHECK_THAT(size == 32 && memcmp(out, plain, 32) == 0, "vector %zu", i);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

TEST(any_length_and_there_and_back, CLAIM("crypto.cipher"), PROPERTY)
{
	static uint8_t plain[3000], cipher[3100], out[3100];
	const uint8_t material[16] = { 7 };
	size_t size, back;
	crypto_device_new();
	psa_key_id_t key =
		crypto_key_of(PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, material, 16);
	for (size_t length = 0; length <= sizeof plain; length += length < 40 ? 1 : 371) {
		memset(plain, (int)length, length);
		CHECK_EQ(psa_cipher_encrypt(key, PSA_ALG_CBC_PKCS7, plain, length, cipher, sizeof cipher, &size), PSA_SUCCESS);
		CHECK_EQ(size, 16 + (length / 16 + 1) * 16);
		CHECK_EQ(psa_cipher_decrypt(key, PSA_ALG_CBC_PKCS7, cipher, size, out, sizeof out, &back), PSA_SUCCESS);
		CHECK_THAT(back == length && memcmp(out, plain, length) == 0, "%zu bytes", length);
		CHECK_EQ(psa_cipher_encrypt(key, PSA_ALG_CBC_PKCS7, plain, length, cipher, size - 1, &size),
			 PSA_ERROR_BUFFER_TOO_SMALL);
	}
}
