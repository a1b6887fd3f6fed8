/* SPDX-License-Identifier: Apache-2.0 */
/** Configuration of psa/crypto.h for clients of the Crypto service: types and calls only, operations are handles. */
#ifndef MERLON_PSA_CRYPTO_CLIENT_H
#define MERLON_PSA_CRYPTO_CLIENT_H

#define MBEDTLS_PSA_CRYPTO_CLIENT
#define MBEDTLS_PSA_CRYPTO_CONFIG

#endif
