/* SPDX-License-Identifier: Apache-2.0 */
/**
 * mbedTLS 3.6 as the core of the Crypto partition: which algorithms comes from merlon/psa_crypto_want.h, how they are built from here.
 *
 * P-256 runs on mbedTLS's own bignum where P-384 or RSA brings it in any case, and on its p256-m where nothing else needs it: that is
 * 12 KB smaller and slower (facts in secure/crypto/README.md).
 */
#ifndef MERLON_CORE_CONFIG_H
#define MERLON_CORE_CONFIG_H

#include <merlon/psa_crypto_want.h>

#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_SPM                     /* renames psa_* of the core: crypto_spe.h */
#define MBEDTLS_PSA_CRYPTO_KEY_ID_ENCODES_OWNER    /* a key belongs to the client that made it */
#define MBEDTLS_PSA_CRYPTO_STORAGE_C               /* persistent keys, over src/storage.c */
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG            /* src/random.c */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS       /* the partition has copied everything before the core sees it */
#define MBEDTLS_PSA_KEY_SLOT_COUNT              32 /* keys in RAM at once; persistent keys come and go */

#if !defined(PSA_WANT_ECC_SECP_R1_384) && !defined(PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY)
#define MBEDTLS_PSA_P256M_DRIVER_ENABLED
#endif

#ifdef MERLON_WANT_INTERRUPTIBLE
#define MBEDTLS_ECP_RESTARTABLE
#endif

#define MBEDTLS_CTR_DRBG_C

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS          /* no malloc behind the arena */
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO   snprintf /* of functions that the linker drops */
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C              /* the static arena of src/partition.c */
#define MBEDTLS_MEMORY_ALIGN_MULTIPLE     8        /* contexts with 64-bit words */

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#if !defined(PSA_WANT_ALG_CBC_NO_PADDING) && !defined(PSA_WANT_ALG_CBC_PKCS7) && !defined(PSA_WANT_ALG_ECB_NO_PADDING)
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM, CCM, CTR and CTR_DRBG only encrypt */
#endif
#define MBEDTLS_SHA512_SMALLER
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_WINDOW_SIZE 4

#endif
