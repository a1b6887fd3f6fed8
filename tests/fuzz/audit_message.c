/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log under libFuzzer: any sequence of messages, starts and bytes on flash is answered, and numbers only rise.
 * Input, repeated: { type u8, client u8, sizes of input 0 and output 0 u8, input 0 }. Type 0xFF: a restart; 0xFE: bytes spoil flash.
 */
#include <merlon/secure_audit/audit.h>
#include <merlon/sim/flash.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, AREA = 4 * SECTOR, RESTART = 0xff, SPOIL = 0xfe };

static struct sim_flash flash;
static const struct audit_boot nothing;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void restart(void)
{
	spm_register(AUDIT_HANDLE, audit_sfn, 256);
	audit_configure(&flash.medium, &nothing);
	require(audit_init() == PSA_SUCCESS);
}

static psa_status_t ask(struct merlon_audit_state *state)
{
	psa_outvec out = { state, sizeof *state };
	spm_client = -1;
	return psa_call(AUDIT_HANDLE, MERLON_AUDIT_STATE, NULL, 0, &out, 1);
}

static void send(int32_t type, const uint8_t head[4], const uint8_t *data, size_t size)
{
	uint8_t in[256], out[256];
	psa_invec in_vec = { in, head[2] < size ? head[2] : size };
	psa_outvec out_vec = { out, head[3] };
	memcpy(in, data, in_vec.len);
	spm_client = head[1] % 2 == 0 ? -1 : 300;
	(void)psa_call(AUDIT_HANDLE, type, &in_vec, in_vec.len > 0, &out_vec, out_vec.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct merlon_audit_state state = { 0 }, last = { 0 };
	bool spoilt = false;
	sim_flash_init(&flash, NULL, AREA, SECTOR, 8);
	flash.strict = false;
	restart();
	for (unsigned call = 0; call < 64 && size >= 4; call++) {
		const uint8_t *head = data;
		data += 4;
		size -= 4;
		if (head[0] == RESTART) {
			restart();
		} else if (head[0] == SPOIL) {
			flash.cells[(head[1] | head[2] << 8) % AREA] ^= head[3];
			spoilt = true;
		} else {
			send(head[0] % 8, head, data, size);
		}
		size_t used = head[0] < SPOIL && head[2] < size ? head[2] : 0;
		data += used;
		size -= used;
		if (ask(&state) != PSA_SUCCESS)
			continue;
		require(spoilt || state.next >= last.next);
		last = state;
	}
	sim_flash_deinit(&flash);
	return 0;
}
