/* SPDX-License-Identifier: Apache-2.0 */
/** Everything that Merlon can switch on: the mission, and what older or other protocols ask for. */
#ifndef MERLON_CRYPTO_SET_FULL_H
#define MERLON_CRYPTO_SET_FULL_H

#include <merlon/crypto_set_mission.h>

#define PSA_WANT_ALG_CCM                     1
#define PSA_WANT_ALG_CCM_STAR_NO_TAG         1
#define PSA_WANT_ALG_CTR                     1
#define PSA_WANT_ALG_CBC_NO_PADDING          1
#define PSA_WANT_ALG_CBC_PKCS7               1
#define PSA_WANT_ALG_ECB_NO_PADDING          1
#define PSA_WANT_ALG_STREAM_CIPHER           1
#define PSA_WANT_ALG_CMAC                    1
#define PSA_WANT_ALG_DETERMINISTIC_ECDSA     1
#define PSA_WANT_ALG_TLS12_PRF               1
#define PSA_WANT_ALG_TLS12_PSK_TO_MS         1
#define PSA_WANT_ALG_TLS12_ECJPAKE_TO_PMS    1
#define PSA_WANT_ALG_JPAKE                   1
#define PSA_WANT_ALG_PBKDF2_AES_CMAC_PRF_128 1

#define PSA_WANT_ECC_SECP_R1_521    1
#define PSA_WANT_ECC_MONTGOMERY_255 1

#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_DERIVE 1

/* ECDSA in steps: psa_sign_hash_start() and its kin. */
#define MERLON_WANT_INTERRUPTIBLE 1

#endif
