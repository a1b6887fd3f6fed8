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

/* Constants are in the Montgomery domain, too. */
static const struct p256_number one = { { 1, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe, 0 } };
static const struct p256_number curve_b = {
	{ 0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd, 0xf7212ed6, 0xe5a220ab, 0x04874834, 0xdc30061d },
};

static const struct affine_point generator = {
	{ { 0x18a9143c, 0x79e730d4, 0x5fedb601, 0x75ba95fc, 0x77622510, 0x79fb732b, 0xa53755c6, 0x18905f76 } },
	{ { 0xce95560a, 0xddf25357, 0xba19e45c, 0x8b4ab8e4, 0xdd21f325, 0xd2e88688, 0x25885d85, 0x8571ff18 } },
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

/* p = p + q; all cases: p infinity, p = q, p = -q. 11 multiplications. */
static void point_add(struct point *p, const struct affine_point *q)
{
	struct p256_number h, r, t, u;
	if (p256_is_zero(&p->z)) {
		*p = (struct point) { q->x, q->y, one };
		return;
	}
	multiply(&t, &p->z, &p->z);
	multiply(&h, &q->x, &t);
	subtract(&h, &h, &p->x); /* h = x_q z^2 - x */
	multiply(&r, &q->y, &t);
	multiply(&r, &r, &p->z);
	subtract(&r, &r, &p->y); /* r = y_q z^3 - y */
	if (p256_is_zero(&h) && p256_is_zero(&r)) {
		point_double(p);
		return;
	}
	multiply(&p->z, &p->z, &h); /* 0 when p = -q: infinity */
	multiply(&t, &h, &h);
	multiply(&u, &p->x, &t); /* x h^2 */
	multiply(&t, &t, &h);    /* h^3 */
	multiply(&p->x, &r, &r);
	subtract(&p->x, &p->x, &t);
	subtract(&p->x, &p->x, &u);
	subtract(&p->x, &p->x, &u); /* x' = r^2 - h^3 - 2 x h^2 */
	multiply(&t, &p->y, &t);
	subtract(&u, &u, &p->x);
	multiply(&u, &r, &u);
	subtract(&p->y, &u, &t); /* y' = r (x h^2 - x') - y h^3 */
}

/* Infinity becomes (0, 0). */
static void make_affine(struct affine_point *affine, const struct point *p)
{
	struct p256_number inverse, t;
	p256_invert(&inverse, &p->z, &p256_p);
	multiply(&t, &inverse, &inverse);
	multiply(&affine->x, &p->x, &t);
	multiply(&t, &t, &inverse);
	multiply(&affine->y, &p->y, &t);
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
static bool point_load(struct affine_point *point, const uint8_t bytes[64])
{
	struct p256_number left, right, *x = &point->x, *y = &point->y;
	if (!load_below(x, bytes, &p256_p) || !load_below(y, bytes + 32, &p256_p))
		return false;
	multiply(x, x, &p256_p.r2);
	multiply(y, y, &p256_p.r2);
	multiply(&left, y, y);
	multiply(&right, x, x);
	multiply(&right, &right, x);
	for (int i = 0; i < 3; i++)
		subtract(&right, &right, x);
	add(&right, &right, &curve_b);
	return p256_is_equal(&left, &right);
}

/* sum = u1 G + u2 Q, both in one run of doublings (Shamir's trick). */
static void multiply_points(struct point *sum, const struct p256_number *u1, const struct p256_number *u2,
			    const struct affine_point *q)
{
	struct affine_point both;
	const struct affine_point *const terms[] = { &generator, q, &both };
	*sum = (struct point) { 0 };
	point_add(sum, q);
	point_add(sum, &generator);
	bool is_opposite = p256_is_zero(&sum->z); /* Q = -G: where both bits are set there is nothing to add */
	make_affine(&both, sum);
	*sum = (struct point) { 0 };
	for (int i = 255; i >= 0; i--) {
		unsigned bits = p256_bit(u1, i) + 2u * p256_bit(u2, i);
		point_double(sum);
		if (bits != 0 && !(bits == 3 && is_opposite))
			point_add(sum, terms[bits - 1]);
	}
}

/* x of the point, an integer below p, is r modulo n. */
static bool x_is(const struct point *p, const struct p256_number *r)
{
	static const struct p256_number unit = { { 1 } };
	struct affine_point affine;
	if (p256_is_zero(&p->z))
		return false;
	make_affine(&affine, p);
	multiply(&affine.x, &affine.x, &unit); /* out of the Montgomery domain */
	p256_reduce(&affine.x, 0, &p256_n);
	return p256_is_equal(&affine.x, r);
}

bool p256_verify(const uint8_t public_key[64], const uint8_t digest[32], const uint8_t signature[64])
{
	struct p256_number r, s, u1, u2;
	struct affine_point q;
	struct point sum;
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
