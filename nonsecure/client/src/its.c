/* SPDX-License-Identifier: Apache-2.0 */
#include "storage_call.h"
#include <merlon/its_call.h>
#include <psa/internal_trusted_storage.h>
#include <psa_manifest/sid.h>

psa_status_t psa_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags)
{
	struct merlon_its_request request = { uid, create_flags, 0 };
	psa_invec in[2] = { { &request, sizeof request }, { p_data, data_length } };
	return storage_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_SET, in, 2, NULL, 0);
}

psa_status_t psa_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length)
{
	struct merlon_its_request request = { uid, 0, (uint32_t)data_offset };
	psa_invec in = { &request, sizeof request };
	return storage_get(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_GET, &in, data_offset, (psa_outvec) { p_data, data_size },
			   p_data_length);
}

psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info)
{
	struct merlon_its_request request = { uid, 0, 0 };
	struct merlon_its_info info = { 0, 0 };
	psa_invec in = { &request, sizeof request };
	psa_outvec out = { &info, sizeof info };
	if (p_info == NULL)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = storage_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_GET_INFO, &in, 1, &out, 1);
	if (status == PSA_SUCCESS)
		*p_info = (struct psa_storage_info_t) { .capacity = info.size, .size = info.size, .flags = info.flags };
	return status;
}

psa_status_t psa_its_remove(psa_storage_uid_t uid)
{
	struct merlon_its_request request = { uid, 0, 0 };
	psa_invec in = { &request, sizeof request };
	return storage_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_REMOVE, &in, 1, NULL, 0);
}
