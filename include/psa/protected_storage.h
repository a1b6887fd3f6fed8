/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PSA Protected Storage API 1.0: small objects in external flash that only their client can read, and that nobody can change, swap or
 * put back unnoticed. The optional calls psa_ps_create() and psa_ps_set_extended() are supported.
 *
 * Each change happens as a whole or not at all, whenever power is cut. Objects of one client are invisible to all others. All objects
 * are encrypted, authenticated and protected against replay, whatever their flags ask for.
 * Limits of this implementation: docs/format/ps.md.
 *
 * Source: Arm IHI 0087, section "Protected Storage".
 */
#ifndef PSA_PROTECTED_STORAGE_H
#define PSA_PROTECTED_STORAGE_H

#include <psa/storage_common.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_PS_API_VERSION_MAJOR 1
#define PSA_PS_API_VERSION_MINOR 0

/**
 * Make object `uid`, or replace it; its capacity becomes its size.
 *
 * @param data_length  Bytes; 0 is a valid size, and `p_data` may then be NULL.
 * @param p_data       Owned by the caller, read during the call.
 * @retval PSA_ERROR_INVALID_ARGUMENT      `uid` is 0, or memory that the caller may not read.
 * @retval PSA_ERROR_NOT_PERMITTED         The object exists and was made with PSA_STORAGE_FLAG_WRITE_ONCE.
 * @retval PSA_ERROR_NOT_SUPPORTED         A flag that the API does not define.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  No room, or larger than the largest object; the old object is as it was.
 * @retval PSA_ERROR_STORAGE_FAILURE       A flash failed, or the key that protects objects cannot be had.
 * @retval PSA_ERROR_GENERIC_ERROR         The partition manager refused the call.
 */
psa_status_t psa_ps_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags);

/**
 * Read up to `data_size` bytes of object `uid` from `data_offset` on.
 *
 * @param p_data         Owned by the caller. Untouched on error.
 * @param p_data_length  Bytes read: fewer than asked for when the object ends. 0 on error.
 * @retval PSA_ERROR_INVALID_ARGUMENT   `uid` is 0, `data_offset` lies behind the end, or memory that the caller may not write.
 * @retval PSA_ERROR_DOES_NOT_EXIST     No such object.
 * @retval PSA_ERROR_INVALID_SIGNATURE  What lies in external flash is not what was stored last: changed, another object's, another
 *                                      device's, or an older copy; nothing was returned, and the audit log knows.
 * @retval PSA_ERROR_DATA_CORRUPT       The object is missing in external flash or does not bear its checksum; as above.
 * @retval PSA_ERROR_STORAGE_FAILURE, PSA_ERROR_GENERIC_ERROR  As above.
 */
psa_status_t psa_ps_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length);

/** Capacity, size and flags of object `uid`. Errors as for psa_ps_get(); answers also for an object whose data are damaged. */
psa_status_t psa_ps_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info);

/**
 * Remove object `uid`, also a damaged one.
 * @retval PSA_ERROR_NOT_PERMITTED  The object was made with PSA_STORAGE_FLAG_WRITE_ONCE. Others as for psa_ps_set() and psa_ps_get().
 */
psa_status_t psa_ps_remove(psa_storage_uid_t uid);

/**
 * Make an empty object with room for `capacity` bytes, to be filled by psa_ps_set_extended(). The room is set aside at once.
 *
 * @retval PSA_ERROR_ALREADY_EXISTS  There is such an object; psa_ps_remove() it first.
 * @retval PSA_ERROR_NOT_SUPPORTED   PSA_STORAGE_FLAG_WRITE_ONCE: such an object could never be filled. Or a flag that the API does not
 *                                   define. Other errors as for psa_ps_set().
 */
psa_status_t psa_ps_create(psa_storage_uid_t uid, size_t capacity, psa_storage_create_flags_t create_flags);

/**
 * Write `data_length` bytes at `data_offset` of object `uid`, which grows as far as its capacity; the rest of it stays.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT  `data_offset` lies behind the present end, or the data would reach over the capacity.
 * @retval PSA_ERROR_DOES_NOT_EXIST    No such object.
 * @retval PSA_ERROR_NOT_PERMITTED     The object was made with PSA_STORAGE_FLAG_WRITE_ONCE. Others as for psa_ps_set() and psa_ps_get().
 */
psa_status_t psa_ps_set_extended(psa_storage_uid_t uid, size_t data_offset, size_t data_length, const void *p_data);

/** The optional calls that this implementation has: PSA_STORAGE_SUPPORT_SET_EXTENDED. */
uint32_t psa_ps_get_support(void);

#ifdef __cplusplus
}
#endif

#endif
