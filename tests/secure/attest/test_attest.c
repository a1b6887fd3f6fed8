/* SPDX-License-Identifier: Apache-2.0 */
/* The Attestation service over shared data as BL2 writes them, with the real Crypto service under it. */
#include <merlon/builtin_keys.h>
#include <merlon/lib/cose.h>
#include <merlon/lib/mem.h>
#include <merlon/secure_attest/attest.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/spm.h>
#include <psa/initial_attestation.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <string.h>

enum { LIFECYCLE = 0x3000 };

/* RFC 6979, A.2.5: the P-256 key. */
static const char iak[] = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
static const char iak_public[] = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
				 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const char certification[] = "0604565272829-10010", verifier[] = "https://verify.example";

/* As imgtool writes it: the type first, the digest last. */
static const uint8_t boot_record[] = { 0xa5, 0x01, 0x66, 'S',  'E',  'C',  'U', 'R',  'E',  0x04, 0x61,
				       '9',  0x05, 0x41, 0x00, 0x06, 0x61, 'x', 0x02, 0x41, 0x00 };

static uint8_t handover[HANDOVER_SIZE], instance[ATTEST_INSTANCE_HASH_SIZE];
static struct handover_writer writer;
static struct attest_config config;
static uint8_t challenge[64], token[PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE];

static void put_images(uint32_t build)
{
	struct handover_measurement measurement = { .version = { 1, 2, 3, build } };
	handover_begin(&writer, handover, sizeof handover);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		memset(measurement.digest, 0x40 + i, sizeof measurement.digest);
		memset(measurement.signer, 0x50 + i, sizeof measurement.signer);
		handover_add_measurement(&writer, i, &measurement);
	}
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), LIFECYCLE);
}

static void give_key(int32_t user)
{
	static struct crypto_builtin_user users[1];
	struct crypto_builtin builtin = { .users = users, .user_count = 1 };
	users[0] = (struct crypto_builtin_user) { MERLON_KEY_IAK, user };
	(void)hex(iak, builtin.iak, sizeof builtin.iak);
	crypto_builtin_set(&builtin);
	CHECK_EQ(crypto_init(), PSA_SUCCESS);
}

static void start(void)
{
	attest_configure(&config);
	CHECK_EQ(attest_init(), PSA_SUCCESS);
	spm_register(ATTESTATION_HANDLE, attestation_sfn, SP_ATTEST);
}

static void begin(void)
{
	crypto_device_new();
	give_key(SP_ATTEST);
	put_images(0);
	memset(instance, 0x77, sizeof instance);
	memset(challenge, 0xc1, sizeof challenge);
	config = (struct attest_config) { .handover = handover,
					  .handover_size = sizeof handover,
					  .instance = instance,
					  .implementation = "merlon test",
					  .certification = certification,
					  .service = verifier };
	start();
}

static psa_status_t get(size_t challenge_size, size_t room, size_t *size)
{
	memset(token, 0xee, sizeof token);
	return psa_initial_attest_get_token(challenge, challenge_size, token, room, size);
}

/* The claims of a token whose signature holds. */
static struct token_claims verified(size_t size)
{
	uint8_t signed_bytes[COSE_SIGNED_HEAD_MAX + sizeof token], public[65];
	struct cbor_writer to_sign = { signed_bytes, sizeof signed_bytes, 0 };
	struct cose_message message;
	struct token_claims claims;
	CHECK_EQ(cose_parse(token, size, &message), PSA_SUCCESS);
	cose_begin_signed(&to_sign, "", message.payload_size);
	cbor_append(&to_sign, message.payload, message.payload_size);
	size_t public_size = hex(iak_public, public, sizeof public);
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
					 PSA_KEY_USAGE_VERIFY_MESSAGE, public, public_size);
	CHECK_EQ(psa_verify_message(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), signed_bytes, to_sign.size, message.signature,
				    COSE_SIGNATURE_SIZE),
		 PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	CHECK_EQ(token_read_claims(message.payload, message.payload_size, &claims), TOKEN_ACCEPTED);
	return claims;
}

static bool is_text(const struct token_slice *slice, const char *text)
{
	return slice->size == strlen(text) && memcmp(slice->data, text, slice->size) == 0;
}

TEST(a_token_says_who_and_what_runs, CLAIM("attest.claims"), FUNCTIONAL)
{
	uint8_t implementation[32]; /* SHA-256 of "merlon test" */
	size_t size;
	begin();
	CHECK_EQ(get(48, sizeof token, &size), PSA_SUCCESS);
	struct token_claims claims = verified(size);
	CHECK(claims.nonce.size == 48 && mem_is_filled(claims.nonce.data, 0xc1, 48));
	CHECK(((const uint8_t *)claims.instance.data)[0] == 1 &&
	      memcmp((const uint8_t *)claims.instance.data + 1, instance, 32) == 0);
	(void)hex("387ca0ce6d040031a795b95b4b39166d70c980bc437180599635d2aa0249e01a", implementation, sizeof implementation);
	CHECK(claims.implementation.size == 32 && memcmp(claims.implementation.data, implementation, 32) == 0);
	CHECK(claims.client == CLIENT_NONSECURE && claims.lifecycle == LIFECYCLE);
	CHECK(is_text(&claims.certification, certification) && is_text(&claims.service, verifier));
	CHECK_EQ(claims.boot_seed.size, 32);
	CHECK_EQ(claims.component_count, 2);
	for (uint8_t i = 0; i < 2; i++) {
		const struct token_component *component = &claims.components[i];
		CHECK(is_text(&component->type, i == 0 ? "SPE" : "NSPE") && is_text(&component->version, "1.2.3"));
		CHECK(component->measurement.size == 32 && mem_is_filled(component->measurement.data, 0x40 + i, 32));
		CHECK(component->signer.size == 32 && mem_is_filled(component->signer.data, 0x50 + i, 32));
		CHECK(is_text(&component->description, "sha-256"));
	}
}

TEST(the_callers_identity_is_in_its_token, CLAIM("attest.client"), ATTACK)
{
	static const int32_t clients[] = { -1, -25, INT32_MIN, CLIENT_PARTITION, INT32_MAX };
	for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
		size_t size;
		begin();
		spm_client = clients[i];
		CHECK_EQ(get(32, sizeof token, &size), PSA_SUCCESS);
		CHECK_EQ(verified(size).client, clients[i]);
	}
}

TEST(the_size_is_exact, CLAIM("attest.size"), PROPERTY)
{
	static const size_t sizes[] = { 32, 48, 64 };
	static const int32_t clients[] = { -1, -300, 100000 };
	begin();
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (size_t j = 0; j < sizeof clients / sizeof clients[0]; j++) {
			size_t told, size;
			spm_client = clients[j];
			CHECK_EQ(psa_initial_attest_get_token_size(sizes[i], &told), PSA_SUCCESS);
			CHECK_EQ(get(sizes[i], told, &size), PSA_SUCCESS);
			CHECK_EQ(size, told);
			CHECK(token[told] == 0xee);
			CHECK_EQ(get(sizes[i], told - 1, &size), PSA_ERROR_BUFFER_TOO_SMALL);
			CHECK(size == 0 && mem_is_filled(token, 0xee, sizeof token));
		}
}

TEST(challenges_have_three_sizes, CLAIM("attest.challenge"), MALFORMED)
{
	uint8_t large[300] = { 0 };
	size_t size;
	begin();
	for (size_t i = 0; i < sizeof large; i++) {
		psa_status_t wanted = i == 32 || i == 48 || i == 64 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
		CHECK_THAT(psa_initial_attest_get_token(large, i, token, sizeof token, &size) == wanted, "%zu", i);
		CHECK_THAT(psa_initial_attest_get_token_size(i, &size) == wanted, "%zu", i);
		CHECK_EQ(size == 0, wanted != PSA_SUCCESS);
	}
	CHECK_EQ(psa_initial_attest_get_token_size(SIZE_MAX, &size), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_initial_attest_get_token_size((size_t)UINT32_MAX + 33, &size), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_initial_attest_get_token(challenge, 32, token, 0, &size), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_initial_attest_get_token(challenge, 32, NULL, 10, &size), PSA_ERROR_INVALID_ARGUMENT);
	spm_fail(PSA_ERROR_PROGRAMMER_ERROR);
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_initial_attest_get_token_size(32, &size), PSA_ERROR_INVALID_ARGUMENT);
	spm_fail(PSA_SUCCESS);
}

static void keep_seed(uint8_t seed[32])
{
	size_t size;
	CHECK_EQ(get(32, sizeof token, &size), PSA_SUCCESS);
	struct token_claims claims = verified(size);
	memcpy(seed, claims.boot_seed.data, 32);
}

TEST(the_boot_seed_is_one_per_start, CLAIM("attest.boot_seed"), FUNCTIONAL)
{
	uint8_t first[32], again[32], next[32];
	begin();
	keep_seed(first);
	keep_seed(again);
	CHECK(memcmp(first, again, 32) == 0 && !mem_is_filled(first, first[0], 32));
	CHECK_EQ(attest_init(), PSA_SUCCESS);
	keep_seed(next);
	CHECK(memcmp(first, next, 32) != 0);
}

TEST(the_type_comes_from_the_boot_record, CLAIM("attest.claims"), FUNCTIONAL)
{
	size_t size;
	begin();
	put_images(4);
	handover_add(&writer, HANDOVER_BOOT_RECORD(IMAGE_SECURE), boot_record, sizeof boot_record);
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_SUCCESS);
	struct token_claims claims = verified(size);
	CHECK(is_text(&claims.components[0].type, "SECURE") && is_text(&claims.components[1].type, "NSPE"));
	/* The rest is what BL2 found, whatever the image says of itself. */
	CHECK(is_text(&claims.components[0].version, "1.2.3+4") && mem_is_filled(claims.components[0].signer.data, 0x50, 32));
}

TEST(a_malformed_boot_record_is_not_believed, CLAIM("attest.claims"), MALFORMED)
{
	uint8_t record[sizeof boot_record];
	size_t size;
	begin();
	for (size_t bit = 0; bit < 8 * 4; bit++) {
		memcpy(record, boot_record, sizeof record);
		record[bit / 8] ^= (uint8_t)(1u << bit % 8);
		put_images(0);
		handover_add(&writer, HANDOVER_BOOT_RECORD(IMAGE_SECURE), record, sizeof record);
		start();
		CHECK_EQ(get(32, sizeof token, &size), PSA_SUCCESS);
		(void)verified(size);
	}
}

TEST(texts_that_the_product_leaves_out_are_absent, CLAIM("attest.claims"), FUNCTIONAL)
{
	size_t size;
	begin();
	config.certification = "not a reference";
	config.service = "";
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_SUCCESS);
	struct token_claims claims = verified(size);
	CHECK(claims.certification.data == NULL && claims.service.data == NULL);
}

/* Not provisioned, recoverable debug, decommissioned: the start-up hands no key over. */
TEST(without_a_key_there_is_no_token, CLAIM("attest.no_key"), FUNCTIONAL)
{
	size_t size;
	begin();
	config.instance = NULL;
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_SERVICE_FAILURE);
	CHECK(size == 0 && mem_is_filled(token, 0xee, sizeof token));
	CHECK_EQ(psa_initial_attest_get_token_size(32, &size), PSA_ERROR_SERVICE_FAILURE);
}

TEST(without_the_right_to_the_key_there_is_no_token, CLAIM("attest.no_key"), ATTACK)
{
	size_t size;
	begin();
	crypto_device_new();
	give_key(SP_ATTEST + 1);
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_SERVICE_FAILURE);
	CHECK(size == 0 && mem_is_filled(token, 0xee, sizeof token));
}

TEST(without_measurements_there_is_no_token, CLAIM("attest.claims"), MALFORMED)
{
	size_t size;
	begin();
	handover_begin(&writer, handover, sizeof handover);
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_GENERIC_ERROR);
	memset(handover, 0x5a, sizeof handover);
	start();
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_GENERIC_ERROR);
	CHECK_EQ(psa_initial_attest_get_token_size(32, &size), PSA_ERROR_GENERIC_ERROR);
}

TEST(a_stuck_noise_source_makes_no_boot_seed, CLAIM("attest.boot_seed"), ATTACK)
{
	size_t size;
	begin();
	crypto_noise_stuck();
	CHECK_EQ(get(32, sizeof token, &size), PSA_ERROR_INSUFFICIENT_ENTROPY);
	CHECK_EQ(size, 0);
}

TEST(malformed_messages_are_refused, CLAIM("attest.message.refused"), MALFORMED)
{
	uint8_t in[80] = { 32 }, out[16];
	begin();
	for (int32_t type = 0; type < 40; type++)
		for (size_t in_size = 0; in_size < sizeof in; in_size++)
			for (size_t out_size = 0; out_size < sizeof out; out_size++) {
				psa_invec input = { in, in_size };
				psa_outvec output = { out, out_size };
				psa_status_t status = psa_call(ATTESTATION_HANDLE, type, &input, 1, &output, 1);
				CHECK_EQ(status == PSA_SUCCESS, type == 1 && in_size == 4 && out_size == 4);
				CHECK(type < 2 || status == PSA_ERROR_NOT_SUPPORTED);
			}
	CHECK_EQ(psa_call(ATTESTATION_HANDLE, 0, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_call(ATTESTATION_HANDLE, 1, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
}
