/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Non-secure image of ./dev bench: bare metal, no threads. Each measured call stands alone between bench_begin() and bench_end();
 * QEMU's counting plugin notes when the core enters these two. The console says the name of each measurement and how often it was
 * made, in the same order; a call that fails is named with its status.
 */
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <psa/client.h>
#include <psa/crypto.h>
#include <psa/initial_attestation.h>
#include <psa/internal_trusted_storage.h>
#include <psa/protected_storage.h>
#include <psa_manifest/sid.h>
#include <stdbool.h>

enum { REPEATS = 8, OBJECT = 0x42656e63, OBJECT_SIZE = 32, P256_PUBLIC_SIZE = 65, P256_SIGNATURE_SIZE = 64, DIGEST_SIZE = 32 };

/* One thread needs no lock around its calls. */
VECTORS const struct vectors vectors = { .core = { .stack = stack_top, .reset = start_reset } };

static uint8_t digest[DIGEST_SIZE], signature[P256_SIGNATURE_SIZE], public_key[P256_PUBLIC_SIZE], data[OBJECT_SIZE];
static uint8_t challenge[PSA_INITIAL_ATTEST_CHALLENGE_SIZE_32], token[PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE];
static size_t size;
static psa_key_id_t pair, verifier, generated;

__attribute__((noinline, no_icf)) static void bench_begin(void)
{
	__asm__ volatile("");
}

__attribute__((noinline, no_icf)) static void bench_end(void)
{
	__asm__ volatile("");
}

/* One function per measurement, so that nothing but the call stands between the marks. */
#define MEASURE(name, call)                                                                                                        \
	static psa_status_t measure_##name(void)                                                                                   \
	{                                                                                                                          \
		bench_begin();                                                                                                     \
		psa_status_t status = (psa_status_t)(call);                                                                        \
		bench_end();                                                                                                       \
		return status;                                                                                                     \
	}

MEASURE(nothing, PSA_SUCCESS)
MEASURE(version,
	psa_version(INTERNAL_TRUSTED_STORAGE_SID) == INTERNAL_TRUSTED_STORAGE_VERSION ? PSA_SUCCESS : PSA_ERROR_GENERIC_ERROR)
/* A service that answers at once: what is left is the partition manager. */
MEASURE(empty, psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, 0, NULL, 0, NULL, 0) == PSA_ERROR_NOT_SUPPORTED ? PSA_SUCCESS
													 : PSA_ERROR_GENERIC_ERROR)
MEASURE(attest, psa_initial_attest_get_token(challenge, sizeof challenge, token, sizeof token, &size))
MEASURE(its_set, psa_its_set(OBJECT, OBJECT_SIZE, data, PSA_STORAGE_FLAG_NONE))
MEASURE(its_get, psa_its_get(OBJECT, 0, OBJECT_SIZE, data, &size))
MEASURE(ps_set, psa_ps_set(OBJECT, OBJECT_SIZE, data, PSA_STORAGE_FLAG_NONE))
MEASURE(ps_get, psa_ps_get(OBJECT, 0, OBJECT_SIZE, data, &size))
MEASURE(random, psa_generate_random(data, 16))
MEASURE(hash, psa_hash_compute(PSA_ALG_SHA_256, data, OBJECT_SIZE, digest, sizeof digest, &size))
MEASURE(sign, psa_sign_hash(pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), digest, sizeof digest, signature, sizeof signature, &size))
MEASURE(verify, psa_verify_hash(verifier, PSA_ALG_ECDSA(PSA_ALG_SHA_256), digest, sizeof digest, signature, sizeof signature))
MEASURE(verify_pair, psa_verify_hash(pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), digest, sizeof digest, signature, sizeof signature))

static psa_key_attributes_t p256_attributes(psa_key_type_t type, psa_key_usage_t usage)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, type);
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, usage);
	return attributes;
}

static psa_status_t measure_generate(void)
{
	psa_key_attributes_t attributes = p256_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
							  PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
	bench_begin();
	psa_status_t status = psa_generate_key(&attributes, &generated);
	bench_end();
	return status == PSA_SUCCESS ? psa_destroy_key(generated) : status;
}

/* A key pair, and its public half as a key of its own. */
static psa_status_t keys_make(void)
{
	psa_key_attributes_t attributes = p256_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
							  PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
	psa_status_t status = psa_crypto_init();
	if (status == PSA_SUCCESS)
		status = psa_generate_key(&attributes, &pair);
	if (status == PSA_SUCCESS)
		status = psa_export_public_key(pair, public_key, sizeof public_key, &size);
	attributes = p256_attributes(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), PSA_KEY_USAGE_VERIFY_HASH);
	return status == PSA_SUCCESS ? psa_import_key(&attributes, public_key, sizeof public_key, &verifier) : status;
}

static const struct {
	const char *name; /* NULL: a preparation of what follows, not measured */
	psa_status_t (*run)(void);
} measures[] = {
	{ "nothing", measure_nothing },
	{ "attest.token", measure_attest }, /* the first call after a start counts, too: nothing of the services before it */
	{ NULL, keys_make },
	{ "call.version", measure_version },
	{ "call.empty.sfn", measure_empty },
	{ "its.set32", measure_its_set },
	{ "its.get32", measure_its_get },
	{ "ps.set32", measure_ps_set },
	{ "ps.get32", measure_ps_get },
	{ "crypto.random16", measure_random },
	{ "crypto.sha256_32", measure_hash },
	{ "crypto.p256.generate", measure_generate },
	{ "crypto.p256.sign", measure_sign },
	{ "crypto.p256.verify", measure_verify },
	{ "crypto.p256.verify_pair", measure_verify_pair },
};

static void say(const struct console *console, const char *what, const char *name, uint32_t number)
{
	console_write_text(console, what);
	console_write_text(console, name);
	console_write_text(console, " ");
	console_write_decimal(console, number);
	console_write_text(console, "\n");
}

int main(void)
{
	struct cmsdk_uart uart;
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	psa_status_t status = PSA_SUCCESS;
	for (size_t i = 0; i < sizeof measures / sizeof measures[0] && status == PSA_SUCCESS; i++) {
		unsigned repeats = measures[i].name != NULL ? REPEATS : 1;
		for (unsigned repeat = 0; repeat < repeats && status == PSA_SUCCESS; repeat++)
			status = measures[i].run();
		if (measures[i].name != NULL || status != PSA_SUCCESS)
			say(&uart.console, status == PSA_SUCCESS ? "measured " : "failed ",
			    measures[i].name != NULL ? measures[i].name : "preparation",
			    status == PSA_SUCCESS ? repeats : (uint32_t)-status);
	}
	say(&uart.console, status == PSA_SUCCESS ? "bench " : "bench failed ", "done", (uint32_t)-status);
	for (;;)
		continue;
}
