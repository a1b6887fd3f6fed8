/* SPDX-License-Identifier: Apache-2.0 */
#include "verify.h"
#include "field.h"

/* A point in Jacobian coordinates (x / z^2, y / z^3), in the Montgomery domain; z = 0 is the point at infinity. */
struct point {
	struct p256_number x, y, z;
};

struct affine_point {
	struct p256_number x, y;
};

enum {
	WINDOW = 5,                     /* digits are odd, below 2^(WINDOW - 1) in magnitude */
	TABLE_SIZE = 1 << (WINDOW - 2), /* 1, 3, 5, ... times a point */
	DIGITS = 257,
};

/* Constants are in the Montgomery domain, too. */
static const struct p256_number zero, one = { { 1, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe, 0 } };
static const struct p256_number curve_b = {
	{ 0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd, 0xf7212ed6, 0xe5a220ab, 0x04874834, 0xdc30061d },
};

/* 1, 3, 5, ... 15 times the generator. */
static const struct affine_point generator_table[TABLE_SIZE] = {
	{ { { 0x18a9143c, 0x79e730d4, 0x5fedb601, 0x75ba95fc, 0x77622510, 0x79fb732b, 0xa53755c6, 0x18905f76 } },
	  { { 0xce95560a, 0xddf25357, 0xba19e45c, 0x8b4ab8e4, 0xdd21f325, 0xd2e88688, 0x25885d85, 0x8571ff18 } } },
	{ { { 0x4eebc127, 0xffac3f90, 0x087d81fb, 0xb027f84a, 0x87cbbc98, 0x66ad77dd, 0xb6ff747e, 0x26936a3f } },
	  { { 0xc983a7eb, 0xb04c5c1f, 0x0861fe1a, 0x583e47ad, 0x1a2ee98e, 0x78820831, 0xe587cc07, 0xd5f06a29 } } },
	{ { { 0xc45c61f5, 0xbe1b8aae, 0x94b9537d, 0x90ec649a, 0xd076c20c, 0x941cb5aa, 0x890523c8, 0xc9079605 } },
	  { { 0xe7ba4f10, 0xeb309b4a, 0xe5eb882b, 0x73c568ef, 0x7e7a1f68, 0x3540a987, 0x2dd1e916, 0x73a076bb } } },
	{ { { 0xa0173b4f, 0x0746354e, 0xd23c00f7, 0x2bd20213, 0x0c23bb08, 0xf43eaab5, 0xc3123e03, 0x13ba5119 } },
	  { { 0x3f5b9d4d, 0x2847d030, 0x5da67bdd, 0x6742f2f2, 0x77c94195, 0xef933bdc, 0x6e240867, 0xeaedd915 } } },
	{ { { 0x264e20e8, 0x75c96e8f, 0x59a7a841, 0xabe6bfed, 0x44c8eb00, 0x2cc09c04, 0xf0c4e16b, 0xe05b3080 } },
	  { { 0xa45f3314, 0x1eb7777a, 0xce5d45e3, 0x56af7bed, 0x88b12f1a, 0x2b6e019a, 0xfd835f9b, 0x086659cd } } },
	{ { { 0x6245e404, 0xea7d260a, 0x6e7fdfe0, 0x9de40795, 0x8dac1ab5, 0x1ff3a415, 0x649c9073, 0x3e7090f1 } },
	  { { 0x2b944e88, 0x1a768561, 0xe57f61c8, 0x250f939e, 0x1ead643d, 0x0c0daa89, 0xe125b88e, 0x68930023 } } },
	{ { { 0x4b2ed709, 0xccc42563, 0x856fd30d, 0x0e356769, 0x559e9811, 0xbcbcd43f, 0x5395b759, 0x738477ac } },
	  { { 0xc00ee17f, 0x35752b90, 0x742ed2e3, 0x68748390, 0xbd1f5bc1, 0x7cd06422, 0xc9e7b797, 0xfbc08769 } } },
	{ { { 0xbc60055b, 0x72bcd8b7, 0x56e27e4b, 0x03cc23ee, 0xe4819370, 0xee337424, 0x0ad3da09, 0xe2aa0e43 } },
	  { { 0x6383c45d, 0x40b8524f, 0x42a41b25, 0xd7663554, 0x778a4797, 0x64efa6de, 0x7079adf4, 0x2042170a } } },
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

/* p = p + q, q not infinity; all other cases: p infinity, p = q, p = -q. 16 multiplications, 11 when q's z is known to be 1. */
static void point_add(struct point *p, const struct point *q, bool z_is_one)
{
	struct p256_number u1 = p->x, s1 = p->y, h, r, t;
	if (p256_is_zero(&p->z)) {
		*p = *q;
		return;
	}
	if (!z_is_one) {
		multiply(&t, &q->z, &q->z);
		multiply(&u1, &u1, &t);
		multiply(&s1, &s1, &t);
		multiply(&s1, &s1, &q->z);
	}
	multiply(&t, &p->z, &p->z);
	multiply(&h, &q->x, &t);
	subtract(&h, &h, &u1); /* h = x_q z_p^2 - x_p z_q^2 */
	multiply(&r, &q->y, &t);
	multiply(&r, &r, &p->z);
	subtract(&r, &r, &s1); /* r = y_q z_p^3 - y_p z_q^3 */
	if (p256_is_zero(&h) && p256_is_zero(&r)) {
		point_double(p);
		return;
	}
	multiply(&p->z, &p->z, &h); /* 0 when p = -q: infinity */
	if (!z_is_one)
		multiply(&p->z, &p->z, &q->z);
	multiply(&t, &h, &h);
	multiply(&u1, &u1, &t); /* u1 h^2 */
	multiply(&t, &t, &h);   /* h^3 */
	multiply(&p->x, &r, &r);
	subtract(&p->x, &p->x, &t);
	subtract(&p->x, &p->x, &u1);
	subtract(&p->x, &p->x, &u1); /* x' = r^2 - h^3 - 2 u1 h^2 */
	multiply(&s1, &s1, &t);
	subtract(&u1, &u1, &p->x);
	multiply(&u1, &r, &u1);
	subtract(&p->y, &u1, &s1); /* y' = r (u1 h^2 - x') - s1 h^3 */
}

static void load(struct p256_number *number, const uint8_t bytes[32])
{
	for (int i = 0; i < P256_WORDS; i++) {
		const uint8_t *byte = bytes + 28 - 4 * i;
		number->word[i] = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
	}
}

/* Coordinates below p, and y^2 = x^3 - 3 x + b. The point at infinity has no such coordinates. */
static bool point_load(struct point *point, const uint8_t bytes[64])
{
	struct p256_number left, right, t;
	load(&point->x, bytes);
	load(&point->y, bytes + 32);
	if (!p256_is_below(&point->x, &p256_p.m) || !p256_is_below(&point->y, &p256_p.m))
		return false;
	multiply(&point->x, &point->x, &p256_p.r2);
	multiply(&point->y, &point->y, &p256_p.r2);
	point->z = one;
	multiply(&left, &point->y, &point->y);
	multiply(&right, &point->x, &point->x);
	add(&t, &one, &one);
	add(&t, &t, &one);
	subtract(&right, &right, &t);
	multiply(&right, &right, &point->x);
	add(&right, &right, &curve_b);
	return p256_is_equal(&left, &right);
}

static uint32_t bits_at(const struct p256_number *scalar, int position, int count)
{
	uint32_t bits = 0;
	for (int i = 0; i < count && position + i < 256; i++)
		bits |= (scalar->word[(position + i) / 32] >> (position + i) % 32 & 1) << i;
	return bits;
}

/* Non-adjacent form: scalar = sum of digit[i] 2^i, every digit 0 or odd and below 2^(WINDOW - 1) in magnitude. */
static void recode(int8_t digit[DIGITS], const struct p256_number *scalar)
{
	uint32_t carry = 0;
	int next = 0; /* digits below this one are decided */
	for (int i = 0; i < DIGITS; i++) {
		digit[i] = 0;
		if (i < next || bits_at(scalar, i, 1) == carry)
			continue;
		int value = (int)(bits_at(scalar, i, WINDOW) + carry);
		carry = value >= 1 << (WINDOW - 1);
		digit[i] = (int8_t)(value - (int)(carry << WINDOW));
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
		point_add(&table[i], &twice, false);
	}
}

/* sum = sum + digit * term, where `term` is the table's entry for the digit's magnitude. */
static void add_term(struct point *sum, int digit, struct point *term, bool z_is_one)
{
	if (digit < 0)
		subtract(&term->y, &zero, &term->y);
	point_add(sum, term, z_is_one);
}

static int table_index(int digit)
{
	return (digit < 0 ? -digit : digit) / 2;
}

/* sum = u1 G + u2 Q, both in one run of doublings. */
static void multiply_points(struct point *sum, const struct p256_number *u1, const struct p256_number *u2, const struct point *q)
{
	struct point table[TABLE_SIZE], term;
	int8_t digit_g[DIGITS], digit_q[DIGITS];
	fill_table(table, q);
	recode(digit_g, u1);
	recode(digit_q, u2);
	*sum = (struct point) { 0 };
	for (int i = DIGITS - 1; i >= 0; i--) {
		point_double(sum);
		if (digit_g[i] != 0) {
			const struct affine_point *entry = &generator_table[table_index(digit_g[i])];
			term = (struct point) { entry->x, entry->y, one };
			add_term(sum, digit_g[i], &term, true);
		}
		if (digit_q[i] != 0) {
			term = table[table_index(digit_q[i])];
			add_term(sum, digit_q[i], &term, false);
		}
	}
}

/* x / z^2 mod p, reduced mod n, is r: without dividing, for r and for r + n where that is below p. */
static bool x_is(const struct point *p, struct p256_number r)
{
	struct p256_number z2, t;
	if (p256_is_zero(&p->z))
		return false;
	multiply(&z2, &p->z, &p->z);
	multiply(&t, &r, &p256_p.r2);
	multiply(&t, &t, &z2);
	if (p256_is_equal(&t, &p->x))
		return true;
	subtract(&t, &p256_p.m, &p256_n.m);
	if (!p256_is_below(&r, &t)) /* r + n would not be below p */
		return false;
	add(&r, &r, &p256_n.m);
	multiply(&t, &r, &p256_p.r2);
	multiply(&t, &t, &z2);
	return p256_is_equal(&t, &p->x);
}

bool p256_verify(const uint8_t public_key[64], const uint8_t digest[32], const uint8_t signature[64])
{
	struct p256_number r, s, u1, u2;
	struct point q, sum;
	load(&r, signature);
	load(&s, signature + 32);
	if (p256_is_zero(&r) || p256_is_zero(&s) || !p256_is_below(&r, &p256_n.m) || !p256_is_below(&s, &p256_n.m))
		return false;
	if (!point_load(&q, public_key))
		return false;
	load(&u1, digest); /* may be above n: a product with it is still below 2 n before its last reduction */
	p256_invert(&s, &s, &p256_n);
	p256_multiply(&s, &s, &p256_n.r2, &p256_n);
	p256_multiply(&u1, &u1, &s, &p256_n);
	p256_multiply(&u2, &r, &s, &p256_n);
	multiply_points(&sum, &u1, &u2, &q);
	return x_is(&sum, r);
}
