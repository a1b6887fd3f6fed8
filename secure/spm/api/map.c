/* SPDX-License-Identifier: Apache-2.0 */
/* MM-IOVEC, at isolation level 1. */
#include "supervisor.h"

const void *psa_map_invec(psa_handle_t msg_handle, uint32_t invec_idx)
{
	return (const void *)CALL(SPM_API_MAP_INVEC, (uint32_t)msg_handle, invec_idx, 0, 0);
}

void *psa_map_outvec(psa_handle_t msg_handle, uint32_t outvec_idx)
{
	return (void *)CALL(SPM_API_MAP_OUTVEC, (uint32_t)msg_handle, outvec_idx, 0, 0);
}

void psa_unmap_invec(psa_handle_t msg_handle, uint32_t invec_idx)
{
	(void)CALL(SPM_API_UNMAP_INVEC, (uint32_t)msg_handle, invec_idx, 0, 0);
}

void psa_unmap_outvec(psa_handle_t msg_handle, uint32_t outvec_idx, size_t len)
{
	(void)CALL(SPM_API_UNMAP_OUTVEC, (uint32_t)msg_handle, outvec_idx, len, 0);
}
