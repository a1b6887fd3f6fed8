/* SPDX-License-Identifier: Apache-2.0 */
/* No copy of a key's value stays in the service's memory when the key or the operation is over. */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/its.h>
#include <string.h>

/* Bounds of this program's variables, the service's among them: the work buffers, the arena, the operations. */
extern uint8_t __data_start[], _end[];

/* The value is made anew each time and lies in `expected` xor 0xa5 otherwise, so that nothing but the service has it. */
static uint8_t masked[64];

static void value(uint8_t *secret, size_t size)
{
	for (size_t i = 0; i < size; i++)
		secret[i] = masked[i] ^ 0xa5;
}

/* It reads between the variables as well, where a sanitizer has its guards. */
__attribute__((no_sanitize("address"))) static unsigned copies(size_t size)
{
	uint8_t secret[64];
	unsigned count = 0;
	const volatile uint8_t *memory = __data_start;
	value(secret, size);
	for (size_t at = 0; at + size <= (size_t)(_end - __data_start); at++) {
		size_t same = 0;
		while (same < size && memory[at + same] == secret[same])
			same++;
		count += same >= 16; /* half of a 256-bit value is too much */
	}
	return count;
}

static psa_key_id_t import(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, size_t size)
{
	uint8_t secret[64];
	for (size_t i = 0; i < sizeof masked; i++)
		masked[i] = (uint8_t)(i * 29 + 11);
	value(secret, size);
	psa_key_id_t key = crypto_key_of(type, algorithm, usage, secret, size);
	memset(secret, 0, sizeof secret);
	return key;
}

TEST(a_destroyed_key_leaves_nothing, CLAIM("crypto.key.wiped"), ATTACK)
{
	uint8_t nonce[12] = { 0 }, data[100] = { 0 }, out[132];
	size_t size;
	crypto_device_new();
	psa_key_id_t key = import(PSA_KEY_TYPE_AES, PSA_ALG_GCM, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_EXPORT, 32);
	CHECK(copies(32) > 0); /* the search finds what is there */
	CHECK_EQ(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, data, 7, data, sizeof data, out, sizeof out, &size), PSA_SUCCESS);
	CHECK_EQ(psa_export_key(key, out, sizeof out, &size), PSA_SUCCESS);
	memset(out, 0, sizeof out);
	CHECK(copies(32) == 1); /* the key itself, and no buffer of the export */
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	CHECK_EQ(copies(32), 0);
}

TEST(an_aborted_operation_leaves_nothing, CLAIM("crypto.key.wiped"), ATTACK)
{
	uint8_t data[100] = { 0 };
	crypto_device_new();
	for (unsigned i = 0; i < 2; i++) {
		psa_key_id_t key = import(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE, 32);
		psa_mac_operation_t operation = psa_mac_operation_init();
		CHECK_EQ(psa_mac_sign_setup(&operation, key, PSA_ALG_HMAC(PSA_ALG_SHA_256)), PSA_SUCCESS);
		CHECK_EQ(psa_mac_update(&operation, data, sizeof data), PSA_SUCCESS);
		CHECK_EQ(i == 0 ? psa_mac_abort(&operation) : psa_destroy_key(key), PSA_SUCCESS);
		CHECK_EQ(i == 0 ? psa_destroy_key(key) : psa_mac_abort(&operation), PSA_SUCCESS);
		CHECK_EQ(copies(32), 0);
	}
}

/* The bytes that a derivation was given, and those that went out through the work buffers. */
TEST(a_derivation_leaves_nothing, CLAIM("crypto.key.wiped"), ATTACK)
{
	uint8_t out[64];
	psa_algorithm_t algorithm = PSA_ALG_HKDF(PSA_ALG_SHA_256);
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	crypto_device_new();
	psa_key_id_t key = import(PSA_KEY_TYPE_DERIVE, algorithm, PSA_KEY_USAGE_DERIVE, 32);
	CHECK_EQ(psa_key_derivation_setup(&operation, algorithm), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, out, sizeof out), PSA_SUCCESS);
	for (size_t i = 0; i < sizeof masked; i++)
		masked[i] = out[i] ^ 0xa5;
	memset(out, 0, sizeof out);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	CHECK_EQ(copies(64), 0);
}

/* The plaintext of a message goes through the work buffers, too. */
TEST(a_message_leaves_nothing, CLAIM("crypto.key.wiped"), ATTACK)
{
	uint8_t nonce[12] = { 0 }, secret[64], out[80], material[16] = { 1 };
	size_t size;
	crypto_device_new();
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_AES, PSA_ALG_GCM, PSA_KEY_USAGE_ENCRYPT, material, sizeof material);
	for (size_t i = 0; i < sizeof masked; i++)
		masked[i] = (uint8_t)(i * 31 + 5);
	value(secret, sizeof secret);
	CHECK_EQ(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, secret, sizeof secret, out, sizeof out, &size),
		 PSA_SUCCESS);
	memset(secret, 0, sizeof secret);
	CHECK_EQ(copies(64), 0);
}
