/* SPDX-License-Identifier: Apache-2.0 */
/** What the files of libmerlon_ns.a share. */
#ifndef MERLON_IMAGES_SDK_SDK_H
#define MERLON_IMAGES_SDK_SDK_H

#include <psa/client.h>

/** UART0 and the time base. */
void sdk_devices_open(void);

/** psa_call() of nonsecure/client, which has this name here: the one that the program sees also shows life. */
psa_status_t sdk_gate_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
			   size_t out_len);

#endif
