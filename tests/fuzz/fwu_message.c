/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Firmware Update service under libFuzzer: any sequence of messages is answered; flash rules hold; nothing is staged that was not
 * verified. Input, repeated: { type u8, client u8, size of vector 0 u8, size of vector 1 u16, the vectors }.
 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/service_wire.h>
#include <merlon/secure_fwu/fwu.h>
#include <merlon/sim/flash.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, SLOT = 4 * SECTOR };

static struct sim_flash primary[IMAGE_COUNT], secondary[IMAGE_COUNT], journal, state, otp;
static struct fwu_config config;
static uint32_t hash;
static unsigned verified; /* images whose signature was right */

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* A stand-in that a fuzzer can satisfy. */
static psa_status_t hash_begin(void *context)
{
	(void)context;
	hash = 0;
	return PSA_SUCCESS;
}

static psa_status_t hash_update(void *context, const void *data, size_t size)
{
	(void)context;
	hash = crc32_update(hash, data, size);
	return PSA_SUCCESS;
}

static psa_status_t hash_finish(void *context, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	(void)context;
	memset(digest, (int)(hash & 3), IMAGE_DIGEST_SIZE);
	return PSA_SUCCESS;
}

static psa_status_t verify(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			   const uint8_t *signature, size_t signature_size)
{
	(void)context, (void)key;
	if (signature_size == 0 || signature[0] != digest[0])
		return PSA_ERROR_INVALID_SIGNATURE;
	verified++;
	return PSA_SUCCESS;
}

static const struct image_crypto crypto = { NULL, hash_begin, hash_update, hash_finish, verify, NULL };

static void reboot(void) {}

static void device_new(void)
{
	struct image_key key = { .der_size = 91, .role = IMAGE_KEY_FOR_BOTH };
	for (unsigned i = 0; i < IMAGE_COUNT; i++) {
		sim_flash_init(&primary[i], NULL, SLOT, SECTOR, 8);
		sim_flash_init(&secondary[i], NULL, SLOT + SECTOR, SECTOR, 8);
	}
	sim_flash_init(&journal, NULL, 2 * SECTOR, SECTOR, 8);
	sim_flash_init(&state, NULL, 2 * SECTOR, SECTOR, 8);
	sim_otp_init(&otp, NULL, OTP_SIZE, 4);
	require(otp_key_add(&otp.medium, &key) == PSA_SUCCESS);
	config = (struct fwu_config) { .primary = { &primary[0].medium, &primary[1].medium },
				       .secondary = { &secondary[0].medium, &secondary[1].medium },
				       .journal = &journal.medium,
				       .state = &state.medium,
				       .otp = &otp.medium,
				       .crypto = &crypto,
				       .slot_size = SLOT,
				       .attempts = 1,
				       .reboot = reboot };
	verified = 0;
	spm_register(FIRMWARE_UPDATE_HANDLE, firmware_update_sfn, 257);
	fwu_configure(&config);
	require(fwu_init() == PSA_SUCCESS);
}

static void device_end(void)
{
	for (unsigned i = 0; i < IMAGE_COUNT; i++) {
		sim_flash_deinit(&primary[i]);
		sim_flash_deinit(&secondary[i]);
	}
	sim_flash_deinit(&journal);
	sim_flash_deinit(&state);
	sim_flash_deinit(&otp);
}

static void check(void)
{
	struct journal opened;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		psa_fwu_component_info_t info;
		require(psa_fwu_query(i, &info) == PSA_SUCCESS && info.state <= PSA_FWU_UPDATED);
		require(info.impl.resume_offset <= info.max_size);
		if (info.state == PSA_FWU_CANDIDATE || info.state == PSA_FWU_STAGED)
			require(verified > 0);
	}
	require(journal_open(&opened, &journal.medium) == PSA_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	device_new();
	for (unsigned call = 0; call < 64 && size >= 5; call++) {
		uint8_t request[256];
		psa_fwu_component_info_t info;
		int32_t type = data[0] % (FWU_CALL_COUNT + 2);
		spm_client = -1 - data[1] % 2;
		psa_invec in[] = { { request, data[2] }, { NULL, le16_load(data + 3) } };
		psa_outvec out[] = { { &info, type == FWU_CALL_QUERY ? sizeof info : data[2] % 8 } };
		data += 5;
		size -= 5;
		for (size_t i = 0; i < 2; i++) {
			in[i].len = in[i].len < size ? in[i].len : size;
			if (i == 0)
				memcpy(request, data, in[i].len);
			else
				in[i].base = data;
			data += in[i].len;
			size -= in[i].len;
		}
		(void)psa_call(FIRMWARE_UPDATE_HANDLE, type, in, 2, out, out[0].len > 0);
		check();
	}
	device_end();
	return 0;
}
