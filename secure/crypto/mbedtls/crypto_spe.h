/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Read by psa/crypto_platform.h when MBEDTLS_PSA_CRYPTO_SPM is defined: the core's functions get names of their own, so that the
 * Secure image holds the core and the client calls psa_* side by side. Its storage calls go to src/storage.c.
 */
#ifndef MERLON_CRYPTO_SPE_H
#define MERLON_CRYPTO_SPE_H

#define psa_aead_abort                          core_psa_aead_abort
#define psa_aead_decrypt                        core_psa_aead_decrypt
#define psa_aead_decrypt_setup                  core_psa_aead_decrypt_setup
#define psa_aead_encrypt                        core_psa_aead_encrypt
#define psa_aead_encrypt_setup                  core_psa_aead_encrypt_setup
#define psa_aead_finish                         core_psa_aead_finish
#define psa_aead_generate_nonce                 core_psa_aead_generate_nonce
#define psa_aead_set_lengths                    core_psa_aead_set_lengths
#define psa_aead_set_nonce                      core_psa_aead_set_nonce
#define psa_aead_update                         core_psa_aead_update
#define psa_aead_update_ad                      core_psa_aead_update_ad
#define psa_aead_verify                         core_psa_aead_verify
#define psa_asymmetric_decrypt                  core_psa_asymmetric_decrypt
#define psa_asymmetric_encrypt                  core_psa_asymmetric_encrypt
#define psa_can_do_cipher                       core_psa_can_do_cipher
#define psa_can_do_hash                         core_psa_can_do_hash
#define psa_cipher_abort                        core_psa_cipher_abort
#define psa_cipher_decrypt                      core_psa_cipher_decrypt
#define psa_cipher_decrypt_setup                core_psa_cipher_decrypt_setup
#define psa_cipher_encrypt                      core_psa_cipher_encrypt
#define psa_cipher_encrypt_setup                core_psa_cipher_encrypt_setup
#define psa_cipher_finish                       core_psa_cipher_finish
#define psa_cipher_generate_iv                  core_psa_cipher_generate_iv
#define psa_cipher_set_iv                       core_psa_cipher_set_iv
#define psa_cipher_update                       core_psa_cipher_update
#define psa_close_key                           core_psa_close_key
#define psa_copy_key                            core_psa_copy_key
#define psa_crypto_driver_pake_get_cipher_suite core_psa_crypto_driver_pake_get_cipher_suite
#define psa_crypto_driver_pake_get_password     core_psa_crypto_driver_pake_get_password
#define psa_crypto_driver_pake_get_password_len core_psa_crypto_driver_pake_get_password_len
#define psa_crypto_driver_pake_get_peer         core_psa_crypto_driver_pake_get_peer
#define psa_crypto_driver_pake_get_peer_len     core_psa_crypto_driver_pake_get_peer_len
#define psa_crypto_driver_pake_get_user         core_psa_crypto_driver_pake_get_user
#define psa_crypto_driver_pake_get_user_len     core_psa_crypto_driver_pake_get_user_len
#define psa_crypto_init                         core_psa_crypto_init
#define psa_destroy_key                         core_psa_destroy_key
#define psa_export_key                          core_psa_export_key
#define psa_export_public_key                   core_psa_export_public_key
#define psa_generate_key                        core_psa_generate_key
#define psa_generate_key_custom                 core_psa_generate_key_custom
#define psa_generate_key_ext                    core_psa_generate_key_ext
#define psa_generate_random                     core_psa_generate_random
#define psa_get_key_attributes                  core_psa_get_key_attributes
#define psa_hash_abort                          core_psa_hash_abort
#define psa_hash_clone                          core_psa_hash_clone
#define psa_hash_compare                        core_psa_hash_compare
#define psa_hash_compute                        core_psa_hash_compute
#define psa_hash_finish                         core_psa_hash_finish
#define psa_hash_setup                          core_psa_hash_setup
#define psa_hash_update                         core_psa_hash_update
#define psa_hash_verify                         core_psa_hash_verify
#define psa_import_key                          core_psa_import_key
#define psa_interruptible_get_max_ops           core_psa_interruptible_get_max_ops
#define psa_interruptible_set_max_ops           core_psa_interruptible_set_max_ops
#define psa_key_derivation_abort                core_psa_key_derivation_abort
#define psa_key_derivation_get_capacity         core_psa_key_derivation_get_capacity
#define psa_key_derivation_input_bytes          core_psa_key_derivation_input_bytes
#define psa_key_derivation_input_integer        core_psa_key_derivation_input_integer
#define psa_key_derivation_input_key            core_psa_key_derivation_input_key
#define psa_key_derivation_key_agreement        core_psa_key_derivation_key_agreement
#define psa_key_derivation_output_bytes         core_psa_key_derivation_output_bytes
#define psa_key_derivation_output_key           core_psa_key_derivation_output_key
#define psa_key_derivation_output_key_custom    core_psa_key_derivation_output_key_custom
#define psa_key_derivation_output_key_ext       core_psa_key_derivation_output_key_ext
#define psa_key_derivation_set_capacity         core_psa_key_derivation_set_capacity
#define psa_key_derivation_setup                core_psa_key_derivation_setup
#define psa_key_derivation_verify_bytes         core_psa_key_derivation_verify_bytes
#define psa_key_derivation_verify_key           core_psa_key_derivation_verify_key
#define psa_mac_abort                           core_psa_mac_abort
#define psa_mac_compute                         core_psa_mac_compute
#define psa_mac_sign_finish                     core_psa_mac_sign_finish
#define psa_mac_sign_setup                      core_psa_mac_sign_setup
#define psa_mac_update                          core_psa_mac_update
#define psa_mac_verify                          core_psa_mac_verify
#define psa_mac_verify_finish                   core_psa_mac_verify_finish
#define psa_mac_verify_setup                    core_psa_mac_verify_setup
#define psa_open_key                            core_psa_open_key
#define psa_pake_abort                          core_psa_pake_abort
#define psa_pake_get_implicit_key               core_psa_pake_get_implicit_key
#define psa_pake_input                          core_psa_pake_input
#define psa_pake_output                         core_psa_pake_output
#define psa_pake_set_password_key               core_psa_pake_set_password_key
#define psa_pake_set_peer                       core_psa_pake_set_peer
#define psa_pake_set_role                       core_psa_pake_set_role
#define psa_pake_set_user                       core_psa_pake_set_user
#define psa_pake_setup                          core_psa_pake_setup
#define psa_purge_key                           core_psa_purge_key
#define psa_random_deplete                      core_psa_random_deplete
#define psa_random_reseed                       core_psa_random_reseed
#define psa_random_set_prediction_resistance    core_psa_random_set_prediction_resistance
#define psa_raw_key_agreement                   core_psa_raw_key_agreement
#define psa_reset_key_attributes                core_psa_reset_key_attributes
#define psa_sign_hash                           core_psa_sign_hash
#define psa_sign_hash_abort                     core_psa_sign_hash_abort
#define psa_sign_hash_complete                  core_psa_sign_hash_complete
#define psa_sign_hash_get_num_ops               core_psa_sign_hash_get_num_ops
#define psa_sign_hash_start                     core_psa_sign_hash_start
#define psa_sign_message                        core_psa_sign_message
#define psa_verify_hash                         core_psa_verify_hash
#define psa_verify_hash_abort                   core_psa_verify_hash_abort
#define psa_verify_hash_complete                core_psa_verify_hash_complete
#define psa_verify_hash_get_num_ops             core_psa_verify_hash_get_num_ops
#define psa_verify_hash_start                   core_psa_verify_hash_start
#define psa_verify_message                      core_psa_verify_message

#define mbedtls_psa_crypto_free core_mbedtls_psa_crypto_free

#define psa_its_get      core_its_get
#define psa_its_get_info core_its_get_info
#define psa_its_remove   core_its_remove
#define psa_its_set      core_its_set

#endif
