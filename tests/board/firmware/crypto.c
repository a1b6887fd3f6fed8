/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Non-secure image without a kernel that asks the Crypto service for a published result of each algorithm and says on UART0 what it
 * got: `crypto: NAME ok`, or the status, or `wrong`. Then `crypto: ready`; on a line `rsa` it has a key pair of 2048 bits made and used.
 */
#include "rsa4096.h"
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/crypto.h>
#include <stdbool.h>
#include <string.h>

VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

static struct cmsdk_uart uart;
static uint8_t out[512], expected[128], work[128];
static size_t size;

static size_t hex(const char *digits, uint8_t *data)
{
	size_t count = strlen(digits) / 2;
	for (size_t i = 0; i < 2 * count; i++) {
		uint8_t digit = (uint8_t)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
		data[i / 2] = (uint8_t)(data[i / 2] << 4 | digit);
	}
	return count;
}

static void say(const char *name, psa_status_t status, bool right)
{
	console_write_text(&uart.console, "crypto: ");
	console_write_text(&uart.console, name);
	if (status == PSA_SUCCESS) {
		console_write_text(&uart.console, right ? " ok" : " wrong");
	} else {
		console_write_text(&uart.console, " ");
		console_write_hex32(&uart.console, (uint32_t)status);
	}
	console_write_text(&uart.console, "\n");
}

static void compare(const char *name, psa_status_t status, const char *result)
{
	size_t length = hex(result, expected);
	say(name, status, size == length && memcmp(out, expected, length) == 0);
}

static psa_status_t import(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, const uint8_t *data,
			   size_t length, psa_key_id_t *key)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, type);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	return psa_import_key(&attributes, data, length, key);
}

/* FIPS 180-4 and 202. */
static void hashes(void)
{
	static const struct {
		const char *name, *digest;
		psa_algorithm_t algorithm;
	} cases[] = {
		{ "sha-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", PSA_ALG_SHA_256 },
		{ "sha-512",
		  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
		  "2a9ac94fa54ca49f",
		  PSA_ALG_SHA_512 },
		{ "sha3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532", PSA_ALG_SHA3_256 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		compare(cases[i].name, psa_hash_compute(cases[i].algorithm, (const uint8_t *)"abc", 3, out, sizeof out, &size),
			cases[i].digest);
}

/* RFC 4231, case 2; RFC 5869, case 1; RFC 7914, section 11. */
static void codes_and_derivations(void)
{
	psa_key_id_t key = 0;
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	psa_status_t status = import(PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE,
				     (const uint8_t *)"Jefe", 4, &key);
	if (status == PSA_SUCCESS)
		status = psa_mac_compute(key, PSA_ALG_HMAC(PSA_ALG_SHA_256), (const uint8_t *)"what do ya want for nothing?", 28,
					 out, sizeof out, &size);
	compare("hmac", status, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	status = psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, work,
							hex("000102030405060708090a0b0c", work));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, work,
							hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", work));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, work,
							hex("f0f1f2f3f4f5f6f7f8f9", work));
	size = 16;
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_output_bytes(&operation, out, size);
	(void)psa_key_derivation_abort(&operation);
	compare("hkdf", status, "3cb25f25faacd57a90434f64d0362f2a");
	status = psa_key_derivation_setup(&operation, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 1);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, (const uint8_t *)"salt", 4);
	if (status == PSA_SUCCESS)
		status =
			psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, (const uint8_t *)"passwd", 6);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_output_bytes(&operation, out, size);
	(void)psa_key_derivation_abort(&operation);
	compare("pbkdf2", status, "55ac046e56e3089fec1691c22544b605");
}

/* Key, nonce and plaintext all zeros. McGrew and Viega, cases 2 and 14; ChaCha20-Poly1305 as OpenSSL says. */
static void aeads(void)
{
	static const struct {
		const char *name, *sealed;
		psa_key_type_t type;
		psa_algorithm_t algorithm;
		size_t key_size;
	} cases[] = {
		{ "aes-128-gcm", "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf", PSA_KEY_TYPE_AES, PSA_ALG_GCM,
		  16 },
		{ "aes-256-gcm", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919", PSA_KEY_TYPE_AES, PSA_ALG_GCM,
		  32 },
		{ "chacha20-poly1305", "9f07e7be5551387a98ba977c732d080dc34a88047320f52aa2c6683ef8084d2f", PSA_KEY_TYPE_CHACHA20,
		  PSA_ALG_CHACHA20_POLY1305, 32 },
	};
	static const uint8_t zeros[32];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		psa_key_id_t key = 0;
		psa_status_t status =
			import(cases[i].type, cases[i].algorithm, PSA_KEY_USAGE_ENCRYPT, zeros, cases[i].key_size, &key);
		if (status == PSA_SUCCESS)
			status = psa_aead_encrypt(key, cases[i].algorithm, zeros, 12, NULL, 0, zeros, 16, out, sizeof out, &size);
		compare(cases[i].name, status, cases[i].sealed);
		(void)psa_destroy_key(key);
	}
}

/* Sign with the pair, verify; a flipped bit is refused. */
static void signs(const char *name, psa_key_id_t key, psa_algorithm_t algorithm)
{
	uint8_t hash[32] = { 1, 2, 3 };
	psa_status_t status = psa_sign_hash(key, algorithm, hash, sizeof hash, out, sizeof out, &size);
	if (status == PSA_SUCCESS)
		status = psa_verify_hash(key, algorithm, hash, sizeof hash, out, size);
	hash[0] ^= 1;
	say(name, status, psa_verify_hash(key, algorithm, hash, sizeof hash, out, size) == PSA_ERROR_INVALID_SIGNATURE);
}

/* RFC 6979, A.2.5 and A.2.6; the agreement is NIST CAVP's COUNT = 0. */
static void curves(void)
{
	static const char *const secrets[] = {
		"c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
		"6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
	};
	static const char *const names[] = { "ecdsa-p256", "ecdsa-p384" };
	psa_key_type_t pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
	psa_key_id_t key = 0;
	for (size_t i = 0; i < 2; i++) {
		(void)import(pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, work,
			     hex(secrets[i], work), &key);
		signs(names[i], key, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
		(void)psa_destroy_key(key);
	}
	psa_status_t status = import(pair, PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE, work,
				     hex("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534", work), &key);
	size_t length = hex("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
			    "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
			    work);
	if (status == PSA_SUCCESS)
		status = psa_raw_key_agreement(PSA_ALG_ECDH, key, work, length, out, sizeof out, &size);
	compare("ecdh-p256", status, "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
	(void)psa_destroy_key(key);
}

static void rsa(void)
{
	static const struct {
		const char *name;
		psa_algorithm_t algorithm;
	} cases[] = { { "rsa-4096-pss", PSA_ALG_RSA_PSS(PSA_ALG_SHA_256) },
		      { "rsa-4096-pkcs1", PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256) } };
	psa_key_id_t key = 0;
	for (size_t i = 0; i < 2; i++) {
		(void)import(PSA_KEY_TYPE_RSA_KEY_PAIR, cases[i].algorithm, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH,
			     rsa4096, sizeof rsa4096, &key);
		signs(cases[i].name, key, cases[i].algorithm);
		(void)psa_destroy_key(key);
	}
	psa_algorithm_t algorithm = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256);
	psa_status_t status = import(PSA_KEY_TYPE_RSA_KEY_PAIR, algorithm, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, rsa4096,
				     sizeof rsa4096, &key);
	if (status == PSA_SUCCESS)
		status = psa_asymmetric_encrypt(key, algorithm, (const uint8_t *)"secret", 6, NULL, 0, out, sizeof out, &size);
	if (status == PSA_SUCCESS)
		status = psa_asymmetric_decrypt(key, algorithm, out, size, NULL, 0, out, sizeof out, &size);
	say("rsa-4096-oaep", status, size == 6 && memcmp(out, "secret", 6) == 0);
	(void)psa_destroy_key(key);
}

static void rsa_generate(void)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key = 0;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_KEY_PAIR);
	psa_set_key_bits(&attributes, 2048);
	psa_set_key_algorithm(&attributes, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
	say("rsa-2048-generate", psa_generate_key(&attributes, &key), true);
	signs("rsa-2048-pss", key, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256));
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	hashes();
	codes_and_derivations();
	aeads();
	curves();
	rsa();
	console_write_text(&uart.console, "crypto: ready\n");
	for (char c;;)
		if (console_read(&uart.console, &c, 1) == 1 && c == '\n')
			rsa_generate();
}
