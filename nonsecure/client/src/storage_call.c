/* SPDX-License-Identifier: Apache-2.0 */
#include "storage_call.h"

/* A call that the partition manager refuses for its memory is an invalid argument here; any other refusal has no name in this API. */
psa_status_t storage_call(psa_handle_t handle, int32_t type, const psa_invec *in, size_t in_len, psa_outvec *out, size_t out_len)
{
	psa_status_t status = psa_call(handle, type, in, in_len, out, out_len);
	if (status == PSA_ERROR_PROGRAMMER_ERROR)
		return PSA_ERROR_INVALID_ARGUMENT;
	return status == PSA_ERROR_CONNECTION_REFUSED || status == PSA_ERROR_CONNECTION_BUSY ? PSA_ERROR_GENERIC_ERROR : status;
}

psa_status_t storage_get(psa_handle_t handle, int32_t type, const psa_invec *request, size_t offset, psa_outvec data,
			 size_t *length)
{
	if (length == NULL)
		return PSA_ERROR_INVALID_ARGUMENT;
	*length = 0;
	if (offset > UINT32_MAX)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = storage_call(handle, type, request, 1, &data, 1);
	if (status == PSA_SUCCESS)
		*length = data.len;
	return status;
}
