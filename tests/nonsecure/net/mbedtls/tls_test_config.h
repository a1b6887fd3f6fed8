/* SPDX-License-Identifier: Apache-2.0 */
/* The device's TLS configuration with mbedTLS's own PSA core behind it, so that one program on the host is a whole client. */
#include <tls_config.h>
#undef MBEDTLS_PSA_CRYPTO_CLIENT
#undef MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_AES_C
