/* SPDX-License-Identifier: Apache-2.0 */
/* What TLS uses of the product's algorithms: no RSA, whose keys mbedTLS's parser would handle itself instead of asking the service. */
#ifndef MERLON_TLS_WANT_H
#define MERLON_TLS_WANT_H

#include <merlon/psa_crypto_want.h>

#undef PSA_WANT_ALG_RSA_OAEP
#undef PSA_WANT_ALG_RSA_PKCS1V15_CRYPT
#undef PSA_WANT_ALG_RSA_PKCS1V15_SIGN
#undef PSA_WANT_ALG_RSA_PSS
#undef PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC
#undef PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT
#undef PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_GENERATE
#undef PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT
#undef PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY

#endif
