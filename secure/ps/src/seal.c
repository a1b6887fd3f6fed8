/* SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"
#include <merlon/builtin_keys.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <psa/crypto.h>
#include <string.h>

enum { KEY_BITS = 256, COUNTER_END = 1 << 24 };

/* A product whose set of algorithms has no GCM seals with CCM. */
#ifdef PSA_WANT_ALG_GCM
#define PS_ALGORITHM PSA_ALG_GCM
#else
#define PS_ALGORITHM PSA_ALG_CCM
#endif

/* Names what the derived key is for: another purpose has another key. */
static const uint8_t key_info[] = { 'm', 'e', 'r', 'l', 'o', 'n', ' ', 'p', 's', ' ', '1' };

static psa_key_id_t key;

void ps_key_reset(void)
{
	key = PSA_KEY_ID_NULL;
}

psa_status_t ps_key_get(void)
{
	psa_key_derivation_operation_t derivation = PSA_KEY_DERIVATION_OPERATION_INIT;
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	if (key != PSA_KEY_ID_NULL)
		return PSA_SUCCESS;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
	psa_set_key_bits(&attributes, KEY_BITS);
	psa_set_key_algorithm(&attributes, PS_ALGORITHM);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT);
	psa_status_t status = psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_key(&derivation, PSA_KEY_DERIVATION_INPUT_SECRET, MERLON_KEY_HUK);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_INFO, key_info, sizeof key_info);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_output_key(&attributes, &derivation, &key);
	(void)psa_key_derivation_abort(&derivation);
	if (status == PSA_SUCCESS)
		return status;
	key = PSA_KEY_ID_NULL;
	return PSA_ERROR_STORAGE_FAILURE;
}

psa_status_t ps_nonces_begin(struct ps_nonces *nonces, uint32_t start)
{
	nonces->start = start;
	nonces->counter = 0;
	nonces->is_fresh = false;
	psa_status_t status = psa_generate_random(nonces->salt, sizeof nonces->salt);
	nonces->is_fresh = status == PSA_SUCCESS;
	return status == PSA_SUCCESS ? status : PSA_ERROR_STORAGE_FAILURE;
}

bool ps_nonce_next(struct ps_nonces *nonces, uint8_t nonce[PS_NONCE_SIZE])
{
	if (nonces->counter >= COUNTER_END)
		return false;
	le32_store(nonce, nonces->start);
	memcpy(nonce + 4, nonces->salt, PS_SALT_SIZE);
	nonce[9] = (uint8_t)nonces->counter;
	le16_store(nonce + 10, (uint16_t)(nonces->counter >> 8));
	nonces->counter++;
	return true;
}

uint32_t ps_nonce_start(const uint8_t nonce[PS_NONCE_SIZE])
{
	return le32_load(nonce);
}

psa_status_t ps_seal(const uint8_t nonce[PS_NONCE_SIZE], const void *ad, size_t ad_size, uint8_t *data, size_t size)
{
	size_t sealed;
	psa_status_t status = psa_aead_encrypt(key, PS_ALGORITHM, nonce, PS_NONCE_SIZE, ad, ad_size, data, size, data,
					       size + PS_TAG_SIZE, &sealed);
	return status == PSA_SUCCESS && sealed == size + PS_TAG_SIZE ? PSA_SUCCESS : PSA_ERROR_STORAGE_FAILURE;
}

psa_status_t ps_unseal(const uint8_t nonce[PS_NONCE_SIZE], const void *ad, size_t ad_size, uint8_t *data, size_t size)
{
	size_t opened;
	psa_status_t status = psa_aead_decrypt(key, PS_ALGORITHM, nonce, PS_NONCE_SIZE, ad, ad_size, data, size + PS_TAG_SIZE, data,
					       size, &opened);
	if (status == PSA_SUCCESS)
		return PSA_SUCCESS;
	mem_wipe(data, size);
	return status == PSA_ERROR_INVALID_SIGNATURE ? status : PSA_ERROR_STORAGE_FAILURE;
}
