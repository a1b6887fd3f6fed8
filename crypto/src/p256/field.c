/* SPDX-License-Identifier: Apache-2.0 */
#include "field.h"

const struct p256_modulus p256_p = {
	.m = { { 0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 1, 0xffffffff } },
	.r2 = { { 3, 0, 0xffffffff, 0xfffffffb, 0xfffffffe, 0xffffffff, 0xfffffffd, 4 } },
	.inverse = 1,
};

const struct p256_modulus p256_n = {
	.m = { { 0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad, 0xffffffff, 0xffffffff, 0, 0xffffffff } },
	.r2 = { { 0xbe79eea2, 0x83244c95, 0x49bd6fa6, 0x4699799c, 0x2b6bec59, 0x2845b239, 0xf3d95620, 0x66e12d94 } },
	.inverse = 0xccd1c8aaee00bc4f,
};

/* sum = a + b; the carry out. */
static uint32_t add_words(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b)
{
	uint64_t carry = 0;
	for (int i = 0; i < P256_WORDS; i++) {
		carry += (uint64_t)a->word[i] + b->word[i];
		sum->word[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return (uint32_t)carry;
}

/* difference = a - b; 1 when that borrowed. */
static uint32_t subtract_words(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b)
{
	uint64_t borrow = 0;
	for (int i = 0; i < P256_WORDS; i++) {
		borrow = (uint64_t)a->word[i] - b->word[i] - borrow;
		difference->word[i] = (uint32_t)borrow;
		borrow = borrow >> 63;
	}
	return (uint32_t)borrow;
}

/* From the top: both moduli begin with 32 ones, so the first word decides nearly always. */
bool p256_is_below(const struct p256_number *a, const struct p256_number *b)
{
	int i = P256_WORDS - 1;
	while (i > 0 && a->word[i] == b->word[i])
		i--;
	return a->word[i] < b->word[i];
}

void p256_reduce(struct p256_number *value, uint32_t carry, const struct p256_modulus *m)
{
	if (carry > 0 || !p256_is_below(value, &m->m))
		(void)subtract_words(value, value, &m->m);
}

void p256_add(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b, const struct p256_modulus *m)
{
	p256_reduce(sum, add_words(sum, a, b), m);
}

void p256_subtract(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m)
{
	if (subtract_words(difference, a, b))
		(void)add_words(difference, difference, &m->m);
}

/* Column i of two rows: each sum of a product and two words fits 64 bits exactly. */
#define COLUMN(i, this, previous)                                                                                                  \
	this = a[i];                                                                                                               \
	low = (uint64_t)this * b0 + t[i] + (low >> 32);                                                                            \
	high = (uint64_t)previous * b1 + (uint32_t)low + (high >> 32);                                                             \
	t[i] = (uint32_t)high

/* t[0..9] += a * b, b of two words; the carry out. Unrolled: most of a verification is spent here. */
static uint32_t multiply_add(uint32_t *restrict t, const uint32_t *restrict a, uint32_t b0, uint32_t b1)
{
	uint32_t even = a[0], odd;
	uint64_t low = (uint64_t)even * b0 + t[0], high = 0;
	t[0] = (uint32_t)low;
	COLUMN(1, odd, even);
	COLUMN(2, even, odd);
	COLUMN(3, odd, even);
	COLUMN(4, even, odd);
	COLUMN(5, odd, even);
	COLUMN(6, even, odd);
	COLUMN(7, odd, even);
	low = (low >> 32) + t[8];
	high = (uint64_t)odd * b1 + (uint32_t)low + (high >> 32);
	t[8] = (uint32_t)high;
	high = (high >> 32) + (low >> 32) + t[9];
	t[9] = (uint32_t)high;
	return (uint32_t)(high >> 32);
}

/*
 * t[0..9] += q * p with q = t[0..1]; the carry out. p is 2^256 - 2^224 + 2^192 + 2^96 - 1: shifts instead of products. t[0..1] would
 * become 0 and needs no store.
 */
static uint32_t reduce_p(uint32_t t[])
{
	const uint64_t q0 = t[0], q1 = t[1];
	uint64_t sum = q0 + t[3];
	t[3] = (uint32_t)sum;
	sum = (sum >> 32) + q1 + t[4];
	t[4] = (uint32_t)sum;
	sum = (sum >> 32) + t[5];
	t[5] = (uint32_t)sum;
	sum = (sum >> 32) + q0 + t[6];
	t[6] = (uint32_t)sum;
	sum = (sum >> 32) + q1 + t[7] + ((uint64_t)1 << 32) - q0; /* 2^32 lent, given back below */
	t[7] = (uint32_t)sum;
	sum = (sum >> 32) + q0 + t[8] + (((uint64_t)1 << 32) - 1) - q1;
	t[8] = (uint32_t)sum;
	sum = (sum >> 32) + q1 + t[9] - 1;
	t[9] = (uint32_t)sum;
	return (uint32_t)(sum >> 32);
}

static uint32_t reduce_any(uint32_t t[], const struct p256_modulus *m)
{
	uint64_t q = ((uint64_t)t[1] << 32 | t[0]) * m->inverse;
	return multiply_add(t, m->m.word, (uint32_t)q, (uint32_t)(q >> 32));
}

void p256_multiply(struct p256_number *product, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m)
{
	uint32_t t[2 * P256_WORDS + 2];
	t[0] = t[1] = t[2] = t[3] = t[4] = t[5] = t[6] = t[7] = t[8] = t[9] = 0; /* a call of memset() would cost more */
	/* Two words of b at a time, reducing as we go: t[i] and t[i + 1] become 0. */
	for (int i = 0; i < P256_WORDS; i += 2) {
		uint32_t carry = multiply_add(t + i, a->word, b->word[i], b->word[i + 1]);
		t[i + P256_WORDS + 2] = carry + (m == &p256_p ? reduce_p(t + i) : reduce_any(t + i, m));
		t[i + P256_WORDS + 3] = 0;
	}
	for (int i = 0; i < P256_WORDS; i++)
		product->word[i] = t[i + P256_WORDS];
	p256_reduce(product, t[2 * P256_WORDS], m);
}

bool p256_bit(const struct p256_number *a, int position)
{
	return position < 256 && (a->word[position / 32] >> position % 32 & 1) != 0;
}

bool p256_is_zero(const struct p256_number *a)
{
	uint32_t bits = 0;
	for (int i = 0; i < P256_WORDS; i++)
		bits |= a->word[i];
	return bits == 0;
}

bool p256_is_equal(const struct p256_number *a, const struct p256_number *b)
{
	struct p256_number difference;
	(void)subtract_words(&difference, a, b);
	return p256_is_zero(&difference);
}

/* Fermat: a^(m - 2). The exponent begins with a one bit, and its low word does not borrow. */
void p256_invert(struct p256_number *inverse, const struct p256_number *a, const struct p256_modulus *m)
{
	struct p256_number base = *a, exponent = m->m;
	exponent.word[0] -= 2;
	*inverse = base;
	for (int i = 254; i >= 0; i--) {
		p256_multiply(inverse, inverse, inverse, m);
		if (p256_bit(&exponent, i))
			p256_multiply(inverse, inverse, &base, m);
	}
}
