/* SPDX-License-Identifier: Apache-2.0 */
/** The algorithms of TF-M's profile medium, for a like-for-like comparison and for small products. */
#ifndef MERLON_CRYPTO_SET_MEDIUM_H
#define MERLON_CRYPTO_SET_MEDIUM_H

#define PSA_WANT_ALG_CCM             1
#define PSA_WANT_ALG_ECDH            1
#define PSA_WANT_ALG_ECDSA           1
#define PSA_WANT_ALG_HKDF            1
#define PSA_WANT_ALG_HMAC            1
#define PSA_WANT_ALG_PBKDF2_HMAC     1
#define PSA_WANT_ALG_SHA_224         1
#define PSA_WANT_ALG_SHA_256         1
#define PSA_WANT_ALG_TLS12_PRF       1
#define PSA_WANT_ALG_TLS12_PSK_TO_MS 1
/* HKDF in halves, which that profile does not offer and TLS 1.3 asks for. */
#define PSA_WANT_ALG_HKDF_EXTRACT 1
#define PSA_WANT_ALG_HKDF_EXPAND  1

#define PSA_WANT_ECC_SECP_R1_256 1

#define PSA_WANT_KEY_TYPE_AES                   1
#define PSA_WANT_KEY_TYPE_DERIVE                1
#define PSA_WANT_KEY_TYPE_HMAC                  1
#define PSA_WANT_KEY_TYPE_RAW_DATA              1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC    1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1

#endif
