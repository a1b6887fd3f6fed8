/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Crypto service under libFuzzer: any sequence of messages is answered, and the partition manager of the test ends the program when
 * the service reads or writes outside a vector. Input, repeated: { head size u8, head, sizes of two inputs and two outputs u8, the inputs }.
 */
#include <merlon/lib/crypto_wire.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/sim/noise.h>
#include <merlon/test_secure/its.h>
#include <merlon/test_secure/spm.h>
#include <psa/crypto.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>

static struct sim_noise source;
static struct noise noise;

static void require(psa_status_t status)
{
	if (status != PSA_SUCCESS)
		abort();
}

static void make_key(psa_key_id_t id, psa_key_type_t type, psa_algorithm_t algorithm, size_t bits)
{
	uint8_t material[32] = { 0x11, 0x22, 0x33 };
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key;
	psa_set_key_type(&attributes, type);
	psa_set_key_bits(&attributes, bits);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_ENCRYPT |
						     PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH |
						     PSA_KEY_USAGE_DERIVE);
	psa_set_key_id(&attributes, id);
	require(psa_import_key(&attributes, material, sizeof material, &key));
}

/* Keys 1 to 6, one of each kind, of the client that then sends the messages. */
static void device_new(void)
{
	its_reset(ITS_OBJECT_MAX);
	sim_noise_init(&source, SIM_NOISE_UNIFORM, 1);
	noise = (struct noise) { 0 };
	require(noise_start(&noise, &source.source));
	spm_client = -1;
	spm_register(CRYPTO_HANDLE, crypto_sfn, 256);
	crypto_noise_set(&noise);
	require(crypto_init());
	make_key(1, PSA_KEY_TYPE_AES, PSA_ALG_GCM, 256);
	make_key(2, PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, 256);
	make_key(3, PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), 256);
	make_key(4, PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), 256);
	make_key(6, PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, 256);
	make_key(5, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_SHA_256), 256);
}

/* Exactly `size` bytes from the input, on the heap: a sanitizer sees one byte too far. */
static uint8_t *take(const uint8_t **data, size_t *left, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		abort();
	size_t there = size < *left ? size : *left;
	memset(copy, 0, size);
	memcpy(copy, *data, there);
	*data += there;
	*left -= there;
	return copy;
}

static size_t next_size(const uint8_t **data, size_t *left)
{
	if (*left == 0)
		return 0;
	(*left)--;
	size_t code = *(*data)++;
	return code < 240 ? code : (code - 239) * 300; /* up to 4800: more than the service buffers */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	device_new();
	for (unsigned call = 0; call < 24 && size > 0; call++) {
		psa_invec in[3];
		psa_outvec out[2];
		for (size_t i = 0; i < 3; i++)
			in[i].len = next_size(&data, &size);
		for (size_t i = 0; i < 2; i++)
			out[i].len = next_size(&data, &size);
		size_t outs = out[1].len > 0 ? 2 : out[0].len > 0, ins = outs == 2 ? 2 : 3;
		for (size_t i = 0; i < 3; i++)
			in[i].base = take(&data, &size, in[i].len);
		for (size_t i = 0; i < 2; i++)
			out[i].base = malloc(out[i].len > 0 ? out[i].len : 1);
		(void)psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, ins, out, outs);
		for (size_t i = 0; i < 3; i++)
			free((void *)(uintptr_t)in[i].base);
		for (size_t i = 0; i < 2; i++)
			free(out[i].base);
	}
	return 0;
}
