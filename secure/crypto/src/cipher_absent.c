/* SPDX-License-Identifier: Apache-2.0 */
/* In place of cipher.c in products without an unauthenticated cipher: each such call answers PSA_ERROR_NOT_SUPPORTED. */
#include "call.h"

const struct crypto_rows crypto_cipher_rows = { NULL, 0, CRYPTO_KIND_CIPHER };
