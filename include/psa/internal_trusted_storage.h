/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PSA Internal Trusted Storage API 1.0: small objects in on-chip flash that only their client can read.
 *
 * Each change happens as a whole or not at all, whenever power is cut. Objects of one client are invisible to all others.
 * Limits of this implementation: docs/format/store.md.
 *
 * Source: Arm IHI 0087, section "Internal Trusted Storage".
 */
#ifndef PSA_INTERNAL_TRUSTED_STORAGE_H
#define PSA_INTERNAL_TRUSTED_STORAGE_H

#include <psa/storage_common.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_ITS_API_VERSION_MAJOR 1
#define PSA_ITS_API_VERSION_MINOR 0

/**
 * Make object `uid`, or replace it.
 *
 * @param data_length  Bytes; 0 is a valid size, and `p_data` may then be NULL.
 * @param p_data       Owned by the caller, read during the call.
 * @retval PSA_ERROR_INVALID_ARGUMENT      `uid` is 0, or memory that the caller may not read.
 * @retval PSA_ERROR_NOT_PERMITTED         The object exists and was made with PSA_STORAGE_FLAG_WRITE_ONCE.
 * @retval PSA_ERROR_NOT_SUPPORTED         A flag that the API does not define.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  No room, or larger than the largest object; the old object is as it was.
 * @retval PSA_ERROR_STORAGE_FAILURE       The flash failed.
 * @retval PSA_ERROR_GENERIC_ERROR         The partition manager refused the call.
 */
psa_status_t psa_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags);

/**
 * Read up to `data_size` bytes of object `uid` from `data_offset` on.
 *
 * @param p_data         Owned by the caller. Untouched on error.
 * @param p_data_length  Bytes read: fewer than asked for when the object ends. 0 on error.
 * @retval PSA_ERROR_INVALID_ARGUMENT  `uid` is 0, `data_offset` lies behind the end, or memory that the caller may not write.
 * @retval PSA_ERROR_DOES_NOT_EXIST    No such object.
 * @retval PSA_ERROR_DATA_CORRUPT      The object is damaged; nothing was returned.
 * @retval PSA_ERROR_STORAGE_FAILURE, PSA_ERROR_GENERIC_ERROR  As above.
 */
psa_status_t psa_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length);

/** Size and flags of object `uid`. Errors as for psa_its_get(). */
psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info);

/**
 * Remove object `uid`.
 * @retval PSA_ERROR_NOT_PERMITTED  The object was made with PSA_STORAGE_FLAG_WRITE_ONCE. Others as for psa_its_get().
 */
psa_status_t psa_its_remove(psa_storage_uid_t uid);

#ifdef __cplusplus
}
#endif

#endif
