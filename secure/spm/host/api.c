/* SPDX-License-Identifier: Apache-2.0 */
/*
 * psa/client.h and psa/service.h of a host program: plain calls. While no partition serves, the program itself calls, as the Non-secure
 * world; it has no gates.
 */
#include <merlon/spm/spm.h>
#include <merlon/veneer.h>
#include <psa/lifecycle.h>

uint32_t psa_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

uint32_t psa_version(uint32_t sid)
{
	return (uint32_t)spm_plain(SPM_API_VERSION, sid, 0, 0, 0);
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	return spm_connect(SPM_CLIENT_NONSECURE, sid, version);
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	return spm_call(SPM_CLIENT_NONSECURE, handle, merlon_veneer_pack(type, in_len, out_len), in_vec, out_vec);
}

void psa_close(psa_handle_t handle)
{
	spm_close(SPM_CLIENT_NONSECURE, handle);
}

size_t psa_read(psa_handle_t msg_handle, uint32_t invec_idx, void *buffer, size_t num_bytes)
{
	return spm_plain(SPM_API_READ, (uint32_t)msg_handle, invec_idx, (uintptr_t)buffer, num_bytes);
}

size_t psa_skip(psa_handle_t msg_handle, uint32_t invec_idx, size_t num_bytes)
{
	return spm_plain(SPM_API_SKIP, (uint32_t)msg_handle, invec_idx, num_bytes, 0);
}

void psa_write(psa_handle_t msg_handle, uint32_t outvec_idx, const void *buffer, size_t num_bytes)
{
	(void)spm_plain(SPM_API_WRITE, (uint32_t)msg_handle, outvec_idx, (uintptr_t)buffer, num_bytes);
}

void psa_set_rhandle(psa_handle_t msg_handle, void *rhandle)
{
	(void)spm_plain(SPM_API_SET_RHANDLE, (uint32_t)msg_handle, (uintptr_t)rhandle, 0, 0);
}

void psa_panic(void)
{
	for (;;)
		(void)spm_plain(SPM_API_PANIC, 0, 0, 0, 0);
}

uint32_t psa_rot_lifecycle_state(void)
{
	return (uint32_t)spm_plain(SPM_API_LIFECYCLE, 0, 0, 0, 0);
}

const void *psa_map_invec(psa_handle_t msg_handle, uint32_t invec_idx)
{
	return (const void *)spm_plain(SPM_API_MAP_INVEC, (uint32_t)msg_handle, invec_idx, 0, 0);
}

void *psa_map_outvec(psa_handle_t msg_handle, uint32_t outvec_idx)
{
	return (void *)spm_plain(SPM_API_MAP_OUTVEC, (uint32_t)msg_handle, outvec_idx, 0, 0);
}

void psa_unmap_invec(psa_handle_t msg_handle, uint32_t invec_idx)
{
	(void)spm_plain(SPM_API_UNMAP_INVEC, (uint32_t)msg_handle, invec_idx, 0, 0);
}

void psa_unmap_outvec(psa_handle_t msg_handle, uint32_t outvec_idx, size_t len)
{
	(void)spm_plain(SPM_API_UNMAP_OUTVEC, (uint32_t)msg_handle, outvec_idx, len, 0);
}
