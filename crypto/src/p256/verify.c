/* SPDX-License-Identifier: Apache-2.0 */
#include "verify.h"
#include "field.h"
#include <stddef.h>

/* A point in Jacobian coordinates (x / z^2, y / z^3), in the Montgomery domain; z = 0 is the point at infinity. */
struct point {
	struct p256_number x, y, z;
};

struct affine_point {
	struct p256_number x, y;
};

enum {
	WINDOW = 4,                     /* digits are odd, below 2^(WINDOW - 1) in magnitude */
	TABLE_SIZE = 1 << (WINDOW - 2), /* 1, 3, 5 and 7 times a point */
	DIGITS = 257,
};

/* Constants are in the Montgomery domain, too. */
static const struct p256_number one = { { 1, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe, 0 } };
static const struct p256_number curve_b = {
	{ 0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd, 0xf7212ed6, 0xe5a220ab, 0x04874834, 0xdc30061d },
};

/* 1, 3, 5 and 7 times the generator. */
static const struct affine_point generator_table[TABLE_SIZE] = {
	{ { { 0x18a9143c, 0x79e730d4, 0x5fedb601, 0x75ba95fc, 0x77622510, 0x79fb732b, 0xa53755c6, 0x18905f76 } },
	  { { 0xce95560a, 0xddf25357, 0xba19e45c, 0x8b4ab8e4, 0xdd21f325, 0xd2e88688, 0x25885d85, 0x8571ff18 } } },
	{ { { 0x4eebc127, 0xffac3f90, 0x087d81fb, 0xb027f84a, 0x87cbbc98, 0x66ad77dd, 0xb6ff747e, 0x26936a3f } },
	  { { 0xc983a7eb, 0xb04c5c1f, 0x0861fe1a, 0x583e47ad, 0x1a2ee98e, 0x78820831, 0xe587cc07, 0xd5f06a29 } } },
	{ { { 0xc45c61f5, 0xbe1b8aae, 0x94b9537d, 0x90ec649a, 0xd076c20c, 0x941cb5aa, 0x890523c8, 0xc9079605 } },
	  { { 0xe7ba4f10, 0xeb309b4a, 0xe5eb882b, 0x73c568ef, 0x7e7a1f68, 0x3540a987, 0x2dd1e916, 0x73a076bb } } },
	{ { { 0xa0173b4f, 0x0746354e, 0xd23c00f7, 0x2bd20213, 0x0c23bb08, 0xf43eaab5, 0xc3123e03, 0x13ba5119 } },
	  { { 0x3f5b9d4d, 0x2847d030, 0x5da67bdd, 0x6742f2f2, 0x77c94195, 0xef933bdc, 0x6e240867, 0xeaedd915 } } },
};

static void multiply(struct p256_number *product, const struct p256_number *a, const struct p256_number *b)
{
	p256_multiply(product, a, b, &p256_p);
}

static void add(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b)
{
	p256_add(sum, a, b, &p256_p);
}

static void subtract(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b)
{
	p256_subtract(difference, a, b, &p256_p);
}

/* p = 2 p. For a = -3; 8 multiplications. Infinity stays infinity: the new z is a product of the old one. */
static void point_double(struct point *p)
{
	struct p256_number alpha, beta, gamma, t;
	multiply(&t, &p->z, &p->z);
	subtract(&alpha, &p->x, &t);
	add(&t, &p->x, &t);
	multiply(&t, &alpha, &t);
	add(&alpha, &t, &t);
	add(&alpha, &alpha, &t); /* alpha = 3 (x - z^2)(x + z^2) */
	add(&t, &p->y, &p->y);
	multiply(&p->z, &p->z, &t);     /* z' = 2 y z */
	multiply(&gamma, &t, &t);       /* gamma = 4 y^2 */
	multiply(&beta, &gamma, &p->x); /* beta = 4 x y^2 */
	multiply(&p->x, &alpha, &alpha);
	subtract(&p->x, &p->x, &beta);
	subtract(&p->x, &p->x, &beta); /* x' = alpha^2 - 2 beta */
	subtract(&beta, &beta, &p->x);
	multiply(&beta, &alpha, &beta);
	multiply(&gamma, &gamma, &t);
	multiply(&gamma, &gamma, &p->y); /* 8 y^4 */
	subtract(&p->y, &beta, &gamma);  /* y' = alpha (beta - x') - 8 y^4 */
}

/*
 * p = p + (x, y, z); all cases: p infinity, both equal, both opposite. 16 multiplications. `z` is NULL where it is 1, the generator's:
 * 11 multiplications.
 */
static void point_add(struct point *p, const struct p256_number *x, const struct p256_number *y, const struct p256_number *z)
{
	struct p256_number u = p->x, s = p->y, h, r, t;
	if (p256_is_zero(&p->z)) {
		*p = (struct point) { *x, *y, z != NULL ? *z : one };
		return;
	}
	if (z != NULL) {
		multiply(&t, z, z);
		multiply(&u, &u, &t);
		multiply(&t, &t, z);
		multiply(&s, &s, &t);
	}
	multiply(&t, &p->z, &p->z);
	multiply(&h, x, &t);
	subtract(&h, &h, &u); /* h = x z_p^2 - x_p z^2 */
	multiply(&t, &t, &p->z);
	multiply(&r, y, &t);
	subtract(&r, &r, &s); /* r = y z_p^3 - y_p z^3 */
	if (p256_is_zero(&h) && p256_is_zero(&r)) {
		point_double(p);
		return;
	}
	multiply(&p->z, &p->z, &h); /* 0 when the two are opposite: infinity */
	if (z != NULL)
		multiply(&p->z, &p->z, z);
	multiply(&t, &h, &h);
	multiply(&u, &u, &t); /* u h^2 */
	multiply(&t, &t, &h); /* h^3 */
	multiply(&s, &s, &t); /* s h^3 */
	multiply(&p->x, &r, &r);
	subtract(&p->x, &p->x, &t);
	subtract(&p->x, &p->x, &u);
	subtract(&p->x, &p->x, &u); /* x' = r^2 - h^3 - 2 u h^2 */
	subtract(&u, &u, &p->x);
	multiply(&u, &r, &u);
	subtract(&p->y, &u, &s); /* y' = r (u h^2 - x') - s h^3 */
}

static void load(struct p256_number *number, const uint8_t bytes[32])
{
	for (int i = 0; i < P256_WORDS; i++) {
		const uint8_t *byte = bytes + 28 - 4 * i;
		number->word[i] = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
	}
}

static bool load_below(struct p256_number *number, const uint8_t bytes[32], const struct p256_modulus *m)
{
	load(number, bytes);
	return p256_is_below(number, &m->m);
}

/* Coordinates below p, and y^2 = x^3 - 3 x + b. The point at infinity has no such coordinates. */
static bool point_load(struct point *point, const uint8_t bytes[64])
{
	struct p256_number left, right, *x = &point->x, *y = &point->y;
	if (!load_below(x, bytes, &p256_p) || !load_below(y, bytes + 32, &p256_p))
		return false;
	multiply(x, x, &p256_p.r2);
	multiply(y, y, &p256_p.r2);
	point->z = one;
	multiply(&left, y, y);
	multiply(&right, x, x);
	multiply(&right, &right, x);
	for (int i = 0; i < 3; i++)
		subtract(&right, &right, x);
	add(&right, &right, &curve_b);
	return p256_is_equal(&left, &right);
}

/* Non-adjacent form: scalar = sum of digit[i] 2^i, every digit 0 or odd and below 2^(WINDOW - 1) in magnitude. */
static void recode(int8_t digit[DIGITS], const struct p256_number *scalar)
{
	int carry = 0, next = 0; /* digits below `next` are decided */
	for (int i = 0; i < DIGITS; i++) {
		digit[i] = 0;
		if (i < next || p256_bit(scalar, i) == carry)
			continue;
		int value = carry;
		for (int j = 0; j < WINDOW; j++)
			value += p256_bit(scalar, i + j) << j;
		carry = value >> (WINDOW - 1);
		digit[i] = (int8_t)(value - (carry << WINDOW));
		next = i + WINDOW;
	}
}

static void fill_table(struct point table[TABLE_SIZE], const struct point *p)
{
	struct point twice = *p;
	point_double(&twice);
	table[0] = *p;
	for (int i = 1; i < TABLE_SIZE; i++) {
		table[i] = table[i - 1];
		point_add(&table[i], &twice.x, &twice.y, &twice.z);
	}
}

/* sum = sum + a point, or minus it where `digit` is negative. */
static void add_term(struct point *sum, int digit, const struct p256_number *x, const struct p256_number *y,
		     const struct p256_number *z)
{
	static const struct p256_number zero;
	struct p256_number opposite;
	subtract(&opposite, &zero, y);
	point_add(sum, x, digit < 0 ? &opposite : y, z);
}

static int table_index(int digit)
{
	return (digit < 0 ? -digit : digit) / 2;
}

/* sum = u1 G + u2 Q, both in one run of doublings. */
static void multiply_points(struct point *sum, const struct p256_number *u1, const struct p256_number *u2, const struct point *q)
{
	struct point table[TABLE_SIZE];
	int8_t digit_g[DIGITS], digit_q[DIGITS];
	fill_table(table, q);
	recode(digit_g, u1);
	recode(digit_q, u2);
	*sum = (struct point) { 0 };
	for (int i = DIGITS - 1; i >= 0; i--) {
		const struct affine_point *g = &generator_table[table_index(digit_g[i])];
		const struct point *term = &table[table_index(digit_q[i])];
		point_double(sum);
		if (digit_g[i] != 0)
			add_term(sum, digit_g[i], &g->x, &g->y, NULL);
		if (digit_q[i] != 0)
			add_term(sum, digit_q[i], &term->x, &term->y, &term->z);
	}
}

/* Is x / z^2 the field's element `x`? Without dividing. */
static bool has_x(const struct point *p, const struct p256_number *x)
{
	struct p256_number t;
	multiply(&t, &p->z, &p->z);
	multiply(&t, &t, &p256_p.r2);
	multiply(&t, &t, x);
	return p256_is_equal(&t, &p->x);
}

/* p - n. */
static const struct p256_number difference = { { 0x039cdaae, 0x0c46353d, 0x58e8617b, 0x43190553, 0, 0, 0, 0 } };

/* x of the point, an integer below p, is r modulo n: it is r, or r + n where that is below p. */
static bool x_is(const struct point *p, const struct p256_number *r)
{
	struct p256_number other;
	if (p256_is_zero(&p->z))
		return false;
	subtract(&other, r, &difference);
	return has_x(p, r) || (p256_is_below(r, &difference) && has_x(p, &other));
}

bool p256_verify(const uint8_t public_key[64], const uint8_t digest[32], const uint8_t signature[64])
{
	struct p256_number r, s, u1, u2;
	struct point q, sum;
	if (!load_below(&r, signature, &p256_n) || !load_below(&s, signature + 32, &p256_n) || p256_is_zero(&r) || p256_is_zero(&s))
		return false;
	if (!point_load(&q, public_key))
		return false;
	load(&u1, digest); /* may be above n: a product with it is still below 2 n before its last reduction */
	p256_multiply(&s, &s, &p256_n.r2, &p256_n);
	p256_invert(&s, &s, &p256_n);
	p256_multiply(&u1, &u1, &s, &p256_n);
	p256_multiply(&u2, &r, &s, &p256_n);
	multiply_points(&sum, &u1, &u2, &q);
	return x_is(&sum, &r);
}
