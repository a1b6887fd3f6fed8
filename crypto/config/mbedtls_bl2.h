/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbedTLS for BL2: p256-m, nothing else. Verification of public data only.
 *
 * Every public name is given a prefix of its own, so that a host program may hold this variant beside a full mbedTLS: BL2's own
 * code runs inside `merlon` and in the tests, where the full library is linked too.
 */
#define MBEDTLS_PSA_P256M_DRIVER_ENABLED

#define mbedtls_platform_zeroize merlon_bl2_zeroize
#define mbedtls_zeroize_and_free merlon_bl2_zeroize_and_free

#define p256_generate_random     merlon_bl2_p256_generate_random
#define p256_gen_keypair         merlon_bl2_p256_gen_keypair
#define p256_ecdh_shared_secret  merlon_bl2_p256_ecdh_shared_secret
#define p256_ecdsa_sign          merlon_bl2_p256_ecdsa_sign
#define p256_ecdsa_verify        merlon_bl2_p256_ecdsa_verify
#define p256_validate_pubkey     merlon_bl2_p256_validate_pubkey
#define p256_validate_privkey    merlon_bl2_p256_validate_privkey
#define p256_public_from_private merlon_bl2_p256_public_from_private
/* p256-m draws random numbers for operations that nobody here calls; merlon_bl2_no_random() answers with an error. */
#define psa_generate_random merlon_bl2_no_random
