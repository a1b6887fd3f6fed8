/* SPDX-License-Identifier: Apache-2.0 */
/* In place of cipher.c, pake.c and interruptible.c in products whose set has none of it: such a call answers PSA_ERROR_NOT_SUPPORTED. */
#include "call.h"

const struct crypto_rows crypto_cipher_rows = { NULL, 0, CRYPTO_KIND_CIPHER, NULL, 0 };
const struct crypto_rows crypto_pake_rows = { NULL, 0, CRYPTO_KIND_PAKE, NULL, 0 };
const struct crypto_rows crypto_interruptible_rows = { NULL, 0, CRYPTO_KIND_INTERRUPTIBLE, NULL, 0 };
