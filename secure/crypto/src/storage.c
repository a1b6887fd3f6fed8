/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the core keeps persistent keys: objects of this partition in Internal Trusted Storage, named owner << 32 | key identifier.
 * The core calls these four in place of psa_its_* (crypto_spe.h).
 */
#include "storage.h"
#include <psa/internal_trusted_storage.h>

psa_status_t core_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags);
psa_status_t core_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length);
psa_status_t core_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info);
psa_status_t core_its_remove(psa_storage_uid_t uid);

/* The first error of the present call. */
static psa_status_t first_error;

void crypto_storage_begin(void)
{
	first_error = PSA_SUCCESS;
}

psa_status_t crypto_storage_explain(psa_status_t status)
{
	return status == PSA_ERROR_DATA_INVALID && first_error != PSA_SUCCESS ? first_error : status;
}

/* That an object is not there is an answer, not an error. */
static psa_status_t note(psa_status_t status)
{
	if (first_error == PSA_SUCCESS && status != PSA_ERROR_DOES_NOT_EXIST)
		first_error = status;
	return status;
}

psa_status_t core_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags)
{
	return note(psa_its_set(uid, data_length, p_data, create_flags));
}

psa_status_t core_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length)
{
	return note(psa_its_get(uid, data_offset, data_size, p_data, p_data_length));
}

psa_status_t core_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info)
{
	return note(psa_its_get_info(uid, p_info));
}

psa_status_t core_its_remove(psa_storage_uid_t uid)
{
	return note(psa_its_remove(uid));
}
