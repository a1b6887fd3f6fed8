/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Attestation service under libFuzzer: any message about any shared data is answered, inside its vectors. Input: { bytes of shared data
 * u16, the shared data }, then repeated { type u8, sizes of input and output u8, the input }.
 */
#include <merlon/builtin_keys.h>
#include <merlon/lib/le.h>
#include <merlon/secure_attest/attest.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/sim/noise.h>
#include <merlon/test_secure/its.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 8, OUTPUT_SCALE = 8 };

static struct sim_noise source;
static struct noise noise;

static void device_new(void)
{
	static const struct crypto_builtin_user user = { MERLON_KEY_IAK, SP_ATTEST };
	const struct crypto_builtin builtin = { .iak = { 1, 2, 3 }, .users = &user, .user_count = 1 };
	its_reset(ITS_OBJECT_MAX);
	sim_noise_init(&source, SIM_NOISE_UNIFORM, 1);
	noise = (struct noise) { 0 };
	if (noise_start(&noise, &source.source) != PSA_SUCCESS)
		abort();
	spm_register(CRYPTO_HANDLE, crypto_sfn, SP_CRYPTO);
	crypto_noise_set(&noise);
	crypto_builtin_set(&builtin);
	if (crypto_init() != PSA_SUCCESS)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t instance[ATTEST_INSTANCE_HASH_SIZE];
	uint16_t shared = size < 2 ? 0 : le16_load(data);
	if (size < 2 || shared > size - 2)
		return 0;
	uint8_t *handover = malloc(shared > 0 ? shared : 1);
	memcpy(handover, data + 2, shared);
	const struct attest_config config = { handover, shared, instance, "fuzz", "0604565272829-10010", "https://v" };
	device_new();
	attest_configure(&config);
	free(handover); /* nothing of it is touched from here on */
	(void)attest_init();
	spm_client = -1;
	spm_register(ATTESTATION_HANDLE, attestation_sfn, SP_ATTEST);
	data += 2 + shared;
	size -= 2 + shared;
	for (unsigned i = 0; i < MESSAGE_MAX && size >= 3; i++) {
		size_t in_size = data[1] < size - 3 ? data[1] : size - 3, out_size = (size_t)data[2] * OUTPUT_SCALE;
		uint8_t *in = malloc(in_size > 0 ? in_size : 1), *out = malloc(out_size > 0 ? out_size : 1);
		memcpy(in, data + 3, in_size);
		(void)psa_call(ATTESTATION_HANDLE, data[0] & 3, &(psa_invec) { in, in_size }, 1, &(psa_outvec) { out, out_size },
			       1);
		free(in);
		free(out);
		data += 3 + in_size;
		size -= 3 + in_size;
	}
	return 0;
}
