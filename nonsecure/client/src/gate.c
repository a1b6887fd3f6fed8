/* SPDX-License-Identifier: Apache-2.0 */
/* psa/client.h for the Non-secure world: the gates of the Secure image, one call at a time. */
#include "lock.h"
#include <merlon/veneer.h>

uint32_t psa_framework_version(void)
{
	client_acquire();
	uint32_t version = merlon_veneer_framework_version();
	client_release();
	return version;
}

uint32_t psa_version(uint32_t sid)
{
	client_acquire();
	uint32_t version = merlon_veneer_version(sid);
	client_release();
	return version;
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	client_acquire();
	psa_handle_t handle = merlon_veneer_connect(sid, version);
	client_release();
	return handle;
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	client_acquire();
	psa_status_t status = merlon_veneer_call(handle, merlon_veneer_pack(type, in_len, out_len), in_vec, out_vec);
	client_release();
	return status;
}

void psa_close(psa_handle_t handle)
{
	client_acquire();
	merlon_veneer_close(handle);
	client_release();
}
