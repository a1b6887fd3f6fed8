/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flash partition under libFuzzer: any message of any client is answered, rules of flash hold, and what runs never changes.
 * Input, repeated: { type u8, client u8, sizes of inputs 0 and 1 u8, of output 0 u8, the inputs }.
 */
#include "access.h"
#include <merlon/board/flash_map.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/sim/flash.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>

enum { HEAD = 5 };

static struct sim_flash flash;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int32_t clients[] = { SP_ITS, SP_FWU, SP_PLATFORM, SP_CRYPTO, -1, 0, 1 };
	static uint8_t out[256];
	if (flash.cells == NULL)
		sim_flash_init(&flash, NULL, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	flash.strict = false;
	spm_register(FLASH_HANDLE, flash_sfn, 256);
	flash_configure(&flash.medium);
	if (flash_init() != PSA_SUCCESS)
		abort();
	for (unsigned call = 0; call < 64 && size >= HEAD; call++) {
		const uint8_t *head = data;
		psa_outvec out_vec = { out, head[4] };
		data += HEAD;
		size -= HEAD;
		size_t first = head[2] < size ? head[2] : size, second = head[3] < size - first ? head[3] : size - first;
		psa_invec in[2] = { { data, first }, { data + first, second } };
		spm_client = clients[head[1] % (sizeof clients / sizeof clients[0])];
		(void)psa_call(FLASH_HANDLE, head[0] % 6, in, 2, &out_vec, out_vec.len > 0);
		data += first + second;
		size -= first + second;
	}
	for (size_t i = 0; i < flash_locked_count; i++)
		for (uint32_t at = 0; at < flash_locked[i].size; at += 509)
			if (flash.cells[flash_locked[i].offset + at] != 0xff)
				abort();
	return 0;
}
