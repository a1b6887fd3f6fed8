/* SPDX-License-Identifier: Apache-2.0 */
/* Type 0: an empty answer. Type 1: 32 bytes in, the same out. Type 2: how many calls of type 2 there were. */
#include <psa_manifest/manifest.h>

static uint32_t calls;

psa_status_t bench_sfn_sfn(const psa_msg_t *msg)
{
	uint8_t data[32];
	if (msg->type == 1) {
		psa_write(msg->handle, 0, data, psa_read(msg->handle, 0, data, sizeof data));
	} else if (msg->type == 2) {
		calls++;
		psa_write(msg->handle, 0, &calls, sizeof calls);
	}
	return PSA_SUCCESS;
}
