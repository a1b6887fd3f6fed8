/* SPDX-License-Identifier: Apache-2.0 */
/* Published vectors for every algorithm, through psa_call(). */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <string.h>

struct bytes {
	uint8_t data[512];
	size_t size;
};

static struct bytes bytes_of(const char *digits)
{
	struct bytes bytes = { 0 };
	bytes.size = hex(digits, bytes.data, sizeof bytes.data);
	return bytes;
}

static bool is(const char *digits, const uint8_t *data, size_t size)
{
	struct bytes expected = bytes_of(digits);
	return expected.size == size && memcmp(expected.data, data, size) == 0;
}

/* FIPS 180-4, examples "abc". */
static const struct {
	psa_algorithm_t algorithm;
	const char *digest;
} hashes[] = {
	{ PSA_ALG_SHA_224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7" },
	{ PSA_ALG_SHA_256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ PSA_ALG_SHA_384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ PSA_ALG_SHA_512,
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643c"
	  "e80e2a9ac94fa54ca49f" },
};

TEST(hashes, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	const uint8_t abc[] = { 'a', 'b', 'c' };
	uint8_t digest[64];
	size_t size;
	crypto_device_new();
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
		CHECK_EQ(psa_hash_compute(hashes[i].algorithm, abc, 3, digest, sizeof digest, &size), PSA_SUCCESS);
		CHECK_THAT(is(hashes[i].digest, digest, size), "algorithm %zu", i);
		CHECK_EQ(psa_hash_compare(hashes[i].algorithm, abc, 3, digest, size), PSA_SUCCESS);
		digest[size - 1] ^= 1;
		CHECK_EQ(psa_hash_compare(hashes[i].algorithm, abc, 3, digest, size), PSA_ERROR_INVALID_SIGNATURE);
		psa_hash_operation_t operation = psa_hash_operation_init(), copy = psa_hash_operation_init();
		CHECK_EQ(psa_hash_setup(&operation, hashes[i].algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_hash_update(&operation, abc, 2), PSA_SUCCESS);
		CHECK_EQ(psa_hash_clone(&operation, &copy), PSA_SUCCESS);
		CHECK_EQ(psa_hash_abort(&operation), PSA_SUCCESS);
		CHECK_EQ(psa_hash_update(&copy, abc + 2, 1), PSA_SUCCESS);
		CHECK_EQ(psa_hash_finish(&copy, digest, sizeof digest, &size), PSA_SUCCESS);
		CHECK_THAT(is(hashes[i].digest, digest, size), "algorithm %zu in parts", i);
	}
}

/* FIPS 180-4: one million times "a". */
TEST(a_long_hash_needs_no_memory, CLAIM("crypto.any_length"), FUNCTIONAL)
{
	static uint8_t million[1000000];
	uint8_t digest[32];
	size_t size;
	memset(million, 'a', sizeof million);
	crypto_device_new();
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, million, sizeof million, digest, sizeof digest, &size), PSA_SUCCESS);
	CHECK(is("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", digest, size));
}

/* RFC 4231, case 2. */
static const struct {
	psa_algorithm_t hash;
	const char *mac;
} macs[] = {
	{ PSA_ALG_SHA_224, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44" },
	{ PSA_ALG_SHA_256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ PSA_ALG_SHA_384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649" },
	{ PSA_ALG_SHA_512,
	  "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a"
	  "6b4b636e070a38bce737" },
};

TEST(hmac, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	const uint8_t *data = (const uint8_t *)"what do ya want for nothing?";
	uint8_t mac[64];
	size_t size, length = 28;
	crypto_device_new();
	for (size_t i = 0; i < sizeof macs / sizeof macs[0]; i++) {
		psa_algorithm_t algorithm = PSA_ALG_HMAC(macs[i].hash);
		psa_key_usage_t usage = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE;
		psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_HMAC, algorithm, usage, (const uint8_t *)"Jefe", 4);
		CHECK_EQ(psa_mac_compute(key, algorithm, data, length, mac, sizeof mac, &size), PSA_SUCCESS);
		CHECK_THAT(is(macs[i].mac, mac, size), "algorithm %zu", i);
		psa_mac_operation_t operation = psa_mac_operation_init();
		CHECK_EQ(psa_mac_verify_setup(&operation, key, algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_mac_update(&operation, data, 5), PSA_SUCCESS);
		CHECK_EQ(psa_mac_update(&operation, data + 5, length - 5), PSA_SUCCESS);
		CHECK_EQ(psa_mac_verify_finish(&operation, mac, size), PSA_SUCCESS);
		for (size_t at = 0; at < size; at++) { /* every byte of the code counts */
			mac[at] ^= 0x40;
			CHECK_EQ(psa_mac_verify(key, algorithm, data, length, mac, size), PSA_ERROR_INVALID_SIGNATURE);
			mac[at] ^= 0x40;
		}
		CHECK_EQ(psa_mac_verify(key, algorithm, data, length, mac, size - 1), PSA_ERROR_INVALID_SIGNATURE);
		CHECK_EQ(psa_mac_sign_setup(&operation, key, algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_mac_update(&operation, data, length), PSA_SUCCESS);
		CHECK_EQ(psa_mac_sign_finish(&operation, mac, sizeof mac, &size), PSA_SUCCESS);
		CHECK_THAT(is(macs[i].mac, mac, size), "algorithm %zu in parts", i);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", cases 4 and 16; RFC 8439, section 2.8.2. */
#define GCM_PLAINTEXT                                                                                                              \
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
static const struct {
	psa_key_type_t type;
	psa_algorithm_t algorithm;
	const char *key, *nonce, *additional, *plaintext, *ciphertext; /* ciphertext with tag */
} aeads[] = {
	{ PSA_KEY_TYPE_AES, PSA_ALG_GCM, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
	  "feedfacedeadbeeffeedfacedeadbeefabaddad2", GCM_PLAINTEXT,
	  "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
	  "5bc94fbc3221a5db94fae95ae7121a47" },
	{ PSA_KEY_TYPE_AES, PSA_ALG_GCM, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
	  "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", GCM_PLAINTEXT,
	  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
	  "76fc6ece0f4e1768cddf8853bb2d551b" },
	{ PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
	  "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
	  "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f666665722079"
	  "6f"
	  "75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
	  "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b6"
	  "7e"
	  "cd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e2"
	  "6a"
	  "7e902ecbd0600691" },
};

TEST(aead, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	crypto_device_new();
	for (size_t i = 0; i < sizeof aeads / sizeof aeads[0]; i++) {
		struct bytes material = bytes_of(aeads[i].key), nonce = bytes_of(aeads[i].nonce),
			     ad = bytes_of(aeads[i].additional);
		struct bytes plain = bytes_of(aeads[i].plaintext), cipher = bytes_of(aeads[i].ciphertext), out = { 0 };
		psa_algorithm_t algorithm = aeads[i].algorithm;
		psa_key_id_t key = crypto_key_of(aeads[i].type, algorithm, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
						 material.data, material.size);
		CHECK_EQ(psa_aead_encrypt(key, algorithm, nonce.data, nonce.size, ad.data, ad.size, plain.data, plain.size,
					  out.data, sizeof out.data, &out.size),
			 PSA_SUCCESS);
		CHECK_THAT(out.size == cipher.size && memcmp(out.data, cipher.data, out.size) == 0, "vector %zu", i);
		CHECK_EQ(psa_aead_decrypt(key, algorithm, nonce.data, nonce.size, ad.data, ad.size, cipher.data, cipher.size,
					  out.data, sizeof out.data, &out.size),
			 PSA_SUCCESS);
		CHECK_THAT(out.size == plain.size && memcmp(out.data, plain.data, out.size) == 0, "vector %zu", i);
		CHECK_EQ(psa_aead_encrypt(key, algorithm, nonce.data, nonce.size, ad.data, ad.size, plain.data, plain.size,
					  out.data, cipher.size - 1, &out.size),
			 PSA_ERROR_BUFFER_TOO_SMALL);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

TEST(aead_in_parts, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	crypto_device_new();
	for (size_t i = 0; i < sizeof aeads / sizeof aeads[0]; i++) {
		struct bytes material = bytes_of(aeads[i].key), nonce = bytes_of(aeads[i].nonce),
			     ad = bytes_of(aeads[i].additional);
		struct bytes plain = bytes_of(aeads[i].plaintext), cipher = bytes_of(aeads[i].ciphertext);
		uint8_t out[512], tag[16];
		size_t done = 0, size, tag_size;
		psa_key_id_t key = crypto_key_of(aeads[i].type, aeads[i].algorithm, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
						 material.data, material.size);
		psa_aead_operation_t operation = psa_aead_operation_init();
		CHECK_EQ(psa_aead_encrypt_setup(&operation, key, aeads[i].algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_aead_set_lengths(&operation, ad.size, plain.size), PSA_SUCCESS);
		CHECK_EQ(psa_aead_set_nonce(&operation, nonce.data, nonce.size), PSA_SUCCESS);
		CHECK_EQ(psa_aead_update_ad(&operation, ad.data, 7), PSA_SUCCESS);
		CHECK_EQ(psa_aead_update_ad(&operation, ad.data + 7, ad.size - 7), PSA_SUCCESS);
		for (size_t at = 0; at < plain.size; at += 13) {
			size_t piece = plain.size - at < 13 ? plain.size - at : 13;
			CHECK_EQ(psa_aead_update(&operation, plain.data + at, piece, out + done, sizeof out - done, &size),
				 PSA_SUCCESS);
			done += size;
		}
		CHECK_EQ(psa_aead_finish(&operation, out + done, sizeof out - done, &size, tag, sizeof tag, &tag_size),
			 PSA_SUCCESS);
		done += size;
		CHECK_THAT(done == plain.size && memcmp(out, cipher.data, done) == 0, "vector %zu", i);
		CHECK_THAT(tag_size == 16 && memcmp(tag, cipher.data + done, 16) == 0, "vector %zu", i);
		for (unsigned bit = 0; bit < 8 * sizeof tag; bit++) { /* TFMV-6: every bit of the tag counts */
			tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
			CHECK_EQ(psa_aead_decrypt_setup(&operation, key, aeads[i].algorithm), PSA_SUCCESS);
			CHECK_EQ(psa_aead_set_nonce(&operation, nonce.data, nonce.size), PSA_SUCCESS);
			CHECK_EQ(psa_aead_update_ad(&operation, ad.data, ad.size), PSA_SUCCESS);
			CHECK_EQ(psa_aead_update(&operation, cipher.data, plain.size, out, sizeof out, &size), PSA_SUCCESS);
			CHECK_EQ(psa_aead_verify(&operation, out, sizeof out, &size, tag, sizeof tag), PSA_ERROR_INVALID_SIGNATURE);
			tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

/* RFC 6979, A.2.5 and A.2.6, message "sample". */
static const struct {
	const char *secret, *point, *signature;
	psa_algorithm_t hash;
} signatures[] = {
	{ "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
	  "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c2"
	  "94d4462299",
	  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f"
	  "84"
	  "3acda8",
	  PSA_ALG_SHA_256 },
	{ "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
	  "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef"
	  "9a"
	  "c0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
	  "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db"
	  "26"
	  "03138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
	  PSA_ALG_SHA_384 },
};

TEST(ecdsa, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	crypto_device_new();
	for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
		struct bytes secret = bytes_of(signatures[i].secret), point = bytes_of(signatures[i].point);
		struct bytes expected = bytes_of(signatures[i].signature);
		psa_algorithm_t algorithm = PSA_ALG_ECDSA(signatures[i].hash);
		const uint8_t *sample = (const uint8_t *)"sample";
		uint8_t made[96], exported[97];
		size_t size;
		psa_key_usage_t sign = PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH;
		psa_key_id_t pair =
			crypto_key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), algorithm, sign, secret.data, secret.size);
		psa_key_id_t public = crypto_key_of(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), algorithm,
						    PSA_KEY_USAGE_VERIFY_HASH, point.data, point.size);
		CHECK_EQ(psa_export_public_key(pair, exported, sizeof exported, &size), PSA_SUCCESS);
		CHECK(size == point.size && memcmp(exported, point.data, size) == 0);
		CHECK_EQ(psa_verify_message(public, algorithm, sample, 6, expected.data, expected.size), PSA_SUCCESS);
		CHECK_EQ(psa_sign_message(pair, algorithm, sample, 6, made, sizeof made, &size), PSA_SUCCESS);
		CHECK_EQ(psa_verify_message(public, algorithm, sample, 6, made, size), PSA_SUCCESS);
		CHECK_EQ(psa_verify_message(public, algorithm, sample, 5, made, size), PSA_ERROR_INVALID_SIGNATURE);
		made[size - 1] ^= 1;
		CHECK_EQ(psa_verify_message(public, algorithm, sample, 6, made, size), PSA_ERROR_INVALID_SIGNATURE);
		CHECK_EQ(psa_sign_message(public, algorithm, sample, 6, made, sizeof made, &size), PSA_ERROR_NOT_PERMITTED);
		CHECK_EQ(psa_destroy_key(pair), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(public), PSA_SUCCESS);
	}
}

/* NIST CAVP, KAS ECC CDH primitive, P-256 and P-384, COUNT = 0. */
static const struct {
	const char *secret, *peer, *shared;
} agreements[] = {
	{ "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
	  "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782"
	  "cab"
	  "85fa4ac",
	  "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b" },
	{ "3cc3122a68f0d95027ad38c067916ba0eb8c38894d22e1b15618b6818a661774ad463b205da88cf699ab4d43c9cf98a1",
	  "04a7c76b970c3b5fe8b05d2838ae04ab47697b9eaf52e764592efda27fe7513272734466b400091adbf2d68c58e0c50066ac68f19f2e1cb879aed43a"
	  "99"
	  "69b91a0839c4c38a49749b661efedf243451915ed0905a32b060992b468c64766fc8437a",
	  "5f9d29dc5e31a163060356213669c8ce132e22f57c9a04f40ba7fcead493b457e5621e766c40a2e3d4d6a04b25e533f1" },
};

TEST(ecdh, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	crypto_device_new();
	for (size_t i = 0; i < sizeof agreements / sizeof agreements[0]; i++) {
		struct bytes secret = bytes_of(agreements[i].secret), peer = bytes_of(agreements[i].peer);
		uint8_t shared[48];
		size_t size;
		psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDH,
						 PSA_KEY_USAGE_DERIVE, secret.data, secret.size);
		CHECK_EQ(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.size, shared, sizeof shared, &size), PSA_SUCCESS);
		CHECK_THAT(is(agreements[i].shared, shared, size), "vector %zu", i);
		peer.data[peer.size - 1] ^= 1; /* not on the curve */
		CHECK_EQ(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.size, shared, sizeof shared, &size),
			 PSA_ERROR_INVALID_ARGUMENT);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}

/* RFC 5869, case 1. */
static void hkdf_setup(psa_key_derivation_operation_t *operation, psa_key_id_t key)
{
	struct bytes salt = bytes_of("000102030405060708090a0b0c"), info = bytes_of("f0f1f2f3f4f5f6f7f8f9");
	*operation = psa_key_derivation_operation_init();
	CHECK_EQ(psa_key_derivation_setup(operation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, salt.data, salt.size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_key(operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_INFO, info.data, info.size), PSA_SUCCESS);
}

TEST(hkdf, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	const char *expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
	struct bytes secret = bytes_of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), output = bytes_of(expected);
	uint8_t derived[42];
	size_t capacity;
	psa_key_derivation_operation_t operation;
	crypto_device_new();
	psa_key_id_t key =
		crypto_key_of(PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE, secret.data, secret.size);
	hkdf_setup(&operation, key);
	CHECK_EQ(psa_key_derivation_get_capacity(&operation, &capacity), PSA_SUCCESS);
	CHECK_EQ(capacity, 255 * 32);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, derived, 10), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, derived + 10, 32), PSA_SUCCESS);
	CHECK(is(expected, derived, sizeof derived));
	CHECK_EQ(psa_key_derivation_set_capacity(&operation, 5), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, derived, 6), PSA_ERROR_INSUFFICIENT_DATA);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, derived, 1), PSA_ERROR_INSUFFICIENT_DATA);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	hkdf_setup(&operation, key);
	CHECK_EQ(psa_key_derivation_verify_bytes(&operation, output.data, output.size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	hkdf_setup(&operation, key);
	output.data[41] ^= 1;
	CHECK_EQ(psa_key_derivation_verify_bytes(&operation, output.data, output.size), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
}

/* A password's hash as a key: compared by the service, never read. */
TEST(a_derivation_is_verified_against_a_key, CLAIM("crypto.derivation.verify"), FUNCTIONAL)
{
	psa_algorithm_t algorithm = PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256);
	/* RFC 7914, section 11: "passwd", "salt", 1 iteration. */
	struct bytes hash = bytes_of("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	crypto_device_new();
	psa_key_id_t password = crypto_key_of(PSA_KEY_TYPE_PASSWORD, algorithm, PSA_KEY_USAGE_DERIVE, (const uint8_t *)"passwd", 6);
	for (unsigned i = 0; i < 4; i++) {
		uint8_t expected[32];
		memcpy(expected, hash.data, sizeof expected);
		expected[31] ^= i == 1;
		psa_key_usage_t usage = i == 2 ? PSA_KEY_USAGE_EXPORT : PSA_KEY_USAGE_VERIFY_DERIVATION;
		psa_key_type_t type = i == 3 ? PSA_KEY_TYPE_DERIVE : PSA_KEY_TYPE_PASSWORD_HASH;
		psa_key_id_t key = crypto_key_of(type, algorithm, usage, expected, sizeof expected);
		CHECK_EQ(psa_key_derivation_setup(&operation, algorithm), PSA_SUCCESS);
		CHECK_EQ(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 1), PSA_SUCCESS);
		CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, (const uint8_t *)"salt", 4),
			 PSA_SUCCESS);
		CHECK_EQ(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password), PSA_SUCCESS);
		static const psa_status_t answers[] = { PSA_SUCCESS, PSA_ERROR_INVALID_SIGNATURE, PSA_ERROR_NOT_PERMITTED,
							PSA_ERROR_INVALID_ARGUMENT };
		CHECK_EQ(psa_key_derivation_verify_key(&operation, key), answers[i]);
		CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
}
