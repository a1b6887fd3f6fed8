/* SPDX-License-Identifier: Apache-2.0 */
/* Type 0: an empty answer. Type 1: 32 bytes in, the same out. Type 2: give up. Type 3: a fault. */
#include <psa_manifest/manifest.h>

static psa_status_t serve(const psa_msg_t *msg)
{
	uint8_t data[32];
	switch (msg->type) {
	case 0:
		return PSA_SUCCESS;
	case 1:
		psa_write(msg->handle, 0, data, psa_read(msg->handle, 0, data, sizeof data));
		return PSA_SUCCESS;
	case 2:
		psa_panic();
	default:
		__builtin_trap();
	}
}

void bench_ipc_main(void)
{
	for (;;) {
		psa_msg_t msg;
		(void)psa_wait(BENCH_IPC_SIGNAL, PSA_BLOCK);
		if (psa_get(BENCH_IPC_SIGNAL, &msg) == PSA_SUCCESS)
			psa_reply(msg.handle, serve(&msg));
	}
}
