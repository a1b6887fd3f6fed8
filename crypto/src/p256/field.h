/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Arithmetic modulo the prime of NIST P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1, and modulo the order n of its group.
 *
 * For public data only: the time depends on the values. Elements are 8 little-endian words, always fully reduced; field elements
 * and scalars are kept in the Montgomery domain (x * 2^256) between p256_to_montgomery() and p256_from_montgomery().
 *
 * This header is the seam of the verifier: `field.c` is the product's implementation, and the tests put formally verified
 * arithmetic behind the same functions. Source: FIPS 186-5, SP 800-186 section 3.2.1.3.
 */
#ifndef MERLON_CRYPTO_P256_FIELD_H
#define MERLON_CRYPTO_P256_FIELD_H

#include <stdbool.h>
#include <stdint.h>

enum { P256_WORDS = 8 };

struct p256_number {
	uint32_t word[P256_WORDS];
};

/** A modulus and what Montgomery arithmetic needs to know of it. */
struct p256_modulus {
	struct p256_number m, r2; /* r2 = 2^512 mod m */
	uint64_t inverse;         /* -1 / m mod 2^64 */
};

extern const struct p256_modulus p256_p, p256_n;

/** product = a * b / 2^256 modulo m. The output may be one of the inputs. */
void p256_multiply(struct p256_number *product, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m);
void p256_add(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b, const struct p256_modulus *m);
void p256_subtract(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m);
/** Bring value + carry * 2^256, which is below 2 m, below m. */
void p256_reduce(struct p256_number *value, uint32_t carry, const struct p256_modulus *m);
/** inverse = 1 / a modulo m, both in the Montgomery domain; 0 gives 0. The output may be the input. */
void p256_invert(struct p256_number *inverse, const struct p256_number *a, const struct p256_modulus *m);

/** The bit of weight 2^position; false from 256 on. */
bool p256_bit(const struct p256_number *a, int position);
bool p256_is_zero(const struct p256_number *a);
bool p256_is_equal(const struct p256_number *a, const struct p256_number *b);
bool p256_is_below(const struct p256_number *a, const struct p256_number *b);

#endif
