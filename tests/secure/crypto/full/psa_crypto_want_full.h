/* SPDX-License-Identifier: Apache-2.0 */
/** The algorithms of the mission and the unauthenticated ciphers, for the test of secure/crypto/src/cipher.c. */
#ifndef MERLON_TEST_PSA_CRYPTO_WANT_FULL_H
#define MERLON_TEST_PSA_CRYPTO_WANT_FULL_H

#include <merlon/psa_crypto_want.h>

#define PSA_WANT_ALG_CTR            1
#define PSA_WANT_ALG_CBC_NO_PADDING 1
#define PSA_WANT_ALG_CBC_PKCS7      1

#endif
