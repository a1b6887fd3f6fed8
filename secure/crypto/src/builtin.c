/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin.h"
#include "call.h"
#include <merlon/builtin_keys.h>
#include <merlon/lib/mem.h>
#include <merlon/secure_crypto/crypto.h>

/* Owner of these keys: no client has this identity, so that none can name the volatile key itself. */
#define NOBODY INT32_MIN

static struct crypto_builtin builtin; /* its secrets are there until crypto_builtin_init() */
static struct crypto_builtin_user users[CRYPTO_BUILTIN_MAX];
static size_t key_count;
static mbedtls_svc_key_id_t keys[CRYPTO_BUILTIN_MAX]; /* one per line of users */

CRYPTO_ENTRY void crypto_builtin_set(const struct crypto_builtin *new_builtin)
{
	builtin = *new_builtin;
	for (size_t i = 0; i < builtin.user_count && i < CRYPTO_BUILTIN_MAX; i++)
		users[i] = builtin.users[i];
}

bool crypto_builtin_is(uint32_t id)
{
	return id >= MBEDTLS_PSA_KEY_ID_BUILTIN_MIN && id <= MBEDTLS_PSA_KEY_ID_BUILTIN_MAX;
}

mbedtls_svc_key_id_t crypto_builtin_find(int32_t client, uint32_t id)
{
	for (size_t i = 0; i < key_count; i++)
		if (users[i].client == client && users[i].key == id)
			return keys[i];
	return mbedtls_svc_key_id_make(NOBODY, PSA_KEY_ID_NULL);
}

static psa_key_attributes_t attributes_of(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	mbedtls_set_key_owner_id(&attributes, NOBODY);
	psa_set_key_type(&attributes, type);
	psa_set_key_bits(&attributes, 8 * CRYPTO_SECRET_SIZE);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	return attributes;
}

/* HKDF-SHA-256(hardware unique key, info "merlon huk" || client). */
static psa_status_t derive(mbedtls_svc_key_id_t huk, int32_t client, mbedtls_svc_key_id_t *key)
{
	uint8_t info[] = { 'm', 'e', 'r', 'l', 'o', 'n', ' ', 'h', 'u', 'k', 0, 0, 0, 0 };
	psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
	psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE);
	for (unsigned i = 0; i < sizeof(uint32_t); i++)
		info[sizeof info - sizeof(uint32_t) + i] = (uint8_t)((uint32_t)client >> 8 * i);
	psa_status_t status = psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256));
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, huk);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, info, sizeof info);
	if (status == PSA_SUCCESS)
		status = psa_key_derivation_output_key(&attributes, &operation, key);
	(void)psa_key_derivation_abort(&operation);
	return status;
}

static psa_status_t import(psa_key_attributes_t attributes, const uint8_t *secret, mbedtls_svc_key_id_t *key)
{
	return psa_import_key(&attributes, secret, CRYPTO_SECRET_SIZE, key);
}

static psa_status_t make(const struct crypto_builtin_user *user, mbedtls_svc_key_id_t huk, mbedtls_svc_key_id_t *key)
{
	switch (user->key) {
	case MERLON_KEY_HUK:
		return derive(huk, user->client, key);
	case MERLON_KEY_IAK:
		return import(attributes_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
					    PSA_KEY_USAGE_SIGN_HASH),
			      builtin.iak, key);
	default:
		return PSA_ERROR_INVALID_ARGUMENT;
	}
}

psa_status_t crypto_builtin_init(void)
{
	mbedtls_svc_key_id_t huk = MBEDTLS_SVC_KEY_ID_INIT;
	psa_status_t status = PSA_SUCCESS;
	size_t count = builtin.user_count;
	if (count > CRYPTO_BUILTIN_MAX)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	if (count > 0)
		status = import(attributes_of(PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE),
				builtin.huk, &huk);
	for (key_count = 0; key_count < count && status == PSA_SUCCESS; key_count++)
		status = make(&users[key_count], huk, &keys[key_count]);
	(void)psa_destroy_key(huk);
	mem_wipe(builtin.huk, sizeof builtin.huk);
	mem_wipe(builtin.iak, sizeof builtin.iak);
	builtin.user_count = 0; /* another start needs them anew */
	return status;
}
