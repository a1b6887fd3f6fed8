/* SPDX-License-Identifier: Apache-2.0 */
/** Built-in keys: volatile keys of nobody, under which the identifiers of merlon/builtin_keys.h stand for the clients they are for. */
#ifndef MERLON_CRYPTO_BUILTIN_H
#define MERLON_CRYPTO_BUILTIN_H

#include <psa/crypto.h>
#include <stdbool.h>

/** Make the keys, for every user its own, and wipe what they were made from. @return PSA_SUCCESS, also when there are none. */
psa_status_t crypto_builtin_init(void);

/** Is this an identifier of the range that PSA keeps for built-in keys? */
bool crypto_builtin_is(uint32_t id);

/** The key behind a built-in identifier, for this client; the null key when it has none. */
mbedtls_svc_key_id_t crypto_builtin_find(int32_t client, uint32_t id);

#endif
