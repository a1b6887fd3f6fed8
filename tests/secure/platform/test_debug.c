/* SPDX-License-Identifier: Apache-2.0 */
/* Debug tokens: signed, for one device, for one challenge, once. */
#include <merlon/hal/otp.h>
#include <merlon/lib/debug_token.h>
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/platform.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <string.h>

static const char serial[] = "MRL-0001";

static struct sim_flash memory;
static struct otp_guard otp;
static struct platform_config config;
static uint8_t handover[HANDOVER_SIZE];
static psa_key_id_t maker; /* the maker's key, for once inside the device */
static uint8_t challenge[DEBUG_CHALLENGE_SIZE], token[DEBUG_TOKEN_MAX];
static size_t token_size;

static psa_key_id_t key_new(struct image_key *trusted)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key;
	size_t size;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
	CHECK_EQ(psa_generate_key(&attributes, &key), PSA_SUCCESS);
	memcpy(trusted->der, ecdsa_key_p256.prefix, ecdsa_key_p256.prefix_size);
	CHECK_EQ(psa_export_public_key(key, trusted->der + ecdsa_key_p256.prefix_size - 1, 65, &size), PSA_SUCCESS);
	trusted->der_size = (uint8_t)(ecdsa_key_p256.prefix_size + 64u);
	return key;
}

static void begin_with(uint8_t role, bool development)
{
	struct image_key trusted = { .role = role, .development = development };
	crypto_device_new();
	maker = key_new(&trusted);
	sim_flash_deinit(&memory);
	sim_otp_init(&memory, NULL, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &memory.medium);
	CHECK_EQ(otp_key_add(&otp.medium, &trusted), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(&otp.medium, OTP_LIFECYCLE_PROVISIONING), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(&otp.medium, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	/* As images/secure closes it. */
	CHECK_EQ(otp_guard_close_writing(&otp, OTP_LIFECYCLE_SIZE, OTP_SIZE - OTP_LIFECYCLE_SIZE), PSA_SUCCESS);
	struct handover_writer writer;
	handover_begin(&writer, handover, sizeof handover);
	config = (struct platform_config) {
		.handover = handover, .handover_size = sizeof handover, .otp = &otp.medium, .serial = serial
	};
	spm_lifecycle = OTP_LIFECYCLE_SECURED;
	spm_register(PLATFORM_HANDLE, platform_sfn, 258);
	platform_configure(&config);
	CHECK_EQ(platform_init(), PSA_SUCCESS);
}

static void begin(void)
{
	begin_with(IMAGE_KEY_FOR_SECURE, false);
}

static enum otp_lifecycle recorded(void)
{
	enum otp_lifecycle state;
	CHECK_EQ(otp_lifecycle_get(&otp.medium, &state), PSA_SUCCESS);
	return state;
}

/* As merlon token debug. */
static void make(psa_key_id_t key, const char *use, uint32_t state, const char *name)
{
	uint8_t payload[DEBUG_PAYLOAD_MAX], signed_bytes[COSE_SIGNED_HEAD_MAX + DEBUG_PAYLOAD_MAX], signature[COSE_SIGNATURE_SIZE];
	struct cbor_writer map = { payload, sizeof payload, 0 }, signing = { signed_bytes, sizeof signed_bytes, 0 },
			   message = { token, sizeof token, 0 };
	size_t size;
	debug_token_write(&map, &(struct debug_token) { state, challenge, name, strlen(name) });
	cose_begin_signed(&signing, use, map.size);
	cbor_append(&signing, payload, map.size);
	CHECK(cbor_fits(&map) && cbor_fits(&signing));
	CHECK_EQ(psa_sign_message(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), signed_bytes, signing.size, signature, sizeof signature,
				  &size),
		 PSA_SUCCESS);
	cose_begin_message(&message, map.size);
	cbor_append(&message, payload, map.size);
	cose_end_message(&message, signature);
	CHECK(cbor_fits(&message));
	token_size = message.size;
}

static psa_status_t order(void)
{
	return merlon_platform_debug_authorise(token, token_size);
}

TEST(a_token_opens_the_state_that_it_orders, CLAIM("lifecycle.debug_token"), FUNCTIONAL)
{
	static const enum otp_lifecycle states[] = { OTP_LIFECYCLE_NON_PSA_DEBUG, OTP_LIFECYCLE_RECOVERABLE_DEBUG,
						     OTP_LIFECYCLE_DECOMMISSIONED };
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		begin();
		CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
		make(maker, DEBUG_TOKEN_USE, states[i], serial);
		CHECK_EQ(order(), PSA_SUCCESS);
		CHECK_EQ(recorded(), states[i]);
	}
}

TEST(a_challenge_is_good_for_one_try, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(merlon_platform_debug_authorise("x", 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
	uint8_t first[DEBUG_CHALLENGE_SIZE];
	memcpy(first, challenge, sizeof first);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	CHECK(memcmp(first, challenge, sizeof first) != 0);
	CHECK_EQ(order(), PSA_ERROR_NOT_PERMITTED); /* for the challenge before */
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
}

TEST(a_challenge_ends_with_the_start, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(platform_init(), PSA_SUCCESS);
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
	/* What is left of the used or forgotten challenge is nothing. */
	memset(challenge, 0, sizeof challenge);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
}

TEST(a_token_is_for_one_device, CLAIM("lifecycle.debug_token"), ATTACK)
{
	static const char *const others[] = { "MRL-0002", "MRL-000", "MRL-00010", "mrl-0001", "x" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		begin();
		CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
		make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, others[i]);
		CHECK_EQ(order(), PSA_ERROR_NOT_PERMITTED);
		CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
	}
}

TEST(only_keys_of_the_secure_image_order, CLAIM("lifecycle.debug_token"), ATTACK)
{
	struct image_key unknown;
	begin();
	psa_key_id_t stranger = key_new(&unknown);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(stranger, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_INVALID_SIGNATURE);
	begin_with(IMAGE_KEY_FOR_NONSECURE, false);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_INVALID_SIGNATURE);
	begin_with(IMAGE_KEY_FOR_BOTH, true); /* a development key ended with provisioning */
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
}

TEST(a_revoked_key_orders_nothing, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	/* As BL2 does it, which is not behind this guard. */
	CHECK_EQ(otp_key_revoke(&memory.medium, 0), PSA_SUCCESS);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
}

/* A signature of the same key for anything else is none here. */
TEST(a_signature_for_another_use_is_refused, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	make(maker, "", OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
	CHECK_EQ(order(), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
}

TEST(any_bit_of_a_token_counts, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	for (size_t at = 0; at == 0 || at < token_size; at++) {
		CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
		make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
		token[at] ^= (uint8_t)(1u << at % 8);
		CHECK_THAT(order() != PSA_SUCCESS, "byte %zu", at);
		CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
	}
}

TEST(tokens_count_in_secured_only, CLAIM("lifecycle.prohibitions"), FUNCTIONAL)
{
	for (uint32_t state = 0; state < LIFECYCLE_COUNT * LIFECYCLE_STEP; state += LIFECYCLE_STEP) {
		begin();
		spm_lifecycle = state;
		psa_status_t wanted = state == OTP_LIFECYCLE_SECURED ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
		CHECK_THAT(merlon_platform_debug_challenge(challenge) == wanted, "0x%x", state);
		CHECK_EQ(mem_is_filled(challenge, 0, sizeof challenge), wanted != PSA_SUCCESS);
		make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, serial);
		CHECK_THAT(order() == wanted, "0x%x", state);
	}
	spm_lifecycle = OTP_LIFECYCLE_SECURED;
}

TEST(no_other_state_can_be_ordered, CLAIM("lifecycle.debug_token"), MALFORMED)
{
	for (uint32_t state = 0; state < 0x8000; state += 0x800) {
		if (debug_token_may_order(state))
			continue;
		begin();
		CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
		make(maker, DEBUG_TOKEN_USE, state, serial);
		CHECK_THAT(order() == PSA_ERROR_INVALID_ARGUMENT, "0x%x", state);
	}
}

TEST(malformed_tokens_are_refused, CLAIM("lifecycle.debug_token"), MALFORMED)
{
	uint8_t long_token[DEBUG_TOKEN_MAX + 1] = { 0xd2, 0x84 };
	begin();
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	CHECK_EQ(merlon_platform_debug_authorise(long_token, sizeof long_token), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	CHECK_EQ(merlon_platform_debug_authorise(long_token, 0), PSA_ERROR_INVALID_ARGUMENT);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, "");
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	CHECK_EQ(order(), PSA_ERROR_INVALID_ARGUMENT);
	make(maker, DEBUG_TOKEN_USE, OTP_LIFECYCLE_NON_PSA_DEBUG, "012345678901234567890123456789012");
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_SUCCESS);
	CHECK_EQ(order(), PSA_ERROR_INVALID_ARGUMENT);
}

TEST(a_failed_noise_source_gives_no_challenge, CLAIM("lifecycle.debug_token"), ATTACK)
{
	begin();
	crypto_device_reset();
	spm_register(PLATFORM_HANDLE, platform_sfn, 258);
	crypto_noise_stuck();
	CHECK_EQ(merlon_platform_debug_challenge(challenge), PSA_ERROR_INSUFFICIENT_ENTROPY);
	CHECK(mem_is_filled(challenge, 0, sizeof challenge));
	CHECK_EQ(order(), PSA_ERROR_BAD_STATE);
}

/* What the start-up of the Secure image does with each state. */
TEST(a_debug_state_ends_with_its_session, CLAIM("lifecycle.debug_ends"), FUNCTIONAL)
{
	static const enum otp_lifecycle states[] = { OTP_LIFECYCLE_NON_PSA_DEBUG, OTP_LIFECYCLE_RECOVERABLE_DEBUG };
	for (size_t i = 0; i < 2; i++) {
		begin();
		CHECK_EQ(otp_lifecycle_record(&otp.medium, states[i]), PSA_SUCCESS);
		CHECK_EQ(otp_lifecycle_settle(&otp.medium, states[i]), PSA_SUCCESS);
		CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
	}
	begin();
	CHECK_EQ(otp_lifecycle_settle(&otp.medium, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	CHECK_EQ(recorded(), OTP_LIFECYCLE_SECURED);
}

TEST(a_decommissioning_that_was_ordered_is_finished_at_the_next_start, CLAIM("lifecycle.decommissioned"), FUNCTIONAL)
{
	struct otp_identity identity = { .serial = "S" };
	crypto_device_new();
	sim_flash_deinit(&memory);
	sim_otp_init(&memory, NULL, OTP_SIZE, OTP_WRITE_SIZE);
	otp_guard_init(&otp, &memory.medium);
	memset(identity.iak, 0x5a, sizeof identity.iak);
	CHECK_EQ(otp_identity_set(&otp.medium, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(&otp.medium, OTP_LIFECYCLE_PROVISIONING), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(&otp.medium, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_record(&otp.medium, OTP_LIFECYCLE_DECOMMISSIONED), PSA_SUCCESS);
	CHECK_EQ(otp_identity_get(&otp.medium, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_settle(&otp.medium, OTP_LIFECYCLE_DECOMMISSIONED), PSA_SUCCESS);
	CHECK_EQ(otp_identity_get(&otp.medium, &identity), PSA_ERROR_DOES_NOT_EXIST);
	CHECK(mem_is_filled(memory.cells + OTP_IDENTITY_OFFSET, 0, OTP_IDENTITY_SIZE));
}
