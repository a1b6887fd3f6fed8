/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Crypto service makes of random inputs, which follow from MERLON_SEED: one line each on stdout, for test_cross.py to do again
 * with OpenSSL. Bytes in hexadecimal, "-" where there are none:
 *
 *     case hash NAME IN OUT | case hmac NAME KEY IN OUT | case gcm KEY NONCE AD IN OUT | case chachapoly KEY NONCE AD IN OUT
 *     case hkdf KEY SALT INFO OUT | case ecdsa CURVE POINT IN SIGNATURE | case ecdh CURVE SECRET POINT OUT | case pss PUBLIC IN SIGNATURE
 */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint8_t next(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint8_t)(state >> 56);
}

struct part {
	uint8_t data[1200];
	size_t size;
};

static struct part some(size_t least, size_t most)
{
	struct part part = { .size = least };
	part.size += most > least ? ((size_t)next() << 8 | next()) % (most - least + 1) : 0;
	for (size_t i = 0; i < part.size; i++)
		part.data[i] = next();
	return part;
}

static void show(const uint8_t *data, size_t size)
{
	printf(size == 0 ? " -" : " ");
	for (size_t i = 0; i < size; i++)
		printf("%02x", data[i]);
}

static const struct {
	const char *name;
	psa_algorithm_t algorithm;
} hashes[] = { { "sha224", PSA_ALG_SHA_224 },    { "sha256", PSA_ALG_SHA_256 },    { "sha384", PSA_ALG_SHA_384 },
	       { "sha512", PSA_ALG_SHA_512 },    { "sha3_224", PSA_ALG_SHA3_224 }, { "sha3_256", PSA_ALG_SHA3_256 },
	       { "sha3_384", PSA_ALG_SHA3_384 }, { "sha3_512", PSA_ALG_SHA3_512 } };

static void hash_and_hmac(void)
{
	uint8_t out[64];
	size_t size, which = next() % 8;
	struct part in = some(0, 1200), secret = some(1, 200);
	CHECK_EQ(psa_hash_compute(hashes[which].algorithm, in.data, in.size, out, sizeof out, &size), PSA_SUCCESS);
	printf("case hash %s", hashes[which].name);
	show(in.data, in.size);
	show(out, size);
	psa_algorithm_t algorithm = PSA_ALG_HMAC(hashes[which].algorithm);
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_HMAC, algorithm, PSA_KEY_USAGE_SIGN_MESSAGE, secret.data, secret.size);
	CHECK_EQ(psa_mac_compute(key, algorithm, in.data, in.size, out, sizeof out, &size), PSA_SUCCESS);
	printf("\ncase hmac %s", hashes[which].name);
	show(secret.data, secret.size);
	show(in.data, in.size);
	show(out, size);
	printf("\n");
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static void aead(void)
{
	uint8_t out[1300];
	size_t size;
	bool gcm = next() % 2 == 0;
	struct part in = some(0, 1200), ad = some(0, 100), nonce = some(12, 12);
	struct part secret = !gcm || next() % 2 == 0 ? some(32, 32) : some(16, 16);
	psa_algorithm_t algorithm = gcm ? PSA_ALG_GCM : PSA_ALG_CHACHA20_POLY1305;
	psa_key_id_t key = crypto_key_of(gcm ? PSA_KEY_TYPE_AES : PSA_KEY_TYPE_CHACHA20, algorithm, PSA_KEY_USAGE_ENCRYPT,
					 secret.data, secret.size);
	CHECK_EQ(psa_aead_encrypt(key, algorithm, nonce.data, nonce.size, ad.data, ad.size, in.data, in.size, out, sizeof out,
				  &size),
		 PSA_SUCCESS);
	printf(gcm ? "case gcm" : "case chachapoly");
	show(secret.data, secret.size);
	show(nonce.data, nonce.size);
	show(ad.data, ad.size);
	show(in.data, in.size);
	show(out, size);
	printf("\n");
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static void hkdf(void)
{
	uint8_t out[100];
	size_t size = 1 + next() % sizeof out;
	struct part secret = some(1, 100), salt = some(0, 100), info = some(0, 100);
	psa_algorithm_t algorithm = PSA_ALG_HKDF(PSA_ALG_SHA_256);
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_DERIVE, algorithm, PSA_KEY_USAGE_DERIVE, secret.data, secret.size);
	CHECK_EQ(psa_key_derivation_setup(&operation, algorithm), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, salt.data, salt.size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, info.data, info.size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_output_bytes(&operation, out, size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	printf("case hkdf");
	show(secret.data, secret.size);
	show(salt.data, salt.size);
	show(info.data, info.size);
	show(out, size);
	printf("\n");
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static psa_key_id_t generated(psa_key_type_t type, size_t bits, psa_algorithm_t algorithm, psa_key_usage_t usage)
{
	psa_key_attributes_t attributes = psa_key_attributes_init();
	psa_key_id_t key = 0;
	psa_set_key_type(&attributes, type);
	psa_set_key_bits(&attributes, bits);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	CHECK_EQ(psa_generate_key(&attributes, &key), PSA_SUCCESS);
	return key;
}

static void curves(void)
{
	uint8_t out[128], point[97], peer[97], secret[48];
	size_t size, point_size, peer_size, secret_size, bits = next() % 2 == 0 ? 256 : 384;
	struct part in = some(0, 300);
	psa_key_type_t pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
	psa_key_id_t signer = generated(pair, bits, PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE);
	CHECK_EQ(psa_export_public_key(signer, point, sizeof point, &point_size), PSA_SUCCESS);
	CHECK_EQ(psa_sign_message(signer, PSA_ALG_ECDSA(PSA_ALG_SHA_256), in.data, in.size, out, sizeof out, &size), PSA_SUCCESS);
	printf("case ecdsa %zu", bits);
	show(point, point_size);
	show(in.data, in.size);
	show(out, size);
	psa_key_id_t one = generated(pair, bits, PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT);
	psa_key_id_t two = generated(pair, bits, PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE);
	CHECK_EQ(psa_export_key(one, secret, sizeof secret, &secret_size), PSA_SUCCESS);
	CHECK_EQ(psa_export_public_key(two, peer, sizeof peer, &peer_size), PSA_SUCCESS);
	CHECK_EQ(psa_raw_key_agreement(PSA_ALG_ECDH, one, peer, peer_size, out, sizeof out, &size), PSA_SUCCESS);
	printf("\ncase ecdh %zu", bits);
	show(secret, secret_size);
	show(peer, peer_size);
	show(out, size);
	printf("\n");
	CHECK_EQ(psa_destroy_key(signer), PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(one), PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(two), PSA_SUCCESS);
}

static void rsa(void)
{
	uint8_t out[512], public[600];
	size_t size, public_size;
	struct part in = some(0, 300);
	psa_key_id_t key = generated(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE);
	CHECK_EQ(psa_export_public_key(key, public, sizeof public, &public_size), PSA_SUCCESS);
	CHECK_EQ(psa_sign_message(key, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), in.data, in.size, out, sizeof out, &size), PSA_SUCCESS);
	printf("case pss");
	show(public, public_size);
	show(in.data, in.size);
	show(out, size);
	printf("\n");
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

TEST(random_inputs, CLAIM("crypto.vectors"), PROPERTY)
{
	enum { ROUNDS = 60 };
	const char *seed = getenv("MERLON_SEED");
	state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
	crypto_device_seeded((uint32_t)state);
	printf("\n");
	rsa();
	for (unsigned i = 0; i < ROUNDS; i++) {
		hash_and_hmac();
		aead();
		hkdf();
		curves();
	}
}
