/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal Trusted Storage under libFuzzer: any sequence of messages, restarts and spoilt bytes is answered; nothing is returned that
 * was not stored whole. Input, repeated: { type u8, client u8, sizes of inputs 0 and 1 and output 0 u8, the inputs }.
 * Type 0xFF: a restart; 0xFE: a byte of flash is spoilt.
 */
#include <merlon/secure_its/its.h>
#include <merlon/sim/flash.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 4096, AREA = 6 * SECTOR, HEAD = 5, RESTART = 0xff, SPOIL = 0xfe };

static struct sim_flash flash;

static void restart(void)
{
	spm_register(INTERNAL_TRUSTED_STORAGE_HANDLE, internal_trusted_storage_sfn, 256);
	its_configure(&flash.medium);
	if (its_init() != PSA_SUCCESS)
		abort();
}

static void send(const uint8_t head[HEAD], const uint8_t *data, const size_t sizes[2])
{
	uint8_t out[256];
	psa_invec in[2] = { { data, sizes[0] }, { data + sizes[0], sizes[1] } };
	psa_outvec out_vec = { out, head[4] };
	spm_client = head[1] % 3 == 0 ? 300 : -(int32_t)(head[1] % 3);
	memset(out, 0xa5, sizeof out);
	psa_status_t status = psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, head[0] % 8, in, 2, &out_vec, 1);
	for (size_t i = status == PSA_SUCCESS ? out_vec.len : 0; i < sizeof out; i++)
		if (out[i] != 0xa5)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sim_flash_init(&flash, NULL, AREA, SECTOR, 8);
	flash.strict = false;
	restart();
	for (unsigned call = 0; call < 64 && size >= HEAD; call++) {
		const uint8_t *head = data;
		size_t sizes[2] = { 0, 0 };
		data += HEAD;
		size -= HEAD;
		for (size_t i = 0; i < 2 && head[0] < SPOIL; i++) {
			sizes[i] = head[2 + i] < size ? head[2 + i] : size;
			size -= sizes[i];
		}
		if (head[0] == RESTART)
			restart();
		else if (head[0] == SPOIL)
			flash.cells[(head[1] | head[2] << 8) % AREA] ^= head[3];
		else
			send(head, data, sizes);
		data += sizes[0] + sizes[1];
	}
	sim_flash_deinit(&flash);
	return 0;
}
