/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The algorithms of the mission: what psa/crypto.h offers, for the Crypto service and for its clients alike.
 *
 * Both sides compile psa/crypto.h with this list, so that the size macros agree. Names: PSA Certified Crypto API, appendix
 * "Implementation-specific configuration" (PSA_WANT_*), as mbedTLS 3.6 reads them.
 */
#ifndef MERLON_PSA_CRYPTO_WANT_H
#define MERLON_PSA_CRYPTO_WANT_H

#define PSA_WANT_ALG_GCM               1
#define PSA_WANT_ALG_CHACHA20_POLY1305 1
#define PSA_WANT_ALG_ECDSA             1
#define PSA_WANT_ALG_ECDH              1
#define PSA_WANT_ALG_SHA_224           1
#define PSA_WANT_ALG_SHA_256           1
#define PSA_WANT_ALG_SHA_384           1
#define PSA_WANT_ALG_SHA_512           1
#define PSA_WANT_ALG_HMAC              1
#define PSA_WANT_ALG_HKDF              1
#define PSA_WANT_ALG_HKDF_EXTRACT      1
#define PSA_WANT_ALG_HKDF_EXPAND       1

#define PSA_WANT_ECC_SECP_R1_256 1
#define PSA_WANT_ECC_SECP_R1_384 1

#define PSA_WANT_KEY_TYPE_AES                   1
#define PSA_WANT_KEY_TYPE_CHACHA20              1
#define PSA_WANT_KEY_TYPE_DERIVE                1
#define PSA_WANT_KEY_TYPE_HMAC                  1
#define PSA_WANT_KEY_TYPE_RAW_DATA              1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC    1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1

#endif
