/* SPDX-License-Identifier: Apache-2.0 */
/** What psa_its_* and psa_ps_* share on their way to their services. */
#ifndef MERLON_CLIENT_STORAGE_CALL_H
#define MERLON_CLIENT_STORAGE_CALL_H

#include <psa/client.h>

/** psa_call() with the refusals that the storage APIs have no name for put into their words. */
psa_status_t storage_call(psa_handle_t handle, int32_t type, const psa_invec *in, size_t in_len, psa_outvec *out, size_t out_len);

/** A GET: `request` names the object and, in 32 bits, `offset`: a larger one is refused; `*length` gets the bytes that came back, 0 with every error. */
psa_status_t storage_get(psa_handle_t handle, int32_t type, const psa_invec *request, size_t offset, psa_outvec data,
			 size_t *length);

#endif
