/* SPDX-License-Identifier: Apache-2.0 */
/* Debug tokens under libFuzzer: any bytes are answered, none of them opens a device whose maker signed nothing. */
#include <merlon/lib/debug_token.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/platform.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/sim/flash.h>
#include <merlon/sim/noise.h>
#include <merlon/test_secure/its.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

static struct sim_noise source;
static struct noise noise;

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The challenge is put over the token where it claims to have one, so that the judgement goes on behind it. */
static void bind(uint8_t *token, size_t size, const uint8_t *challenge)
{
	struct cose_message message;
	struct debug_token order;
	if (cose_parse(token, size, &message) == PSA_SUCCESS &&
	    debug_token_read(message.payload, message.payload_size, &order) == PSA_SUCCESS)
		memcpy(token + (order.challenge - token), challenge, DEBUG_CHALLENGE_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_flash otp;
	uint8_t challenge[DEBUG_CHALLENGE_SIZE], *token = malloc(size > 0 ? size : 1);
	enum otp_lifecycle state;
	its_reset(ITS_OBJECT_MAX);
	sim_noise_init(&source, SIM_NOISE_UNIFORM, 1);
	noise = (struct noise) { 0 };
	require(noise_start(&noise, &source.source) == PSA_SUCCESS);
	spm_client = -1;
	spm_register(CRYPTO_HANDLE, crypto_sfn, SP_CRYPTO);
	crypto_noise_set(&noise);
	require(crypto_init() == PSA_SUCCESS);
	sim_otp_init(&otp, NULL, OTP_SIZE, OTP_WRITE_SIZE);
	struct handover_writer writer;
	static uint8_t handover[HANDOVER_SIZE];
	handover_begin(&writer, handover, sizeof handover);
	const struct platform_config config = {
		.handover = handover, .handover_size = sizeof handover, .otp = &otp.medium, .serial = "S-1"
	};
	spm_register(PLATFORM_HANDLE, platform_sfn, SP_PLATFORM);
	platform_configure(&config);
	require(platform_init() == PSA_SUCCESS);
	require(merlon_platform_debug_challenge(challenge) == PSA_SUCCESS);
	memcpy(token, data, size);
	bind(token, size, challenge);
	require(merlon_platform_debug_authorise(token, size) != PSA_SUCCESS);
	require(otp_lifecycle_get(&otp.medium, &state) == PSA_SUCCESS && state == OTP_LIFECYCLE_ASSEMBLY);
	sim_flash_deinit(&otp);
	free(token);
	return 0;
}
