/* SPDX-License-Identifier: Apache-2.0 */
/* psa/client.h for the Non-secure world: the gates of the Secure image, one call at a time. */
#include "lock.h"
#include <merlon/veneer.h>

uint32_t psa_framework_version(void)
{
	(void)client_acquire();
	uint32_t version = merlon_veneer_framework_version();
	client_release();
	return version;
}

uint32_t psa_version(uint32_t sid)
{
	uint32_t version;
	do {
		(void)client_acquire();
		version = merlon_veneer_version(sid);
		client_release();
	} while (version == (uint32_t)MERLON_VENEER_AGAIN && client_wait());
	return version == (uint32_t)MERLON_VENEER_AGAIN ? PSA_VERSION_NONE : version;
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	psa_handle_t handle;
	do {
		uint32_t client = client_acquire();
		handle = merlon_veneer_connect(sid, version, client);
		client_release();
	} while (handle == MERLON_VENEER_AGAIN && client_wait());
	return handle == MERLON_VENEER_AGAIN ? PSA_ERROR_CONNECTION_BUSY : handle;
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	merlon_veneer_control control = merlon_veneer_pack(type, in_len, out_len);
	psa_status_t status;
	do {
		uint32_t client = client_acquire();
		status = merlon_veneer_call(handle, control | client << MERLON_VENEER_CLIENT_SHIFT, in_vec, out_vec);
		client_release();
	} while (status == MERLON_VENEER_AGAIN && client_wait());
	return status == MERLON_VENEER_AGAIN ? PSA_ERROR_CONNECTION_BUSY : status;
}

void psa_close(psa_handle_t handle)
{
	psa_status_t status;
	do {
		uint32_t client = client_acquire();
		status = merlon_veneer_close(handle, client);
		client_release();
	} while (status == MERLON_VENEER_AGAIN && client_wait());
}
