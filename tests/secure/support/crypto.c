/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crypto_wire.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/sim/noise.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/its.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <string.h>

static struct sim_noise source;
static struct noise noise;

static uint32_t noise_seed = 1;

void crypto_device_reset(void)
{
	sim_noise_init(&source, SIM_NOISE_UNIFORM, noise_seed);
	noise = (struct noise) { 0 };
	CHECK_EQ(noise_start(&noise, &source.source), PSA_SUCCESS);
	spm_client = CLIENT_NONSECURE;
	spm_fail(PSA_SUCCESS);
	spm_register(CRYPTO_HANDLE, crypto_sfn, 256);
	crypto_noise_set(&noise);
	CHECK_EQ(crypto_init(), PSA_SUCCESS);
}

void crypto_device_new(void)
{
	its_reset(ITS_OBJECT_MAX);
	crypto_device_reset();
}

void crypto_device_seeded(uint32_t seed)
{
	noise_seed = seed;
	crypto_device_new();
	noise_seed = 1;
}

void crypto_noise_stuck(void)
{
	source.kind = SIM_NOISE_STUCK;
}

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

size_t hex(const char *digits, uint8_t *data, size_t capacity)
{
	size_t size = strlen(digits) / 2;
	CHECK(size <= capacity);
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(digit(digits[2 * i]) << 4 | digit(digits[2 * i + 1]));
	return size;
}

psa_key_id_t crypto_key_of(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, const uint8_t *data, size_t size)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key = 0;
	psa_set_key_type(&attributes, type);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	CHECK_EQ(psa_import_key(&attributes, data, size, &key), PSA_SUCCESS);
	CHECK(key != 0);
	return key;
}
