/* SPDX-License-Identifier: Apache-2.0 */
/** The field functions of crypto/src/p256/field.h over fiat-crypto's verified arithmetic modulo p; modulo n the product's own. */
#ifndef MERLON_TESTS_FIELD_FIAT_H
#define MERLON_TESTS_FIELD_FIAT_H

#include "p256/field.h"

void fiat_multiply(struct p256_number *product, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m);
void fiat_add(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b, const struct p256_modulus *m);
void fiat_subtract(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m);

/** crypto/src/p256/verify.c, compiled against the three above. */
bool fiat_verify(const uint8_t public_key[64], const uint8_t digest[32], const uint8_t signature[64]);

#endif
