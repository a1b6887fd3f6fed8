/* SPDX-License-Identifier: Apache-2.0 */
#include "field_fiat.h"
#include <p256_32.h>

void fiat_multiply(struct p256_number *product, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m)
{
	if (m == &p256_p)
		fiat_p256_mul(product->word, a->word, b->word);
	else
		p256_multiply(product, a, b, m);
}

void fiat_add(struct p256_number *sum, const struct p256_number *a, const struct p256_number *b, const struct p256_modulus *m)
{
	if (m == &p256_p)
		fiat_p256_add(sum->word, a->word, b->word);
	else
		p256_add(sum, a, b, m);
}

void fiat_subtract(struct p256_number *difference, const struct p256_number *a, const struct p256_number *b,
		   const struct p256_modulus *m)
{
	if (m == &p256_p)
		fiat_p256_sub(difference->word, a->word, b->word);
	else
		p256_subtract(difference, a, b, m);
}
