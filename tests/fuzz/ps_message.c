/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Protected Storage under libFuzzer: any sequence of messages, restarts and spoilt bytes in external flash is answered, and nothing leaves
 * the service in an answer that is an error. Input, repeated: { type u8, client u8, sizes of inputs 0 and 1 and output 0 u8, the inputs }.
 * Type 0xFF: a restart; 0xFE: a byte of external flash is spoilt.
 */
#include "rig.h"
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 5, RESTART = 0xff, SPOIL = 0xfe };

static void send(const uint8_t head[HEAD], const uint8_t *data, const size_t sizes[2])
{
	uint8_t out[256];
	psa_invec in[2] = { { data, sizes[0] }, { data + sizes[0], sizes[1] } };
	psa_outvec out_vec = { out, head[4] };
	spm_client = head[1] % 3 == 0 ? 300 : -(int32_t)(head[1] % 3);
	memset(out, 0xa5, sizeof out);
	psa_status_t status = psa_call(PROTECTED_STORAGE_HANDLE, head[0] % 10, in, 2, &out_vec, 1);
	for (size_t i = status == PSA_SUCCESS ? out_vec.len : 0; i < sizeof out; i++)
		if (out[i] != 0xa5)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	rig_new(1, size % 2 == 0);
	rig.flash.external.strict = false;
	for (unsigned call = 0; call < 32 && size >= HEAD; call++) {
		const uint8_t *head = data;
		size_t sizes[2] = { 0, 0 };
		data += HEAD;
		size -= HEAD;
		for (size_t i = 0; i < 2 && head[0] < SPOIL; i++) {
			sizes[i] = head[2 + i] < size ? head[2 + i] : size;
			size -= sizes[i];
		}
		if (head[0] == RESTART)
			rig_start();
		else if (head[0] == SPOIL)
			rig.flash.external.cells[(head[1] | head[2] << 8) % RIG_EXTERNAL] ^= head[3];
		else
			send(head, data, sizes);
		data += sizes[0] + sizes[1];
	}
	return 0;
}
