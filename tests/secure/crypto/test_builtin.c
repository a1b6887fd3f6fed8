/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that a device is born with, and who may use them. */
#include <merlon/builtin_keys.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/spm.h>
#include <string.h>

enum { STORE = 300, SECOND_STORE = 301, ATTEST = 302, STRANGER = 303 };

static const struct crypto_builtin_user users[] = {
	{ MERLON_KEY_HUK, STORE },
	{ MERLON_KEY_HUK, SECOND_STORE },
	{ MERLON_KEY_IAK, ATTEST },
};

/* RFC 6979, A.2.5: the P-256 key. */
static const char iak[] = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
static const char iak_public[] = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
				 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

static void device_with_identity(void)
{
	struct crypto_builtin builtin = { .users = users, .user_count = 3 };
	memset(builtin.huk, 0x5a, sizeof builtin.huk);
	(void)hex(iak, builtin.iak, sizeof builtin.iak);
	crypto_device_new();
	crypto_builtin_set(&builtin);
	CHECK_EQ(crypto_init(), PSA_SUCCESS);
}

static psa_status_t derived(int32_t client, uint8_t out[16])
{
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	spm_client = client;
	CHECK_EQ(psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_SUCCESS);
	psa_status_t status = psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, MERLON_KEY_HUK);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, (const uint8_t *)"x", 1);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_output_bytes(&operation, out, 16);
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	return status;
}

/* The value was computed with Python's hmac: HKDF of HKDF(0x5a * 32, "merlon huk" || 2c010000), info "x". */
TEST(each_user_of_the_hardware_key_derives_its_own, CLAIM("crypto.key.builtin"), FUNCTIONAL)
{
	uint8_t first[16], again[16], second[16], expected[16];
	device_with_identity();
	CHECK_EQ(derived(STORE, first), PSA_SUCCESS);
	(void)hex("3042c421ee2a9ed1ec795c904d2ab14d", expected, sizeof expected);
	CHECK(memcmp(first, expected, sizeof first) == 0);
	CHECK_EQ(derived(SECOND_STORE, second), PSA_SUCCESS);
	CHECK(memcmp(first, second, sizeof first) != 0);
	device_with_identity(); /* the next start */
	CHECK_EQ(derived(STORE, again), PSA_SUCCESS);
	CHECK(memcmp(first, again, sizeof first) == 0);
}

TEST(the_attestation_key_signs_for_its_user, CLAIM("crypto.key.builtin"), FUNCTIONAL)
{
	uint8_t hash[32] = { 7 }, signature[64], public[65], expected[65];
	size_t size;
	psa_key_attributes_t attributes;
	device_with_identity();
	spm_client = ATTEST;
	CHECK_EQ(psa_sign_hash(MERLON_KEY_IAK, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, signature, sizeof signature,
			       &size),
		 PSA_SUCCESS);
	CHECK_EQ(psa_export_public_key(MERLON_KEY_IAK, public, sizeof public, &size), PSA_SUCCESS);
	(void)hex(iak_public, expected, sizeof expected);
	CHECK(size == sizeof expected && memcmp(public, expected, size) == 0);
	psa_key_id_t verifier = crypto_key_of(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
					      PSA_KEY_USAGE_VERIFY_HASH, public, size);
	CHECK_EQ(psa_verify_hash(verifier, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, signature, sizeof signature),
		 PSA_SUCCESS);
	CHECK_EQ(psa_get_key_attributes(MERLON_KEY_IAK, &attributes), PSA_SUCCESS);
	CHECK_EQ(psa_get_key_id(&attributes), MERLON_KEY_IAK);
	CHECK_EQ(psa_get_key_lifetime(&attributes), PSA_KEY_PERSISTENCE_READ_ONLY);
	CHECK_EQ(psa_get_key_bits(&attributes), 256);
}

TEST(a_client_that_is_not_named_has_no_builtin_key, CLAIM("crypto.key.builtin"), ATTACK)
{
	static const int32_t strangers[] = { CLIENT_NONSECURE, CLIENT_OTHER_NONSECURE, STRANGER, ATTEST, 0 };
	uint8_t out[65], hash[32] = { 0 };
	size_t size;
	psa_key_attributes_t attributes;
	device_with_identity();
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		CHECK_EQ(derived(strangers[i], out), PSA_ERROR_INVALID_HANDLE);
		spm_client = strangers[i] == ATTEST ? STORE : strangers[i];
		CHECK_EQ(psa_sign_hash(MERLON_KEY_IAK, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, out, sizeof out, &size),
			 PSA_ERROR_INVALID_HANDLE);
		CHECK_EQ(psa_export_public_key(MERLON_KEY_IAK, out, sizeof out, &size), PSA_ERROR_INVALID_HANDLE);
		CHECK_EQ(psa_get_key_attributes(MERLON_KEY_IAK, &attributes), PSA_ERROR_INVALID_HANDLE);
		CHECK_EQ(psa_destroy_key(MERLON_KEY_IAK), PSA_ERROR_INVALID_HANDLE);
		/* Nor by the identifier of the volatile key behind it. */
		for (psa_key_id_t id = PSA_KEY_ID_VENDOR_MIN; id < PSA_KEY_ID_VENDOR_MIN + 40; id++)
			CHECK_EQ(psa_get_key_attributes(id, &attributes), PSA_ERROR_INVALID_HANDLE);
	}
}

TEST(a_builtin_key_stays_what_it_is, CLAIM("crypto.key.builtin"), ATTACK)
{
	uint8_t out[65];
	size_t size;
	psa_key_id_t key;
	device_with_identity();
	psa_key_attributes_t attributes = psa_key_attributes_init();
	for (unsigned i = 0; i < 2; i++) {
		psa_key_id_t id = i == 0 ? MERLON_KEY_HUK : MERLON_KEY_IAK;
		spm_client = i == 0 ? STORE : ATTEST;
		CHECK_EQ(psa_destroy_key(id), PSA_ERROR_NOT_PERMITTED);
		CHECK_EQ(psa_export_key(id, out, sizeof out, &size), PSA_ERROR_NOT_PERMITTED);
		CHECK_EQ(psa_get_key_attributes(id, &attributes), PSA_SUCCESS);
		psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_VOLATILE);
		CHECK_EQ(psa_copy_key(id, &attributes, &key), PSA_ERROR_NOT_PERMITTED);
		psa_set_key_id(&attributes, id); /* in its place */
		psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_PERSISTENT);
		CHECK_EQ(psa_generate_key(&attributes, &key) == PSA_SUCCESS, false);
		CHECK_EQ(psa_get_key_attributes(id, &attributes), PSA_SUCCESS);
	}
}

/* Not provisioned, or decommissioned: no identity, no keys. And a start without secrets does not come up with those of the last. */
TEST(without_an_identity_there_are_no_builtin_keys, CLAIM("crypto.key.builtin"), ATTACK)
{
	uint8_t out[16];
	psa_key_attributes_t attributes;
	device_with_identity();
	crypto_device_new();
	CHECK_EQ(derived(STORE, out), PSA_ERROR_INVALID_HANDLE);
	spm_client = ATTEST;
	CHECK_EQ(psa_get_key_attributes(MERLON_KEY_IAK, &attributes), PSA_ERROR_INVALID_HANDLE);
}
