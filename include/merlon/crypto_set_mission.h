/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The algorithms of the mission. A product names its set (`crypto_set` in product.yaml); the build writes <merlon/psa_crypto_want.h>,
 * which includes it for the Crypto service and for its clients alike, so that the size macros of psa/crypto.h agree.
 *
 * Names: PSA Certified Crypto API, appendix "Implementation-specific configuration" (PSA_WANT_*), as mbedTLS 3.6 reads them.
 */
#ifndef MERLON_CRYPTO_SET_MISSION_H
#define MERLON_CRYPTO_SET_MISSION_H

#define PSA_WANT_ALG_GCM                1
#define PSA_WANT_ALG_CHACHA20_POLY1305  1
#define PSA_WANT_ALG_ECDSA              1
#define PSA_WANT_ALG_ECDH               1
#define PSA_WANT_ALG_RSA_PSS            1
#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN  1
#define PSA_WANT_ALG_RSA_PKCS1V15_CRYPT 1
#define PSA_WANT_ALG_RSA_OAEP           1
#define PSA_WANT_ALG_SHA_224            1
#define PSA_WANT_ALG_SHA_256            1
#define PSA_WANT_ALG_SHA_384            1
#define PSA_WANT_ALG_SHA_512            1
#define PSA_WANT_ALG_SHA3_224           1
#define PSA_WANT_ALG_SHA3_256           1
#define PSA_WANT_ALG_SHA3_384           1
#define PSA_WANT_ALG_SHA3_512           1
#define PSA_WANT_ALG_HMAC               1
#define PSA_WANT_ALG_HKDF               1
#define PSA_WANT_ALG_HKDF_EXTRACT       1
#define PSA_WANT_ALG_HKDF_EXPAND        1
#define PSA_WANT_ALG_PBKDF2_HMAC        1

#define PSA_WANT_ECC_SECP_R1_256 1
#define PSA_WANT_ECC_SECP_R1_384 1

#define PSA_WANT_KEY_TYPE_AES                   1
#define PSA_WANT_KEY_TYPE_CHACHA20              1
#define PSA_WANT_KEY_TYPE_DERIVE                1
#define PSA_WANT_KEY_TYPE_HMAC                  1
#define PSA_WANT_KEY_TYPE_PASSWORD              1
#define PSA_WANT_KEY_TYPE_PASSWORD_HASH         1
#define PSA_WANT_KEY_TYPE_RAW_DATA              1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC    1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC    1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT   1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_GENERATE 1

#endif
