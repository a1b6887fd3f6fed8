/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/pk.h>
#include <mbedtls/sha256.h>
#include <merlon/crypto/ecdsa.h>
#include <merlon/crypto/sha256.h>
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 91, SCALAR = 32 };

/* RFC 6979, A.2.5: P-256, SHA-256, message "sample". */
static const uint8_t sample_point[2 * SCALAR] = {
	0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d, 0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6, 0x35, 0x6d, 0x68,
	0xc0, 0x49, 0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62, 0x2e, 0x60, 0xf2, 0x9f, 0xb6,
	0x79, 0x03, 0xfe, 0x10, 0x08, 0xb8, 0xbc, 0x99, 0xa4, 0x1a, 0xe9, 0xe9, 0x56, 0x28, 0xbc, 0x64,
	0xf2, 0xf1, 0xb2, 0x0c, 0x2d, 0x7e, 0x9f, 0x51, 0x77, 0xa3, 0xc2, 0x94, 0xd4, 0x46, 0x22, 0x99,
};
static const uint8_t sample_signature[2 * SCALAR] = {
	0xef, 0xd4, 0x8b, 0x2a, 0xac, 0xb6, 0xa8, 0xfd, 0x11, 0x40, 0xdd, 0x9c, 0xd4, 0x5e, 0x81, 0xd6,
	0x9d, 0x2c, 0x87, 0x7b, 0x56, 0xaa, 0xf9, 0x91, 0xc3, 0x4d, 0x0e, 0xa8, 0x4e, 0xaf, 0x37, 0x16,
	0xf7, 0xcb, 0x1c, 0x94, 0x2d, 0x65, 0x7c, 0x41, 0xd4, 0x36, 0xc7, 0xa1, 0xb6, 0xe2, 0x9f, 0x65,
	0xf3, 0xe9, 0x00, 0xdb, 0xb9, 0xaf, 0xf4, 0x06, 0x4d, 0xc4, 0xab, 0x2f, 0x84, 0x3a, 0xcd, 0xa8,
};
static const uint8_t order[SCALAR] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

static void hash_sample(uint8_t digest[SHA256_SIZE])
{
	struct sha256 hash;
	sha256_begin(&hash);
	sha256_update(&hash, "sample", 6);
	sha256_finish(&hash, digest);
}

TEST(known_answer_p256, CLAIM("crypto.ecdsa"), FUNCTIONAL)
{
	uint8_t digest[SHA256_SIZE], signature[sizeof sample_signature], point[sizeof sample_point];
	hash_sample(digest);
	CHECK_EQ(ecdsa_p256.verify(sample_point, digest, sizeof digest, sample_signature), PSA_SUCCESS);
	for (unsigned bit = 0; bit < 8 * sizeof signature; bit += 5) {
		memcpy(signature, sample_signature, sizeof signature);
		memcpy(point, sample_point, sizeof point);
		signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
		point[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_EQ(ecdsa_p256.verify(sample_point, digest, sizeof digest, signature), PSA_ERROR_INVALID_SIGNATURE);
		CHECK_EQ(ecdsa_p256.verify(point, digest, sizeof digest, sample_signature), PSA_ERROR_INVALID_SIGNATURE);
	}
}

TEST(values_out_of_range_are_refused, CLAIM("crypto.ecdsa"), ATTACK)
{
	uint8_t digest[SHA256_SIZE], signature[2 * SCALAR], zero_point[2 * SCALAR] = { 0 };
	hash_sample(digest);
	for (unsigned half = 0; half < 2; half++) {
		memcpy(signature, sample_signature, sizeof signature);
		memset(signature + half * SCALAR, 0, SCALAR);
		CHECK_EQ(ecdsa_p256.verify(sample_point, digest, sizeof digest, signature), PSA_ERROR_INVALID_SIGNATURE);
		memcpy(signature + half * SCALAR, order, SCALAR);
		CHECK_EQ(ecdsa_p256.verify(sample_point, digest, sizeof digest, signature), PSA_ERROR_INVALID_SIGNATURE);
		memset(signature + half * SCALAR, 0xff, SCALAR);
		CHECK_EQ(ecdsa_p256.verify(sample_point, digest, sizeof digest, signature), PSA_ERROR_INVALID_SIGNATURE);
	}
	CHECK_EQ(ecdsa_p256.verify(zero_point, digest, sizeof digest, sample_signature), PSA_ERROR_INVALID_SIGNATURE);
}

/* DER of two INTEGERs with these contents, lengths as they are. */
static size_t der_of(uint8_t *der, const uint8_t *r, size_t r_size, const uint8_t *s, size_t s_size)
{
	der[0] = 0x30;
	der[1] = (uint8_t)(4 + r_size + s_size);
	der[2] = 0x02;
	der[3] = (uint8_t)r_size;
	memcpy(der + 4, r, r_size);
	der[4 + r_size] = 0x02;
	der[5 + r_size] = (uint8_t)s_size;
	memcpy(der + 6 + r_size, s, s_size);
	return 6 + r_size + s_size;
}

TEST(signature_decodes_to_fixed_size, CLAIM("crypto.der"), FUNCTIONAL)
{
	uint8_t der[128], raw[2 * ECDSA_SCALAR_MAX], large[1 + SCALAR];
	const uint8_t small[] = { 0x7f }, padded[] = { 0x00, 0x80 };
	size_t size = der_of(der, small, sizeof small, padded, sizeof padded);
	memset(raw, 0xa5, sizeof raw);
	CHECK_EQ(ecdsa_signature_decode(der, size, SCALAR, raw), PSA_SUCCESS);
	CHECK_EQ(raw[SCALAR - 1], 0x7f);
	CHECK_EQ(raw[2 * SCALAR - 1], 0x80);
	for (unsigned i = 0; i < 2 * SCALAR; i++)
		CHECK(i % SCALAR == SCALAR - 1 || raw[i] == 0);
	CHECK_EQ(raw[2 * SCALAR], 0xa5);
	memset(large, 0xff, sizeof large);
	large[0] = 0;
	size = der_of(der, large, sizeof large, large, sizeof large);
	CHECK_EQ(ecdsa_signature_decode(der, size, SCALAR, raw), PSA_SUCCESS);
	CHECK_EQ(ecdsa_signature_decode(der, size, SCALAR - 1, raw), PSA_ERROR_INVALID_ARGUMENT);
}

static const struct {
	const char *name;
	size_t size;
	uint8_t der[16];
	bool is_good;
} der_rows[] = {
	{ "smallest", 8, { 0x30, 6, 2, 1, 1, 2, 1, 1 }, true },
	{ "nothing", 0, { 0 }, false },
	{ "one byte", 1, { 0x30 }, false },
	{ "empty sequence", 2, { 0x30, 0 }, false },
	{ "not a sequence", 8, { 0x31, 6, 2, 1, 1, 2, 1, 1 }, false },
	{ "outer length one less", 8, { 0x30, 5, 2, 1, 1, 2, 1, 1 }, false },
	{ "outer length one more", 8, { 0x30, 7, 2, 1, 1, 2, 1, 1 }, false },
	{ "outer length in long form", 9, { 0x30, 0x81, 6, 2, 1, 1, 2, 1, 1 }, false },
	{ "indefinite outer length", 10, { 0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0 }, false },
	{ "a byte behind", 9, { 0x30, 6, 2, 1, 1, 2, 1, 1, 0 }, false },
	{ "a byte behind, inside", 9, { 0x30, 7, 2, 1, 1, 2, 1, 1, 0 }, false },
	{ "a third integer", 11, { 0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1 }, false },
	{ "one integer", 5, { 0x30, 3, 2, 1, 1 }, false },
	{ "r no integer", 8, { 0x30, 6, 3, 1, 1, 2, 1, 1 }, false },
	{ "s no integer", 8, { 0x30, 6, 2, 1, 1, 4, 1, 1 }, false },
	{ "r empty", 7, { 0x30, 5, 2, 0, 2, 1, 1 }, false },
	{ "s empty", 7, { 0x30, 5, 2, 1, 1, 2, 0 }, false },
	{ "r zero", 8, { 0x30, 6, 2, 1, 0, 2, 1, 1 }, false },
	{ "s zero", 8, { 0x30, 6, 2, 1, 1, 2, 1, 0 }, false },
	{ "r zero in two bytes", 9, { 0x30, 7, 2, 2, 0, 0, 2, 1, 1 }, false },
	{ "r negative", 8, { 0x30, 6, 2, 1, 0x80, 2, 1, 1 }, false },
	{ "s negative", 8, { 0x30, 6, 2, 1, 1, 2, 1, 0xff }, false },
	{ "r not minimal", 9, { 0x30, 7, 2, 2, 0, 1, 2, 1, 1 }, false },
	{ "s not minimal", 9, { 0x30, 7, 2, 1, 1, 2, 2, 0, 0x7f }, false },
	{ "r leaves the sequence", 8, { 0x30, 6, 2, 5, 1, 2, 1, 1 }, false },
	{ "s leaves the sequence", 8, { 0x30, 6, 2, 1, 1, 2, 2, 1 }, false },
	{ "r takes all", 8, { 0x30, 6, 2, 4, 1, 2, 1, 1 }, false },
	{ "length of r in long form", 9, { 0x30, 7, 2, 0x81, 1, 1, 2, 1, 1 }, false },
	{ "length of r 0xff", 8, { 0x30, 6, 2, 0xff, 1, 2, 1, 1 }, false },
};

TEST(one_encoding_of_a_signature_is_accepted, CLAIM("crypto.der"), MALFORMED)
{
	uint8_t raw[2 * ECDSA_SCALAR_MAX];
	for (unsigned i = 0; i < sizeof der_rows / sizeof der_rows[0]; i++) {
		/* On the heap and exactly as long as it is: a sanitizer sees one byte too far. */
		uint8_t *der = malloc(der_rows[i].size + (der_rows[i].size == 0));
		CHECK(der != NULL);
		memcpy(der, der_rows[i].der, der_rows[i].size);
		psa_status_t status = ecdsa_signature_decode(der, der_rows[i].size, SCALAR, raw);
		free(der);
		CHECK_THAT(status == (der_rows[i].is_good ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT), "%s", der_rows[i].name);
	}
}

static void key_of(const struct ecdsa_key_form *form, uint8_t *der)
{
	memcpy(der, form->prefix, form->prefix_size);
	memset(der + form->prefix_size, 0x11, 2u * form->scalar_size);
}

TEST(one_encoding_of_a_key_is_accepted, CLAIM("crypto.der"), MALFORMED)
{
	const struct ecdsa_key_form *const forms[] = { &ecdsa_key_p256, &ecdsa_key_p384 };
	uint8_t der[128];
	for (unsigned i = 0; i < 2; i++) {
		const struct ecdsa_key_form *form = forms[i];
		size_t size = form->prefix_size + 2u * form->scalar_size;
		key_of(form, der);
		CHECK(ecdsa_key_decode(form, der, size) == der + form->prefix_size);
		CHECK(ecdsa_key_decode(forms[1 - i], der, size) == NULL);
		CHECK(ecdsa_key_decode(form, der, size - 1) == NULL);
		CHECK(ecdsa_key_decode(form, der, size + 1) == NULL);
		CHECK(ecdsa_key_decode(form, der, 0) == NULL);
		for (unsigned bit = 0; bit < 8u * form->prefix_size; bit++) {
			der[bit / 8] ^= (uint8_t)(1u << bit % 8);
			CHECK_THAT(ecdsa_key_decode(form, der, size) == NULL, "bit %u", bit);
			der[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
	CHECK_EQ(ecdsa_key_p256.prefix_size + 64, KEY_SIZE);
}

TEST(verify_tells_key_format_and_signature_apart, CLAIM("crypto.ecdsa"), FUNCTIONAL)
{
	uint8_t digest[SHA256_SIZE], key[KEY_SIZE], der[128], raised[2][1 + SCALAR] = { { 0 } };
	hash_sample(digest);
	key_of(&ecdsa_key_p256, key);
	memcpy(key + KEY_SIZE - sizeof sample_point, sample_point, sizeof sample_point);
	memcpy(raised[0] + 1, sample_signature, SCALAR);
	memcpy(raised[1] + 1, sample_signature + SCALAR, SCALAR);
	size_t size = der_of(der, raised[0], sizeof raised[0], raised[1], sizeof raised[1]);
	CHECK_EQ(ecdsa_verify(&ecdsa_p256, key, sizeof key, digest, sizeof digest, der, size), PSA_SUCCESS);
	CHECK_EQ(ecdsa_verify(&ecdsa_p256, key, sizeof key, digest, sizeof digest, der, size - 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(ecdsa_verify(&ecdsa_p256, key, sizeof key - 1, digest, sizeof digest, der, size), PSA_ERROR_NOT_SUPPORTED);
	digest[0] ^= 1;
	CHECK_EQ(ecdsa_verify(&ecdsa_p256, key, sizeof key, digest, sizeof digest, der, size), PSA_ERROR_INVALID_SIGNATURE);
}

static uint32_t state = 20260101;

static int pseudo_random(void *unused, unsigned char *output, size_t size)
{
	(void)unused;
	for (size_t i = 0; i < size; i++) {
		state = state * 1664525u + 1013904223u;
		output[i] = (uint8_t)(state >> 24);
	}
	return 0;
}

TEST(agrees_with_the_full_library, CLAIM("crypto.ecdsa"), PROPERTY)
{
	for (unsigned round = 0; round < 40; round++) {
		uint8_t digest[SHA256_SIZE], der[2 * KEY_SIZE], signature[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
		size_t size;
		mbedtls_pk_context pk;
		mbedtls_pk_init(&pk);
		CHECK_EQ(mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)), 0);
		CHECK_EQ(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(pk), pseudo_random, NULL), 0);
		pseudo_random(NULL, digest, sizeof digest);
		CHECK_EQ(mbedtls_pk_sign(&pk, MBEDTLS_MD_SHA256, digest, sizeof digest, signature, sizeof signature, &size,
					 pseudo_random, NULL),
			 0);
		CHECK_EQ(mbedtls_pk_write_pubkey_der(&pk, der, sizeof der), KEY_SIZE);
		const uint8_t *key = der + sizeof der - KEY_SIZE;
		CHECK_EQ(ecdsa_verify(&ecdsa_p256, key, KEY_SIZE, digest, sizeof digest, signature, size), PSA_SUCCESS);
		signature[size - 1 - round % 32] ^= (uint8_t)(1u << round % 8);
		bool accepted = ecdsa_verify(&ecdsa_p256, key, KEY_SIZE, digest, sizeof digest, signature, size) == PSA_SUCCESS;
		bool library = mbedtls_pk_verify(&pk, MBEDTLS_MD_SHA256, digest, sizeof digest, signature, size) == 0;
		CHECK_THAT(!accepted && !library, "round %u: ours %d, library %d", round, accepted, library);
		mbedtls_pk_free(&pk);
	}
}
