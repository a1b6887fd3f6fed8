/* SPDX-License-Identifier: Apache-2.0 */
/* What only the set `full` has: key exchange by password, ECDSA in steps, the curves and derivations beyond the mission. */
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/spm.h>
#include <string.h>

/* Send everything that one side has to say in a round to the other side. */
static void round_of(psa_pake_operation_t *from, psa_pake_operation_t *to, unsigned shares)
{
	static const psa_pake_step_t steps[] = { PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF };
	uint8_t data[6][PSA_PAKE_OUTPUT_MAX_SIZE];
	size_t sizes[6];
	for (unsigned i = 0; i < 3 * shares; i++)
		CHECK_EQ(psa_pake_output(from, steps[i % 3], data[i], sizeof data[i], &sizes[i]), PSA_SUCCESS);
	for (unsigned i = 0; i < 3 * shares; i++)
		CHECK_EQ(psa_pake_input(to, steps[i % 3], data[i], sizes[i]), PSA_SUCCESS);
}

static psa_pake_operation_t side(psa_key_id_t password, const char *user, const char *peer)
{
	psa_pake_cipher_suite_t suite = psa_pake_cipher_suite_init();
	psa_pake_operation_t operation = psa_pake_operation_init();
	psa_pake_cs_set_algorithm(&suite, PSA_ALG_JPAKE);
	psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256));
	psa_pake_cs_set_hash(&suite, PSA_ALG_SHA_256);
	CHECK_EQ(psa_pake_setup(&operation, &suite), PSA_SUCCESS);
	CHECK_EQ(psa_pake_set_user(&operation, (const uint8_t *)user, strlen(user)), PSA_SUCCESS);
	CHECK_EQ(psa_pake_set_peer(&operation, (const uint8_t *)peer, strlen(peer)), PSA_SUCCESS);
	CHECK_EQ(psa_pake_set_password_key(&operation, password), PSA_SUCCESS);
	return operation;
}

static void secret_of(psa_pake_operation_t *operation, uint8_t secret[32])
{
	psa_key_derivation_operation_t output = psa_key_derivation_operation_init();
	CHECK_EQ(psa_key_derivation_setup(&output, PSA_ALG_TLS12_ECJPAKE_TO_PMS), PSA_SUCCESS);
	CHECK_EQ(psa_pake_get_implicit_key(operation, &output), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_output_bytes(&output, secret, 32), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_abort(&output), PSA_SUCCESS);
}

TEST(two_sides_of_a_password_agree, CLAIM("crypto.pake"), FUNCTIONAL)
{
	uint8_t ours[32], theirs[32];
	crypto_device_new();
	for (unsigned same = 0; same < 2; same++) {
		psa_key_id_t one = crypto_key_of(PSA_KEY_TYPE_PASSWORD, PSA_ALG_JPAKE, PSA_KEY_USAGE_DERIVE,
						 (const uint8_t *)"correct horse", 13);
		psa_key_id_t two = crypto_key_of(PSA_KEY_TYPE_PASSWORD, PSA_ALG_JPAKE, PSA_KEY_USAGE_DERIVE,
						 (const uint8_t *)(same ? "correct horse" : "battery stapl"), 13);
		psa_pake_operation_t client = side(one, "client", "server"), server = side(two, "server", "client");
		round_of(&client, &server, 2);
		round_of(&server, &client, 2);
		round_of(&server, &client, 1);
		round_of(&client, &server, 1);
		secret_of(&client, ours);
		secret_of(&server, theirs);
		CHECK_EQ(memcmp(ours, theirs, sizeof ours) == 0, same == 1);
		CHECK_EQ(psa_pake_abort(&client), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(one), PSA_SUCCESS);
		CHECK_EQ(psa_destroy_key(two), PSA_SUCCESS);
	}
}

static psa_key_id_t p256_pair(uint8_t public[65])
{
	uint8_t material[32];
	size_t size;
	(void)hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", material, sizeof material);
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
					 PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, material, sizeof material);
	CHECK_EQ(psa_export_public_key(key, public, 65, &size), PSA_SUCCESS);
	return key;
}

TEST(a_signature_in_steps, CLAIM("crypto.interruptible"), FUNCTIONAL)
{
	uint8_t public[65], hash[32] = { 3 }, signature[64];
	size_t size;
	unsigned steps = 0;
	psa_status_t status;
	crypto_device_new();
	psa_key_id_t key = p256_pair(public);
	psa_interruptible_set_max_ops(100);
	CHECK_EQ(psa_interruptible_get_max_ops(), 100);
	psa_sign_hash_interruptible_operation_t sign = psa_sign_hash_interruptible_operation_init();
	CHECK_EQ(psa_sign_hash_start(&sign, key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash), PSA_SUCCESS);
	for (; (status = psa_sign_hash_complete(&sign, signature, sizeof signature, &size)) == PSA_OPERATION_INCOMPLETE; steps++)
		CHECK(psa_sign_hash_get_num_ops(&sign) > 0);
	CHECK_EQ(status, PSA_SUCCESS);
	CHECK(steps > 3 && size == 64);
	CHECK_EQ(psa_verify_hash(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, signature, size), PSA_SUCCESS);
	for (unsigned forged = 0; forged < 2; forged++) {
		psa_verify_hash_interruptible_operation_t verify = psa_verify_hash_interruptible_operation_init();
		CHECK_EQ(psa_verify_hash_start(&verify, key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, signature, size),
			 PSA_SUCCESS);
		for (steps = 0; (status = psa_verify_hash_complete(&verify)) == PSA_OPERATION_INCOMPLETE; steps++)
			continue;
		CHECK_EQ(status, forged ? PSA_ERROR_INVALID_SIGNATURE : PSA_SUCCESS);
		CHECK(steps > 3);
		hash[0] ^= 1;
	}
	CHECK_EQ(psa_sign_hash_start(&sign, key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash), PSA_SUCCESS);
	psa_sign_hash_interruptible_operation_t kept = sign;
	CHECK_EQ(psa_sign_hash_abort(&sign), PSA_SUCCESS);
	CHECK_EQ(psa_sign_hash_complete(&kept, signature, sizeof signature, &size), PSA_ERROR_BAD_STATE);
	spm_client = CLIENT_PARTITION; /* whose limit is its own */
	CHECK_EQ(psa_interruptible_get_max_ops(), PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED);
}

/* RFC 7748, section 6.1, from both sides. */
TEST(x25519, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	static const char *const pairs[2][2] = {
		{ "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
		  "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f" },
		{ "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
		  "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a" },
	};
	uint8_t secret[32], peer[32], shared[32], expected[32];
	size_t size;
	crypto_device_new();
	(void)hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", expected, sizeof expected);
	for (unsigned i = 0; i < 2; i++) {
		(void)hex(pairs[i][0], secret, sizeof secret);
		(void)hex(pairs[i][1], peer, sizeof peer);
		psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), PSA_ALG_ECDH,
						 PSA_KEY_USAGE_DERIVE, secret, sizeof secret);
		CHECK_EQ(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, sizeof peer, shared, sizeof shared, &size), PSA_SUCCESS);
		CHECK(size == sizeof shared && memcmp(shared, expected, size) == 0);
	}
}

/* RFC 6979, A.2.5 and A.2.7, message "sample", SHA-256 and SHA-512. */
TEST(deterministic_ecdsa, CLAIM("crypto.vectors"), FUNCTIONAL)
{
	static const struct {
		psa_algorithm_t hash;
		const char *secret, *signature;
	} cases[] = {
		{ PSA_ALG_SHA_256, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
		  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
		  "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
		{ PSA_ALG_SHA_512,
		  "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67"
		  "db89ec0c08b0e996b83538",
		  "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455c"
		  "c91f9b15bf05ec36e377fa00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c"
		  "37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a" },
	};
	uint8_t secret[66], expected[132], signature[132];
	size_t size;
	crypto_device_new();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		psa_algorithm_t algorithm = PSA_ALG_DETERMINISTIC_ECDSA(cases[i].hash);
		size_t secret_size = hex(cases[i].secret, secret, sizeof secret);
		size_t expected_size = hex(cases[i].signature, expected, sizeof expected);
		psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), algorithm,
						 PSA_KEY_USAGE_SIGN_MESSAGE, secret, secret_size);
		CHECK_EQ(psa_sign_message(key, algorithm, (const uint8_t *)"sample", 6, signature, sizeof signature, &size),
			 PSA_SUCCESS);
		CHECK_THAT(size == expected_size && memcmp(signature, expected, size) == 0, "case %zu", i);
	}
}
