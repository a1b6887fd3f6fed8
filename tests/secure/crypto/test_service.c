/* SPDX-License-Identifier: Apache-2.0 */
/* Whose key is it, what may it do, and what happens when there is no more room: through psa_call(). */
#include <merlon/lib/crypto_wire.h>
#include <merlon/lib/mem.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/its.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <string.h>

static const uint8_t secret[32] = { 1, 2, 3 };

static psa_key_attributes_t aes(psa_key_usage_t usage)
{
	psa_key_attributes_t attributes = psa_key_attributes_init();
	psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
	psa_set_key_usage_flags(&attributes, usage);
	return attributes;
}

static psa_status_t persistent(psa_key_id_t id, psa_key_id_t *key)
{
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY);
	psa_set_key_id(&attributes, id);
	return psa_import_key(&attributes, secret, sizeof secret, key);
}

static psa_status_t exported(psa_key_id_t key)
{
	uint8_t data[32];
	size_t size;
	psa_status_t status = psa_export_key(key, data, sizeof data, &size);
	if (status == PSA_SUCCESS)
		CHECK(size == sizeof secret && memcmp(data, secret, size) == 0);
	else
		CHECK_EQ(size, 0);
	return status;
}

/* TFMV-4: the Non-secure world could name keys of Secure clients. */
TEST(tfmv_4_no_client_can_name_the_key_of_another, CLAIM("crypto.key.separation"), ATTACK)
{
	static const int32_t clients[] = { CLIENT_NONSECURE, CLIENT_OTHER_NONSECURE, CLIENT_PARTITION, CLIENT_PARTITION + 1 };
	psa_key_attributes_t attributes;
	psa_key_id_t key, copy;
	crypto_device_new();
	for (size_t owner = 0; owner < 4; owner++) {
		spm_client = clients[owner];
		psa_key_id_t keys[2] = { 0, 77 };
		attributes = aes(PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY);
		CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &keys[0]), PSA_SUCCESS);
		CHECK_EQ(persistent(77, &key), PSA_SUCCESS);
		for (size_t i = 0; i < 2; i++) {
			for (size_t other = 0; other < 4; other++) {
				if (other == owner)
					continue;
				spm_client = clients[other];
				CHECK_EQ(exported(keys[i]), PSA_ERROR_INVALID_HANDLE);
				CHECK_EQ(psa_get_key_attributes(keys[i], &attributes), PSA_ERROR_INVALID_HANDLE);
				attributes = aes(PSA_KEY_USAGE_EXPORT);
				CHECK_EQ(psa_copy_key(keys[i], &attributes, &copy), PSA_ERROR_INVALID_HANDLE);
				CHECK_EQ(psa_destroy_key(keys[i]), PSA_ERROR_INVALID_HANDLE);
			}
			spm_client = clients[owner];
			CHECK_EQ(exported(keys[i]), PSA_SUCCESS);
		}
		CHECK_EQ(psa_destroy_key(keys[0]), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(77), PSA_SUCCESS);
	}
	CHECK_EQ(its_count(), 0);
}

/* Four clients, one identifier, four keys. */
TEST(persistent_keys_survive_a_reset_each_for_its_client, CLAIM("crypto.key.persistent"), FUNCTIONAL)
{
	psa_key_id_t key, volatile_key;
	crypto_device_new();
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_EXPORT), found;
	CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &volatile_key), PSA_SUCCESS);
	for (int32_t client = -2; client <= 2; client++) {
		spm_client = client == 0 ? CLIENT_PARTITION : client;
		CHECK_EQ(persistent(5, &key), PSA_SUCCESS);
		CHECK_EQ(key, 5);
		CHECK_EQ(persistent(5, &key), PSA_ERROR_ALREADY_EXISTS);
	}
	CHECK_EQ(its_count(), 5);
	crypto_device_reset();
	CHECK_EQ(exported(volatile_key), PSA_ERROR_INVALID_HANDLE);
	for (int32_t client = -2; client <= 2; client++) {
		spm_client = client == 0 ? CLIENT_PARTITION : client;
		CHECK_EQ(exported(5), PSA_SUCCESS);
		CHECK_EQ(psa_get_key_attributes(5, &found), PSA_SUCCESS);
		CHECK(psa_get_key_id(&found) == 5 && psa_get_key_lifetime(&found) == PSA_KEY_LIFETIME_PERSISTENT &&
		      psa_get_key_bits(&found) == 256 && psa_get_key_type(&found) == PSA_KEY_TYPE_AES);
		CHECK_EQ(psa_purge_key(5), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(5), PSA_SUCCESS);
		CHECK_EQ(exported(5), PSA_ERROR_INVALID_HANDLE);
	}
	CHECK_EQ(its_count(), 0);
}

TEST(a_key_does_only_what_its_policy_says, CLAIM("crypto.key.policy"), ATTACK)
{
	static const struct {
		psa_key_usage_t usage;
		psa_status_t encrypt, decrypt, export, copy;
	} cases[] = {
		{ 0, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED },
		{ PSA_KEY_USAGE_ENCRYPT, PSA_SUCCESS, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED },
		{ PSA_KEY_USAGE_DECRYPT, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_INVALID_SIGNATURE, PSA_ERROR_NOT_PERMITTED,
		  PSA_ERROR_NOT_PERMITTED },
		{ PSA_KEY_USAGE_EXPORT, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_SUCCESS, PSA_ERROR_NOT_PERMITTED },
		{ PSA_KEY_USAGE_COPY, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_ERROR_NOT_PERMITTED, PSA_SUCCESS },
	};
	uint8_t nonce[12] = { 0 }, data[32] = { 0 }, out[64];
	size_t size;
	crypto_device_new();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		psa_key_attributes_t attributes = aes(cases[i].usage), wider = aes(cases[i].usage | PSA_KEY_USAGE_EXPORT);
		psa_key_id_t key, copy;
		CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_SUCCESS);
		CHECK_EQ(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, data, 4, out, sizeof out, &size), cases[i].encrypt);
		CHECK_EQ(psa_aead_decrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, data, 32, out, sizeof out, &size),
			 cases[i].decrypt);
		CHECK_EQ(psa_aead_encrypt(key, PSA_ALG_CHACHA20_POLY1305, nonce, 12, NULL, 0, data, 4, out, sizeof out, &size) ==
				 PSA_SUCCESS,
			 false);
		CHECK_EQ(exported(key), cases[i].export);
		CHECK_EQ(psa_copy_key(key, &wider, &copy), cases[i].copy);
		if (cases[i].copy == PSA_SUCCESS) { /* a copy never gains a right */
			CHECK_EQ(exported(copy), PSA_ERROR_NOT_PERMITTED);
			CHECK_EQ(psa_destroy_key(copy), PSA_SUCCESS);
		}
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

/* The plaintext of a message that is not authentic does not reach the application. */
TEST(forged_ciphertext_leaves_no_plaintext, CLAIM("crypto.aead.forged"), ATTACK)
{
	uint8_t nonce[12] = { 0 }, plain[2000], cipher[2016], out[2016];
	size_t size;
	crypto_device_new();
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT);
	psa_key_id_t key;
	memset(plain, 0x55, sizeof plain);
	CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_SUCCESS);
	CHECK_EQ(psa_aead_encrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, plain, sizeof plain, cipher, sizeof cipher, &size),
		 PSA_SUCCESS);
	CHECK_EQ(size, sizeof cipher);
	CHECK_EQ(psa_aead_decrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, cipher, size, out, sizeof out, &size), PSA_SUCCESS);
	CHECK(size == sizeof plain && memcmp(out, plain, size) == 0);
	for (size_t at = 0; at < sizeof cipher; at += 97) {
		memset(out, 0xee, sizeof out);
		cipher[at] ^= 1;
		CHECK_EQ(psa_aead_decrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, cipher, sizeof cipher, out, sizeof out, &size),
			 PSA_ERROR_INVALID_SIGNATURE);
		CHECK_EQ(size, 0);
		CHECK(mem_is_filled(out, 0, sizeof plain));
		cipher[at] ^= 1;
	}
	CHECK_EQ(psa_aead_decrypt(key, PSA_ALG_GCM, nonce, 12, NULL, 0, cipher, 15, out, sizeof out, &size),
		 PSA_ERROR_INVALID_ARGUMENT);
}

/* TFMV-6: only a part of the tag was compared. */
TEST(tfmv_6_every_bit_of_a_tag_counts, CLAIM("crypto.aead.forged"), ATTACK)
{
	static const uint8_t nonce[12] = { 1 }, plain[5] = { 'h', 'e', 'l', 'l', 'o' };
	const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305;
	uint8_t cipher[sizeof plain + 16], *tag = cipher + sizeof plain, out[sizeof plain + 1];
	size_t size, last;
	crypto_device_new();
	psa_key_id_t key =
		crypto_key_of(PSA_KEY_TYPE_CHACHA20, alg, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, secret, sizeof secret);
	CHECK_EQ(psa_aead_encrypt(key, alg, nonce, 12, NULL, 0, plain, sizeof plain, cipher, sizeof cipher, &size), PSA_SUCCESS);
	for (unsigned bit = 0; bit <= 128; bit++) { /* 128: as it is */
		psa_status_t expected = bit < 128 ? PSA_ERROR_INVALID_SIGNATURE : PSA_SUCCESS;
		psa_aead_operation_t operation = psa_aead_operation_init();
		if (bit < 128)
			tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_THAT(psa_aead_decrypt(key, alg, nonce, 12, NULL, 0, cipher, sizeof cipher, out, sizeof out, &size) ==
				   expected,
			   "bit %u", bit);
		CHECK_EQ(psa_aead_decrypt_setup(&operation, key, alg), PSA_SUCCESS);
		CHECK_EQ(psa_aead_set_nonce(&operation, nonce, 12), PSA_SUCCESS);
		CHECK_EQ(psa_aead_update(&operation, cipher, sizeof plain, out, sizeof out, &size), PSA_SUCCESS);
		CHECK_THAT(psa_aead_verify(&operation, out, sizeof out, &last, tag, 16) == expected, "bit %u in parts", bit);
		CHECK_EQ(psa_aead_abort(&operation), PSA_SUCCESS);
		if (bit < 128)
			tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* TFMV-3: abort did not take effect. */
TEST(tfmv_3_abort_aborts, CLAIM("crypto.operation.abort"), ATTACK)
{
	uint8_t out[64];
	size_t size;
	crypto_device_new();
	psa_key_id_t mac_key =
		crypto_key_of(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE, secret, 32);
	psa_hash_operation_t hash = psa_hash_operation_init();
	CHECK_EQ(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_SUCCESS);
	psa_hash_operation_t kept = hash; /* a client that does not forget the handle */
	CHECK_EQ(psa_hash_abort(&hash), PSA_SUCCESS);
	CHECK_EQ(psa_hash_abort(&hash), PSA_SUCCESS);
	CHECK_EQ(psa_hash_update(&hash, secret, 1), PSA_ERROR_BAD_STATE);
	psa_hash_operation_t again = kept;
	CHECK_EQ(psa_hash_update(&again, secret, 1), PSA_ERROR_BAD_STATE);
	again = kept;
	CHECK_EQ(psa_hash_finish(&again, out, sizeof out, &size), PSA_ERROR_BAD_STATE);
	psa_mac_operation_t mac = psa_mac_operation_init();
	CHECK_EQ(psa_mac_sign_setup(&mac, mac_key, PSA_ALG_HMAC(PSA_ALG_SHA_256)), PSA_SUCCESS);
	psa_mac_operation_t mac_kept = mac;
	CHECK_EQ(psa_mac_abort(&mac), PSA_SUCCESS);
	CHECK_EQ(psa_mac_sign_finish(&mac_kept, out, sizeof out, &size), PSA_ERROR_BAD_STATE);
	/* An abort frees its place: as many times as there are places, and more. */
	for (unsigned i = 0; i < 100; i++) {
		psa_hash_operation_t operation = psa_hash_operation_init();
		CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_512), PSA_SUCCESS);
		CHECK_EQ(psa_hash_abort(&operation), PSA_SUCCESS);
	}
}

TEST(an_operation_belongs_to_its_client_and_its_kind, CLAIM("crypto.operation.owner"), ATTACK)
{
	uint8_t out[64];
	size_t size;
	crypto_device_new();
	psa_hash_operation_t hash = psa_hash_operation_init();
	CHECK_EQ(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_SUCCESS);
	psa_hash_operation_t stolen = hash;
	psa_mac_operation_t as_mac = { hash.handle };
	CHECK_EQ(psa_mac_update(&as_mac, secret, 1), PSA_ERROR_BAD_STATE);
	spm_client = CLIENT_PARTITION;
	CHECK_EQ(psa_hash_update(&stolen, secret, 1), PSA_ERROR_BAD_STATE);
	stolen = hash;
	CHECK_EQ(psa_hash_abort(&stolen), PSA_ERROR_BAD_STATE);
	for (uint32_t forged = 0; forged < 4096; forged++) {
		psa_hash_operation_t guess = { forged };
		CHECK_EQ(psa_hash_finish(&guess, out, sizeof out, &size), PSA_ERROR_BAD_STATE);
	}
	spm_client = CLIENT_NONSECURE;
	CHECK_EQ(psa_hash_finish(&hash, out, sizeof out, &size), PSA_SUCCESS);
}

TEST(an_error_ends_the_operation_and_frees_its_place, CLAIM("crypto.operation.abort"), FUNCTIONAL)
{
	uint8_t out[64];
	size_t size;
	crypto_device_new();
	for (unsigned i = 0; i < 40; i++) {
		psa_hash_operation_t operation = psa_hash_operation_init();
		CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_MD5), PSA_ERROR_NOT_SUPPORTED);
		CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
		CHECK_EQ(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_ERROR_BAD_STATE);
		CHECK_EQ(psa_hash_finish(&operation, out, 31, &size), PSA_ERROR_BUFFER_TOO_SMALL);
		CHECK_EQ(psa_hash_finish(&operation, out, sizeof out, &size), PSA_ERROR_BAD_STATE);
	}
}

TEST(no_more_operations_is_an_error_and_partitions_keep_some, CLAIM("crypto.exhaustion"), ATTACK)
{
	psa_hash_operation_t operations[16];
	unsigned count = 0;
	crypto_device_new();
	memset(operations, 0, sizeof operations);
	while (count < 16 && psa_hash_setup(&operations[count], PSA_ALG_SHA_256) == PSA_SUCCESS)
		count++;
	CHECK_EQ(count, 6);
	CHECK_EQ(psa_hash_setup(&operations[count], PSA_ALG_SHA_256), PSA_ERROR_INSUFFICIENT_MEMORY);
	spm_client = CLIENT_PARTITION;
	CHECK_EQ(psa_hash_setup(&operations[6], PSA_ALG_SHA_256), PSA_SUCCESS);
	CHECK_EQ(psa_hash_setup(&operations[7], PSA_ALG_SHA_256), PSA_SUCCESS);
	CHECK_EQ(psa_hash_setup(&operations[8], PSA_ALG_SHA_256), PSA_ERROR_INSUFFICIENT_MEMORY);
	spm_client = CLIENT_NONSECURE;
	CHECK_EQ(psa_hash_abort(&operations[0]), PSA_SUCCESS);
	spm_client = CLIENT_PARTITION;
	CHECK_EQ(psa_hash_setup(&operations[8], PSA_ALG_SHA_256), PSA_SUCCESS);
}

TEST(no_more_keys_is_an_error, CLAIM("crypto.exhaustion"), FUNCTIONAL)
{
	psa_key_id_t keys[40], key;
	unsigned count = 0, again = 0;
	crypto_device_new();
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_ENCRYPT);
	while (count < 40 && psa_import_key(&attributes, secret, sizeof secret, &keys[count]) == PSA_SUCCESS)
		count++;
	CHECK_EQ(count, 32);
	CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_ERROR_INSUFFICIENT_MEMORY);
	CHECK_EQ(key, 0);
	for (unsigned i = 0; i < count; i++)
		CHECK_EQ(psa_destroy_key(keys[i]), PSA_SUCCESS);
	while (again < 40 && psa_import_key(&attributes, secret, sizeof secret, &keys[again]) == PSA_SUCCESS)
		again++;
	CHECK_EQ(again, count);
	crypto_device_new();
	its_reset(3); /* storage for three */
	for (psa_key_id_t id = 1; id <= 4; id++)
		CHECK_EQ(persistent(id, &key), id <= 3 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(exported(4), PSA_ERROR_INVALID_HANDLE);
	CHECK_EQ(psa_destroy_key(2), PSA_SUCCESS);
	CHECK_EQ(persistent(4, &key), PSA_SUCCESS);
}

/* More persistent keys than places in memory: they come and go. */
TEST(persistent_keys_share_the_places, CLAIM("crypto.key.persistent"), FUNCTIONAL)
{
	psa_key_id_t key;
	crypto_device_new();
	for (unsigned round = 0; round < 3; round++) {
		for (psa_key_id_t id = 1; id <= ITS_OBJECT_MAX; id++)
			CHECK_EQ(round == 0 ? persistent(id, &key) : exported(id), PSA_SUCCESS);
		psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_ENCRYPT);
		psa_key_id_t volatiles[20];
		for (unsigned i = 0; i < 20; i++)
			CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &volatiles[i]), PSA_SUCCESS);
		for (psa_key_id_t id = 1; id <= ITS_OBJECT_MAX; id++)
			CHECK_EQ(exported(id), PSA_SUCCESS);
		for (unsigned i = 0; i < 20; i++)
			CHECK_EQ(psa_destroy_key(volatiles[i]), PSA_SUCCESS);
	}
}

TEST(a_stuck_noise_source_stops_keys_and_random, CLAIM("crypto.entropy.health"), ATTACK)
{
	uint8_t random[600];
	size_t size;
	psa_key_id_t key;
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_ENCRYPT);
	crypto_device_new();
	crypto_noise_stuck(); /* from the start: nothing random ever comes */
	CHECK_EQ(psa_generate_random(random, 16), PSA_ERROR_INSUFFICIENT_ENTROPY);
	CHECK_EQ(psa_generate_key(&attributes, &key), PSA_ERROR_INSUFFICIENT_ENTROPY);
	CHECK_EQ(key, 0);
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, random, 0, random, sizeof random, &size), PSA_SUCCESS);
	crypto_device_new();
	CHECK_EQ(psa_generate_random(random, sizeof random), PSA_SUCCESS);
	CHECK_EQ(psa_generate_key(&attributes, &key), PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	crypto_noise_stuck(); /* later: the next key draws fresh noise and notices */
	CHECK_EQ(psa_generate_key(&attributes, &key), PSA_ERROR_INSUFFICIENT_ENTROPY);
	psa_status_t status = PSA_SUCCESS;
	for (unsigned i = 0; i < 2000 && status == PSA_SUCCESS; i++)
		status = psa_generate_random(random, 16);
	CHECK_EQ(status, PSA_ERROR_INSUFFICIENT_ENTROPY);
}

TEST(random_bytes_differ, CLAIM("crypto.random"), FUNCTIONAL)
{
	uint8_t first[600], second[600];
	crypto_device_new();
	CHECK_EQ(psa_generate_random(first, sizeof first), PSA_SUCCESS);
	CHECK_EQ(psa_generate_random(second, sizeof second), PSA_SUCCESS);
	for (size_t at = 0; at + 16 <= sizeof first; at += 16)
		CHECK(memcmp(first + at, second + at, 16) != 0 && memcmp(first, second + at, 16) != 0);
	CHECK_EQ(psa_generate_random(NULL, 0), PSA_SUCCESS);
}

/* The same noise gives the same numbers, other noise gives others: they follow from the noise and from nothing else. */
TEST(numbers_follow_from_the_noise, CLAIM("crypto.random.seed"), PROPERTY)
{
	uint8_t numbers[3][64];
	for (uint32_t i = 0; i < 3; i++) {
		crypto_device_seeded(i == 2 ? 7 : 8);
		CHECK_EQ(psa_generate_random(numbers[i], sizeof numbers[i]), PSA_SUCCESS);
	}
	CHECK(memcmp(numbers[0], numbers[1], sizeof numbers[0]) == 0);
	CHECK(memcmp(numbers[0], numbers[2], sizeof numbers[0]) != 0);
}

TEST(generated_keys_of_every_type_work, CLAIM("crypto.key.generate"), FUNCTIONAL)
{
	static const struct {
		psa_key_type_t type;
		size_t bits;
	} types[] = {
		{ PSA_KEY_TYPE_AES, 128 },
		{ PSA_KEY_TYPE_AES, 256 },
		{ PSA_KEY_TYPE_CHACHA20, 256 },
		{ PSA_KEY_TYPE_HMAC, 256 },
		{ PSA_KEY_TYPE_DERIVE, 256 },
		{ PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256 },
		{ PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384 },
	};
	crypto_device_new();
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
		uint8_t data[97], public[97];
		size_t size;
		psa_key_id_t key;
		psa_set_key_type(&attributes, types[i].type);
		psa_set_key_bits(&attributes, types[i].bits);
		psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
		CHECK_EQ(psa_generate_key(&attributes, &key), PSA_SUCCESS);
		CHECK_EQ(psa_export_key(key, data, sizeof data, &size), PSA_SUCCESS);
		CHECK_EQ(size, types[i].bits / 8);
		CHECK_EQ(psa_export_public_key(key, public, sizeof public, &size),
			 PSA_KEY_TYPE_IS_ECC(types[i].type) ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
	psa_key_attributes_t wrong = aes(0);
	psa_key_id_t key;
	psa_set_key_bits(&wrong, 255);
	CHECK_EQ(psa_generate_key(&wrong, &key) == PSA_SUCCESS, false);
}

/* What is absent says so: a call of another algorithm, an unauthenticated cipher. */
TEST(what_is_not_built_is_not_supported, CLAIM("crypto.message.refused"), FUNCTIONAL)
{
	uint8_t out[64];
	size_t size;
	crypto_device_new();
	psa_key_attributes_t attributes = aes(PSA_KEY_USAGE_ENCRYPT);
	psa_key_id_t key;
	CHECK_EQ(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_SUCCESS);
	CHECK_EQ(psa_cipher_encrypt(key, PSA_ALG_CTR, secret, 16, out, sizeof out, &size), PSA_ERROR_NOT_SUPPORTED);
	psa_cipher_operation_t operation = psa_cipher_operation_init();
	CHECK_EQ(psa_cipher_encrypt_setup(&operation, key, PSA_ALG_CBC_NO_PADDING), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_hash_compute(PSA_ALG_RIPEMD160, secret, 3, out, sizeof out, &size), PSA_ERROR_NOT_SUPPORTED);
}

TEST(a_message_has_the_vectors_of_its_function, CLAIM("crypto.message.refused"), MALFORMED)
{
	static const struct {
		uint32_t function;
		size_t head, in1, in2, out0;
	} cases[] = {
		{ CRYPTO_KEY_GET_ATTRIBUTES, 24, 0, 0, 16 }, { CRYPTO_KEY_GET_ATTRIBUTES, 24, 0, 0, 25 },
		{ CRYPTO_KEY_GENERATE, 24, 20, 0, 4 },       { CRYPTO_KEY_GENERATE, 24, 24, 1, 4 },
		{ CRYPTO_KEY_GENERATE, 24, 24, 0, 8 },       { CRYPTO_HASH_SETUP, 24, 0, 0, 3 },
		{ CRYPTO_HASH_COMPUTE, 44, 3, 0, 32 },       { CRYPTO_HASH_COMPUTE, 24, 3, 3, 32 },
		{ CRYPTO_AEAD_ENCRYPT, 24, 3, 3, 32 },       { CRYPTO_KEY_DESTROY, 24, 0, 0, 4 },
		{ CRYPTO_HASH_COMPUTE, 23, 3, 0, 32 },
	};
	static uint8_t data[64];
	crypto_device_new();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct crypto_aead_request request = { .base = { .function = cases[i].function, .algorithm = PSA_ALG_SHA_256 } };
		psa_invec in[] = { { &request, cases[i].head }, { data, cases[i].in1 }, { data, cases[i].in2 } };
		psa_outvec out = { data, cases[i].out0 };
		psa_status_t status = psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, 3, &out, 1);
		CHECK_THAT(status == PSA_ERROR_INVALID_ARGUMENT && out.len == 0, "case %zu: %d", i, (int)status);
	}
}

/* Every function with vectors of sizes it does not have: an error, and no step outside a vector (the partition manager of the test
 * ends the program at one). */
TEST(malformed_messages_are_refused, CLAIM("crypto.message.refused"), MALFORMED)
{
	static uint8_t data[5000];
	static const size_t sizes[] = { 0, 1, 4, 16, 23, 24, 44, 4097 };
	crypto_device_new();
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_AES, PSA_ALG_GCM, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, secret, 32);
	for (uint32_t function = 0; function < 0xa00; function++) {
		for (size_t a = 0; a < 8; a++) {
			for (size_t b = 0; b < 8; b++) {
				struct crypto_aead_request request = { .base = { .function = function,
										 .key = key,
										 .algorithm = PSA_ALG_GCM,
										 .handle = (uint32_t)b },
								       .nonce_size = (uint32_t)sizes[a] };
				psa_invec in[] = { { &request, a % 2 == 0 ? sizeof request.base : sizeof request },
						   { data, sizes[a] },
						   { data, sizes[b] } };
				psa_outvec out[] = { { data, sizes[b] } };
				psa_status_t status = psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, 3, out, 1);
				CHECK(status <= 0 && out[0].len <= sizes[b]);
				in[0].len = sizes[b];
				(void)psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, 1 + a % 3, out, a % 2);
			}
		}
	}
	CHECK_EQ(psa_call(CRYPTO_HANDLE, 1, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
}
