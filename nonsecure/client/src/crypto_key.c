/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: the library itself, random bytes and keys. */
#include "crypto_call.h"
#include <string.h>

psa_status_t psa_crypto_init(void)
{
	return PSA_SUCCESS; /* the service starts with the device; what it has to say it says to the first call */
}

void mbedtls_psa_crypto_free(void)
{
	/* Nor does it end with one of its clients. */
}

psa_status_t psa_generate_random(uint8_t *output, size_t output_size)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_RANDOM_GENERATE },
			   &(struct crypto_vectors) { CRYPTO_OUT({ output, output_size, NULL }) });
}

/* The generator is the service's: one client cannot weaken it, nor need it be told to seed (secure/crypto/README.md). */
psa_status_t psa_random_reseed(const uint8_t *perso, size_t perso_size)
{
	(void)perso;
	(void)perso_size;
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_random_deplete(void)
{
	return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_random_set_prediction_resistance(unsigned enabled)
{
	(void)enabled;
	return PSA_ERROR_NOT_SUPPORTED;
}

/* The service is ready when the device is. */
int psa_can_do_hash(psa_algorithm_t hash_alg)
{
	(void)hash_alg;
	return 1;
}

int psa_can_do_cipher(psa_key_type_t key_type, psa_algorithm_t cipher_alg)
{
	(void)key_type;
	(void)cipher_alg;
	return 1;
}

void psa_reset_key_attributes(psa_key_attributes_t *attributes)
{
	*attributes = psa_key_attributes_init();
}

psa_status_t psa_get_key_attributes(mbedtls_svc_key_id_t key, psa_key_attributes_t *attributes)
{
	struct crypto_attributes wire;
	*attributes = psa_key_attributes_init();
	psa_status_t status = crypto_call(&(struct crypto_request) { .function = CRYPTO_KEY_GET_ATTRIBUTES, .key = key },
					  &(struct crypto_vectors) { CRYPTO_OUT({ &wire, sizeof wire, NULL }) });
	if (status != PSA_SUCCESS)
		return status;
	psa_set_key_id(attributes, wire.id);
	attributes->MBEDTLS_PRIVATE(lifetime) =
		wire.lifetime; /* not by its setter, which forgets the identifier of a volatile key */
	psa_set_key_usage_flags(attributes, wire.usage);
	psa_set_key_algorithm(attributes, wire.algorithm);
	psa_set_key_enrollment_algorithm(attributes, wire.enrollment_algorithm);
	psa_set_key_type(attributes, wire.type);
	psa_set_key_bits(attributes, wire.bits);
	return PSA_SUCCESS;
}

/* Functions that make a key from attributes and perhaps `more`. */
static psa_status_t make(const struct crypto_request *request, const psa_key_attributes_t *attributes, const struct crypto_in *more,
			 mbedtls_svc_key_id_t *key)
{
	struct crypto_attributes wire;
	struct crypto_vectors vectors = { .in = { { &wire, sizeof wire } }, .in_count = 1, CRYPTO_OUT({ key, sizeof *key, NULL }) };
	crypto_attributes_pack(attributes, &wire);
	if (more != NULL)
		vectors.in[vectors.in_count++] = *more;
	psa_status_t status = crypto_call(request, &vectors);
	if (status != PSA_SUCCESS)
		*key = MBEDTLS_SVC_KEY_ID_INIT;
	return status;
}

psa_status_t psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t data_length,
			    mbedtls_svc_key_id_t *key)
{
	return make(&(struct crypto_request) { .function = CRYPTO_KEY_IMPORT }, attributes,
		    &(struct crypto_in) { data, data_length }, key);
}

psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes, const psa_custom_key_parameters_t *custom,
				     const uint8_t *custom_data, size_t custom_data_length, mbedtls_svc_key_id_t *key)
{
	return make(&(struct crypto_request) { .function = CRYPTO_KEY_GENERATE, .argument = { custom->flags } }, attributes,
		    &(struct crypto_in) { custom_data, custom_data_length }, key);
}

static const psa_custom_key_parameters_t no_parameters = PSA_CUSTOM_KEY_PARAMETERS_INIT;

psa_status_t psa_generate_key(const psa_key_attributes_t *attributes, mbedtls_svc_key_id_t *key)
{
	return psa_generate_key_custom(attributes, &no_parameters, NULL, 0, key);
}

/* The forms that these two replaced: parameters and data in one structure. */
psa_status_t psa_generate_key_ext(const psa_key_attributes_t *attributes, const psa_key_production_parameters_t *params,
				  size_t params_data_length, mbedtls_svc_key_id_t *key)
{
	psa_custom_key_parameters_t custom = { .flags = params->flags };
	return psa_generate_key_custom(attributes, &custom, params->data, params_data_length, key);
}

psa_status_t psa_copy_key(mbedtls_svc_key_id_t source_key, const psa_key_attributes_t *attributes, mbedtls_svc_key_id_t *target_key)
{
	return make(&(struct crypto_request) { .function = CRYPTO_KEY_COPY, .key = source_key }, attributes, NULL, target_key);
}

psa_status_t psa_key_derivation_output_key(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
					   mbedtls_svc_key_id_t *key)
{
	struct crypto_request request = { .function = CRYPTO_DERIVATION_OUTPUT_KEY, .handle = operation->handle };
	return make(&request, attributes, NULL, key);
}

/* The core knows no parameters for keys that are derived. */
psa_status_t psa_key_derivation_output_key_custom(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
						  const psa_custom_key_parameters_t *custom, const uint8_t *custom_data,
						  size_t custom_data_length, mbedtls_svc_key_id_t *key)
{
	(void)custom_data;
	*key = MBEDTLS_SVC_KEY_ID_INIT;
	if (custom->flags != 0 || custom_data_length != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return psa_key_derivation_output_key(attributes, operation, key);
}

psa_status_t psa_key_derivation_output_key_ext(const psa_key_attributes_t *attributes, psa_key_derivation_operation_t *operation,
					       const psa_key_production_parameters_t *params, size_t params_data_length,
					       mbedtls_svc_key_id_t *key)
{
	psa_custom_key_parameters_t custom = { .flags = params->flags };
	return psa_key_derivation_output_key_custom(attributes, operation, &custom, params->data, params_data_length, key);
}

psa_status_t psa_destroy_key(mbedtls_svc_key_id_t key)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_KEY_DESTROY, .key = key }, &(struct crypto_vectors) { 0 });
}

psa_status_t psa_purge_key(mbedtls_svc_key_id_t key)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_KEY_PURGE, .key = key }, &(struct crypto_vectors) { 0 });
}

psa_status_t psa_export_key(mbedtls_svc_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_KEY_EXPORT, .key = key },
			   &(struct crypto_vectors) { CRYPTO_OUT({ data, data_size, data_length }) });
}

psa_status_t psa_export_public_key(mbedtls_svc_key_id_t key, uint8_t *data, size_t data_size, size_t *data_length)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_KEY_EXPORT_PUBLIC, .key = key },
			   &(struct crypto_vectors) { CRYPTO_OUT({ data, data_size, data_length }) });
}

/* Handles of version 0 of the API: a key's handle is its identifier. Closing forgets a volatile key and the copy in memory of another. */
psa_status_t psa_open_key(mbedtls_svc_key_id_t key, psa_key_handle_t *handle)
{
	psa_key_attributes_t attributes;
	psa_status_t status = psa_get_key_attributes(key, &attributes);
	*handle = status == PSA_SUCCESS ? key : PSA_KEY_HANDLE_INIT;
	return status == PSA_ERROR_INVALID_HANDLE ? PSA_ERROR_DOES_NOT_EXIST : status;
}

psa_status_t psa_close_key(psa_key_handle_t handle)
{
	psa_key_attributes_t attributes;
	if (psa_key_handle_is_null(handle))
		return PSA_SUCCESS;
	psa_status_t status = psa_get_key_attributes(handle, &attributes);
	if (status != PSA_SUCCESS)
		return status;
	return PSA_KEY_LIFETIME_IS_VOLATILE(psa_get_key_lifetime(&attributes)) ? psa_destroy_key(handle) : psa_purge_key(handle);
}
