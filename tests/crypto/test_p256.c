/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our P-256 verifier against two oracles: mbedTLS, and the same formulas over fiat-crypto's verified field arithmetic.
 * MERLON_CASES sets the number of random signatures, MERLON_SEED the seed. mbedTLS is slow: unless MERLON_CASES is set, it is asked
 * about one question in eight, and fiat-crypto about each.
 */
#include "field_fiat.h"
#include "p256/verify.h"
#include <mbedtls/ecdsa.h>
#include <merlon/crypto/ecdsa.h>
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

/* xorshift64*: repeatable, good enough to choose cases. */
static uint64_t state;

static uint64_t random64(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static int random_bytes(void *context, unsigned char *out, size_t size)
{
	(void)context;
	for (size_t i = 0; i < size; i++)
		out[i] = (unsigned char)(random64() >> 32);
	return 0;
}

/* Sanitizers look for other mistakes than wrong answers, and take their time. */
#ifdef __SANITIZE_ADDRESS__
enum { SIGNATURES = 300 };
#else
enum { SIGNATURES = 6800 };
#endif

static bool is_campaign;

static unsigned cases(unsigned usual)
{
	const char *seed = getenv("MERLON_SEED"), *count = getenv("MERLON_CASES");
	state = seed != NULL ? strtoull(seed, NULL, 0) | 1 : 0x9e3779b97f4a7c15ull;
	is_campaign = count != NULL;
	return is_campaign ? (unsigned)strtoul(count, NULL, 0) : usual;
}

/* One question to all; the oracles decide. */
struct question {
	uint8_t key[64], digest[32], signature[64];
};

static mbedtls_ecp_group group;

__attribute__((constructor)) static void load_group(void)
{
	mbedtls_ecp_group_init(&group);
	if (mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) != 0)
		abort();
}

static bool mbedtls_says(const struct question *question)
{
	mbedtls_ecp_point q;
	mbedtls_mpi r, s;
	uint8_t encoded[65] = { 4 };
	memcpy(encoded + 1, question->key, 64);
	mbedtls_ecp_point_init(&q);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	bool good = mbedtls_ecp_point_read_binary(&group, &q, encoded, sizeof encoded) == 0 &&
		    mbedtls_ecp_check_pubkey(&group, &q) == 0 && mbedtls_mpi_read_binary(&r, question->signature, 32) == 0 &&
		    mbedtls_mpi_read_binary(&s, question->signature + 32, 32) == 0 &&
		    mbedtls_ecdsa_verify(&group, question->digest, 32, &q, &r, &s) == 0;
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&q);
	return good;
}

static unsigned questions;

/* Ours and fiat's agree; what they say. */
static bool ask_fiat(const struct question *question, const char *what, unsigned number)
{
	bool wanted = fiat_verify(question->key, question->digest, question->signature);
	CHECK_THAT(p256_verify(question->key, question->digest, question->signature) == wanted, "%s %u: fiat says %d", what, number,
		   wanted);
	questions++;
	return wanted;
}

/* All agree. */
static bool ask(const struct question *question, const char *what, unsigned number)
{
	bool wanted = mbedtls_says(question);
	CHECK_THAT(ask_fiat(question, what, number) == wanted, "%s %u: mbedTLS says %d", what, number, wanted);
	return wanted;
}

static bool ask_random(const struct question *question, const char *what, unsigned number)
{
	return is_campaign || random64() >> 61 == 0 ? ask(question, what, number) : ask_fiat(question, what, number);
}

static void write_number(uint8_t out[32], const mbedtls_mpi *number)
{
	CHECK_EQ(mbedtls_mpi_write_binary(number, out, 32), 0);
}

static void write_point(uint8_t out[64], const mbedtls_ecp_point *point)
{
	uint8_t encoded[65];
	size_t size;
	CHECK_EQ(mbedtls_ecp_point_write_binary(&group, point, MBEDTLS_ECP_PF_UNCOMPRESSED, &size, encoded, sizeof encoded), 0);
	memcpy(out, encoded + 1, 64);
}

/* A key and a nonce: of one pair come many signatures that have r in common and nothing else. */
struct signer {
	uint8_t key[64], r_bytes[32];
	mbedtls_mpi d, r, k_inverse;
};

static void signer_init(struct signer *signer)
{
	mbedtls_mpi_init(&signer->d);
	mbedtls_mpi_init(&signer->r);
	mbedtls_mpi_init(&signer->k_inverse);
}

static void signer_free(struct signer *signer)
{
	mbedtls_mpi_free(&signer->k_inverse);
	mbedtls_mpi_free(&signer->r);
	mbedtls_mpi_free(&signer->d);
}

static void signer_set(struct signer *signer, const mbedtls_mpi *d, const mbedtls_mpi *k)
{
	mbedtls_ecp_point point;
	mbedtls_ecp_point_init(&point);
	CHECK_EQ(mbedtls_mpi_copy(&signer->d, d), 0);
	CHECK_EQ(mbedtls_ecp_mul(&group, &point, d, &group.G, random_bytes, NULL), 0);
	write_point(signer->key, &point);
	CHECK_EQ(mbedtls_ecp_mul(&group, &point, k, &group.G, random_bytes, NULL), 0);
	CHECK_EQ(mbedtls_mpi_mod_mpi(&signer->r, &point.MBEDTLS_PRIVATE(X), &group.N), 0);
	CHECK_EQ(mbedtls_mpi_inv_mod(&signer->k_inverse, k, &group.N), 0);
	write_number(signer->r_bytes, &signer->r);
	mbedtls_ecp_point_free(&point);
}

/* A right signature over the question's digest; false where s would be 0. */
static bool sign(struct question *question, const struct signer *signer)
{
	mbedtls_mpi e, s;
	mbedtls_mpi_init(&e);
	mbedtls_mpi_init(&s);
	memcpy(question->key, signer->key, sizeof question->key);
	memcpy(question->signature, signer->r_bytes, sizeof signer->r_bytes);
	CHECK_EQ(mbedtls_mpi_read_binary(&e, question->digest, 32), 0);
	CHECK_EQ(mbedtls_mpi_mul_mpi(&s, &signer->r, &signer->d), 0);
	CHECK_EQ(mbedtls_mpi_add_mpi(&s, &s, &e), 0);
	CHECK_EQ(mbedtls_mpi_mul_mpi(&s, &s, &signer->k_inverse), 0);
	CHECK_EQ(mbedtls_mpi_mod_mpi(&s, &s, &group.N), 0);
	bool possible = mbedtls_mpi_cmp_int(&s, 0) != 0;
	write_number(question->signature + 32, &s);
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&e);
	return possible;
}

/* 1 <= number < n: random, or one of the ends. */
static void random_scalar(mbedtls_mpi *number)
{
	switch (random64() >> 60) {
	case 0:
		CHECK_EQ(mbedtls_mpi_lset(number, 1), 0);
		break;
	case 1:
		CHECK_EQ(mbedtls_mpi_sub_int(number, &group.N, 1), 0);
		break;
	case 2:
		CHECK_EQ(mbedtls_mpi_lset(number, 1), 0);
		CHECK_EQ(mbedtls_mpi_shift_l(number, (size_t)(random64() >> 56)), 0);
		if (mbedtls_mpi_cmp_mpi(number, &group.N) >= 0)
			CHECK_EQ(mbedtls_mpi_lset(number, 2), 0);
		break;
	default:
		CHECK_EQ(mbedtls_mpi_random(number, 1, &group.N, random_bytes, NULL), 0);
	}
}

static void random_digest(uint8_t digest[32])
{
	(void)random_bytes(NULL, digest, 32);
	if (random64() >> 61 == 0)
		memset(digest, 0, 32);
	if (random64() >> 61 == 0)
		memset(digest, 0xff, 32);
	if (random64() >> 61 == 0)
		write_number(digest, &group.N);
}

TEST(agrees_on_random_signatures_and_mutations, CLAIM("crypto.p256.verify"), PROPERTY)
{
	enum { SIGNATURES_EACH = 16 };
	unsigned count = cases(SIGNATURES), accepted = 0;
	struct signer signer;
	mbedtls_mpi d, k;
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&k);
	signer_init(&signer);
	questions = 0;
	for (unsigned i = 0; i < count; i++) {
		struct question question, changed;
		if (i % SIGNATURES_EACH == 0) {
			random_scalar(&d);
			random_scalar(&k);
			signer_set(&signer, &d, &k);
		}
		random_digest(question.digest);
		if (!sign(&question, &signer))
			continue;
		CHECK_THAT(ask_random(&question, "right signature", i), "case %u is refused", i);
		accepted++;
		changed = question;
		((uint8_t *)&changed)[random64() % sizeof changed] ^= (uint8_t)(1u << random64() % 8);
		CHECK_THAT(!ask_random(&changed, "one bit off", i), "case %u is accepted", i);
		changed = question;
		memcpy(changed.signature + 32 * (random64() & 1), question.key + 32 * (random64() & 1), 32);
		(void)ask_random(&changed, "a coordinate as r or s", i);
	}
	signer_free(&signer);
	mbedtls_mpi_free(&k);
	mbedtls_mpi_free(&d);
	CHECK(accepted > count / 2 && questions > 2 * count);
}

/* Q = k G and Q = -k G for small k, and small u1 and u2: every entry of both tables meets itself, its opposite and infinity. */
TEST(agrees_on_small_multiples_of_the_generator, CLAIM("crypto.p256.verify"), PROPERTY)
{
	enum { KEYS = 9, DIGESTS = 17 };
	struct signer signer;
	mbedtls_mpi d, k;
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&k);
	signer_init(&signer);
	(void)cases(0);
	for (int i = -KEYS; i <= KEYS; i++)
		for (int j = 1; i != 0 && j <= 4; j++) {
			struct question question;
			CHECK_EQ(mbedtls_mpi_lset(&d, i), 0);
			CHECK_EQ(mbedtls_mpi_mod_mpi(&d, &d, &group.N), 0);
			CHECK_EQ(mbedtls_mpi_lset(&k, j), 0);
			signer_set(&signer, &d, &k);
			for (int e = 0; e < DIGESTS; e++) { /* s = +-small: u1 = e / s and u2 = r / s are multiples of each other */
				memset(question.digest, 0, 31);
				question.digest[31] = (uint8_t)e;
				if (sign(&question, &signer))
					CHECK_THAT(e % 8 == 0 ? ask(&question, "small", (unsigned)e)
							      : ask_fiat(&question, "small", (unsigned)e),
						   "key %d, nonce %d, digest %d is refused", i, j, e);
			}
		}
	signer_free(&signer);
	mbedtls_mpi_free(&k);
	mbedtls_mpi_free(&d);
}

/* u1 G = +-u2 Q: the sum is a doubling, or infinity. */
TEST(agrees_when_both_terms_meet, CLAIM("crypto.p256.verify"), PROPERTY)
{
	unsigned count = cases(40), accepted = 0;
	mbedtls_mpi d, u1, u2, r;
	mbedtls_ecp_point point;
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&u1);
	mbedtls_mpi_init(&u2);
	mbedtls_mpi_init(&r);
	mbedtls_ecp_point_init(&point);
	for (unsigned i = 0; i < count; i++) {
		struct question question;
		bool opposite = i % 2 != 0;
		random_scalar(&d);
		random_scalar(&u2);
		CHECK_EQ(mbedtls_ecp_mul(&group, &point, &d, &group.G, random_bytes, NULL), 0);
		write_point(question.key, &point);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&u1, &u2, &d), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&u1, &u1, &group.N), 0);
		CHECK_EQ(mbedtls_mpi_add_mpi(&r, &u1, &u1), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&r, &r, &group.N), 0);
		CHECK_EQ(mbedtls_ecp_mul(&group, &point, &r, &group.G, random_bytes, NULL), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&r, &point.MBEDTLS_PRIVATE(X), &group.N), 0);
		if (opposite)
			CHECK_EQ(mbedtls_mpi_sub_mpi(&u1, &group.N, &u1), 0);
		write_number(question.signature, &r);
		CHECK_EQ(mbedtls_mpi_inv_mod(&u2, &u2, &group.N), 0);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&u2, &u2, &r), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&u2, &u2, &group.N), 0); /* s = r / u2 */
		write_number(question.signature + 32, &u2);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&u1, &u1, &u2), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&u1, &u1, &group.N), 0); /* e = u1 s */
		write_number(question.digest, &u1);
		CHECK_EQ(ask(&question, "meeting terms", i), !opposite);
		accepted += !opposite;
	}
	mbedtls_ecp_point_free(&point);
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&u2);
	mbedtls_mpi_free(&u1);
	mbedtls_mpi_free(&d);
	CHECK(accepted > 0);
}

TEST(refuses_numbers_out_of_range, CLAIM("crypto.p256.range"), MALFORMED)
{
	struct question right, question;
	struct signer signer;
	mbedtls_mpi d, k, edge;
	mbedtls_mpi_init(&d);
	mbedtls_mpi_init(&k);
	mbedtls_mpi_init(&edge);
	(void)cases(0);
	memset(right.digest, 0x5a, 32);
	CHECK_EQ(mbedtls_mpi_lset(&d, 7), 0);
	CHECK_EQ(mbedtls_mpi_lset(&k, 11), 0);
	signer_init(&signer);
	signer_set(&signer, &d, &k);
	CHECK(sign(&right, &signer) && ask(&right, "right signature", 0));
	signer_free(&signer);
	for (unsigned which = 0; which < 4; which++) { /* r, s, x, y */
		const mbedtls_mpi *limit = which < 2 ? &group.N : &group.P;
		uint8_t *place = which < 2 ? question.signature + 32 * which : question.key + 32 * (which - 2);
		for (int past = 0; past < 3; past++) {
			question = right;
			CHECK_EQ(mbedtls_mpi_add_int(&edge, limit, past), 0);
			write_number(place, &edge);
			CHECK(!ask(&question, "at the limit and past it", which));
		}
		question = right;
		memset(place, 0, 32);
		CHECK(!ask(&question, "zero", which));
		memset(place, 0xff, 32);
		CHECK(!ask(&question, "all ones", which));
		/* The same number plus the modulus, where that still fits 32 bytes, is another number and refused. */
		question = right;
		CHECK_EQ(mbedtls_mpi_read_binary(&edge, place, 32), 0);
		CHECK_EQ(mbedtls_mpi_add_mpi(&edge, &edge, limit), 0);
		if (mbedtls_mpi_bitlen(&edge) <= 256) {
			write_number(place, &edge);
			CHECK(!ask(&question, "the number plus the modulus", which));
		}
	}
	mbedtls_mpi_free(&edge);
	mbedtls_mpi_free(&k);
	mbedtls_mpi_free(&d);
}

/* A key with a small x, e = 0 and r = s = x verify (the sum is the key itself); s + n still fits 32 bytes and must not. */
TEST(refuses_a_second_encoding_of_s, CLAIM("crypto.p256.range"), ATTACK)
{
	struct question question = { .digest = { 0 } };
	mbedtls_ecp_point key;
	mbedtls_mpi s;
	uint8_t compressed[33] = { 2 };
	mbedtls_ecp_point_init(&key);
	mbedtls_mpi_init(&s);
	do
		compressed[32]++;
	while (mbedtls_ecp_point_read_binary(&group, &key, compressed, sizeof compressed) != 0 ||
	       mbedtls_ecp_check_pubkey(&group, &key) != 0);
	write_point(question.key, &key);
	memcpy(question.signature, question.key, 32);
	memcpy(question.signature + 32, question.key, 32);
	CHECK(ask(&question, "small s", 0));
	CHECK_EQ(mbedtls_mpi_add_int(&s, &group.N, compressed[32]), 0);
	write_number(question.signature + 32, &s);
	CHECK(!ask(&question, "small s + n", 0));
	mbedtls_mpi_free(&s);
	mbedtls_ecp_point_free(&key);
}

/* A key whose x lies between the order and the prime, with e = 0 and r = s = x - n: the sum is the key itself. */
TEST(accepts_an_x_above_the_order, CLAIM("crypto.p256.verify"), PROPERTY)
{
	struct question question = { .digest = { 0 } };
	mbedtls_ecp_point key;
	mbedtls_mpi x;
	uint8_t compressed[33] = { 2 };
	int above = 0;
	mbedtls_ecp_point_init(&key);
	mbedtls_mpi_init(&x);
	do {
		CHECK_EQ(mbedtls_mpi_add_int(&x, &group.N, ++above), 0);
		write_number(compressed + 1, &x);
	} while (mbedtls_ecp_point_read_binary(&group, &key, compressed, sizeof compressed) != 0 ||
		 mbedtls_ecp_check_pubkey(&group, &key) != 0);
	write_point(question.key, &key);
	question.signature[31] = question.signature[63] = (uint8_t)above;
	CHECK(above < 256 && ask(&question, "x above the order", (unsigned)above));
	question.signature[31]++;
	CHECK(!ask(&question, "another r", (unsigned)above));
	mbedtls_mpi_free(&x);
	mbedtls_ecp_point_free(&key);
}

/* The formulas never use the curve's b: with e = 0 and r = s = x, any point "signs" unless it is checked. */
TEST(refuses_a_point_off_the_curve, CLAIM("crypto.p256.range"), ATTACK)
{
	struct question question = { .digest = { 0 } };
	(void)cases(0);
	for (unsigned i = 0; i < 20; i++) {
		(void)random_bytes(NULL, question.key, sizeof question.key);
		question.key[0] = question.key[32] = 0x7f; /* below p, and x below n */
		memcpy(question.signature, question.key, 32);
		memcpy(question.signature + 32, question.key, 32);
		CHECK(!ask(&question, "off the curve", i));
	}
}

/* Every value that carries or borrows across words, and random ones. */
static void random_element(struct p256_number *number, const struct p256_modulus *m)
{
	static const uint32_t edges[] = { 0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
	do {
		for (int i = 0; i < P256_WORDS; i++) {
			uint64_t r = random64();
			number->word[i] = r >> 62 != 0 ? edges[(r >> 32) % 6] : (uint32_t)r;
		}
	} while (!p256_is_below(number, &m->m));
}

TEST(field_agrees_with_verified_arithmetic, CLAIM("crypto.p256.field"), PROPERTY)
{
	unsigned count = 20 * cases(5000);
	for (unsigned i = 0; i < count; i++) {
		struct p256_number a, b, ours, theirs;
		random_element(&a, &p256_p);
		random_element(&b, &p256_p);
		p256_multiply(&ours, &a, &b, &p256_p);
		fiat_multiply(&theirs, &a, &b, &p256_p);
		CHECK_THAT(p256_is_equal(&ours, &theirs), "product %u", i);
		p256_add(&ours, &a, &b, &p256_p);
		fiat_add(&theirs, &a, &b, &p256_p);
		CHECK_THAT(p256_is_equal(&ours, &theirs), "sum %u", i);
		p256_subtract(&ours, &a, &b, &p256_p);
		fiat_subtract(&theirs, &a, &b, &p256_p);
		CHECK_THAT(p256_is_equal(&ours, &theirs), "difference %u", i);
	}
}

static void to_mpi(mbedtls_mpi *out, const struct p256_number *number)
{
	uint8_t bytes[32];
	for (int i = 0; i < 32; i++)
		bytes[31 - i] = (uint8_t)(number->word[i / 4] >> 8 * (i % 4));
	CHECK_EQ(mbedtls_mpi_read_binary(out, bytes, sizeof bytes), 0);
}

TEST(scalars_agree_with_mbedtls, CLAIM("crypto.p256.field"), PROPERTY)
{
	unsigned count = cases(2000);
	mbedtls_mpi a, b, wanted, got, r;
	mbedtls_mpi_init(&a);
	mbedtls_mpi_init(&b);
	mbedtls_mpi_init(&wanted);
	mbedtls_mpi_init(&got);
	mbedtls_mpi_init(&r);
	CHECK_EQ(mbedtls_mpi_lset(&r, 1), 0);
	CHECK_EQ(mbedtls_mpi_shift_l(&r, 256), 0);
	for (unsigned i = 0; i < count; i++) {
		struct p256_number x, y, result;
		random_element(&x, &p256_n);
		random_element(&y, &p256_n);
		to_mpi(&a, &x);
		to_mpi(&b, &y);
		p256_multiply(&result, &x, &y, &p256_n);
		to_mpi(&got, &result);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&got, &got, &r), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&got, &got, &group.N), 0);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&wanted, &a, &b), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&wanted, &wanted, &group.N), 0);
		CHECK_THAT(mbedtls_mpi_cmp_mpi(&got, &wanted) == 0, "product %u", i);
		if (p256_is_zero(&x))
			continue;
		p256_invert(&result, &x, &p256_n);
		to_mpi(&got, &result);
		/* x is a 2^256, and so is the result of its inverse. */
		CHECK_EQ(mbedtls_mpi_inv_mod(&wanted, &a, &group.N), 0);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&wanted, &wanted, &r), 0);
		CHECK_EQ(mbedtls_mpi_mul_mpi(&wanted, &wanted, &r), 0);
		CHECK_EQ(mbedtls_mpi_mod_mpi(&wanted, &wanted, &group.N), 0);
		CHECK_THAT(mbedtls_mpi_cmp_mpi(&got, &wanted) == 0, "inverse %u", i);
	}
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&got);
	mbedtls_mpi_free(&wanted);
	mbedtls_mpi_free(&b);
	mbedtls_mpi_free(&a);
}
