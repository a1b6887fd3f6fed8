/* SPDX-License-Identifier: Apache-2.0 */
/* psa/crypto.h for clients: the library itself, random bytes and keys. */
#include "crypto_call.h"
#include <string.h>

psa_status_t psa_crypto_init(void)
{
	return PSA_SUCCESS; /* the service starts with the device; what it has to say it says to the first call */
}

psa_status_t psa_generate_random(uint8_t *output, size_t output_size)
{
	return crypto_call(&(struct crypto_request) { .function = CRYPTO_RANDOM_GENERATE },
			   &(struct crypto_vectors) { CRYPTO_OUT({ output, output_size, NULL }) });
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

psa_status_t psa_generate_key(const psa_key_attributes_t *attributes, mbedtls_svc_key_id_t *key)
{
	return make(&(struct crypto_request) { .function = CRYPTO_KEY_GENERATE }, attributes, NULL, key);
}

psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes, const psa_custom_key_parameters_t *custom,
				     const uint8_t *custom_data, size_t custom_data_length, mbedtls_svc_key_id_t *key)
{
	(void)custom_data;
	*key = MBEDTLS_SVC_KEY_ID_INIT;
	if (custom->flags != 0 || custom_data_length != 0)
		return PSA_ERROR_INVALID_ARGUMENT; /* as the core: it knows no parameters for the types it has */
	return psa_generate_key(attributes, key);
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
