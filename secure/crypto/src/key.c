/* SPDX-License-Identifier: Apache-2.0 */
/* Keys: made, used and destroyed under the identity of the client. The core enforces policies. */
#include "builtin.h"
#include "call.h"
#include "random.h"

static psa_status_t key_import(struct crypto_call *call)
{
	struct crypto_buffer material;
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	crypto_attributes_read(call, &attributes);
	psa_status_t status = crypto_buffer_read(call, 2, &material);
	if (status != PSA_SUCCESS)
		return status;
	status = psa_import_key(&attributes, material.data, material.size, &key);
	crypto_buffer_release(&material);
	return crypto_answer_key(call, status, key);
}

static psa_status_t key_generate(struct crypto_call *call)
{
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	psa_custom_key_parameters_t custom = { .flags = call->request->argument[0] };
	struct crypto_buffer data;
	crypto_attributes_read(call, &attributes);
	psa_status_t status = crypto_buffer_read(call, 2, &data);
	if (status == PSA_SUCCESS)
		status = crypto_random_refresh();
	if (status == PSA_SUCCESS)
		status = psa_generate_key_custom(&attributes, &custom, data.data, data.size, &key);
	crypto_buffer_release(&data);
	return crypto_answer_key(call, status, key);
}

static psa_status_t key_copy(struct crypto_call *call)
{
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
	crypto_attributes_read(call, &attributes);
	return crypto_answer_key(call, psa_copy_key(crypto_request_key(call), &attributes, &key), key);
}

/* A built-in key is read-only, for its users, too; for others it does not exist. */
static psa_status_t destroy(struct crypto_call *call, psa_status_t (*core_destroy)(mbedtls_svc_key_id_t key))
{
	psa_key_attributes_t attributes;
	mbedtls_svc_key_id_t key = crypto_request_key(call);
	if (!crypto_builtin_is(call->request->key))
		return core_destroy(key);
	psa_status_t status = psa_get_key_attributes(key, &attributes);
	return status == PSA_SUCCESS ? PSA_ERROR_NOT_PERMITTED : status;
}

static psa_status_t key_destroy(struct crypto_call *call)
{
	return destroy(call, psa_destroy_key);
}

static psa_status_t key_purge(struct crypto_call *call)
{
	return psa_purge_key(crypto_request_key(call));
}

static psa_status_t key_get_attributes(struct crypto_call *call)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_status_t status = psa_get_key_attributes(crypto_request_key(call), &attributes);
	if (status != PSA_SUCCESS)
		return status;
	bool builtin = crypto_builtin_is(call->request->key); /* shown as what it is, not as the volatile key behind it */
	struct crypto_attributes wire = {
		.id = call->request->key,
		.lifetime = builtin ? PSA_KEY_PERSISTENCE_READ_ONLY : psa_get_key_lifetime(&attributes),
		.usage = psa_get_key_usage_flags(&attributes),
		.algorithm = psa_get_key_algorithm(&attributes),
		.enrollment_algorithm = psa_get_key_enrollment_algorithm(&attributes),
		.type = psa_get_key_type(&attributes),
		.bits = (uint16_t)psa_get_key_bits(&attributes),
	};
	return crypto_emit(call, 0, &wire, sizeof wire);
}

static psa_status_t export(struct crypto_call *call, psa_status_t (*get)(mbedtls_svc_key_id_t, uint8_t *, size_t, size_t *))
{
	struct crypto_buffer material;
	size_t size = 0;
	psa_status_t status = crypto_buffer_for(call, 0, CRYPTO_BUFFER_MAX, &material);
	if (status != PSA_SUCCESS)
		return status;
	status = get(crypto_request_key(call), material.data, material.size, &size);
	return crypto_buffer_emit(call, 0, &material, size, status);
}

static psa_status_t key_export(struct crypto_call *call)
{
	return export(call, psa_export_key);
}

static psa_status_t key_export_public(struct crypto_call *call)
{
	return export(call, psa_export_public_key);
}

#define MAKES_KEY(function, ins)                                                                                                   \
	{                                                                                                                          \
		.run = (function), .inputs = (ins), .outputs = 1, .effect = CRYPTO_PLAIN,                                          \
		.head_size = sizeof(struct crypto_request), .in_fixed = sizeof(struct crypto_attributes), .out_fixed = CRYPTO_WORD \
	}

static const struct crypto_row rows[] = {
	[CRYPTO_KEY_IMPORT & 0xff] = MAKES_KEY(key_import, 2),
	[CRYPTO_KEY_GENERATE & 0xff] = MAKES_KEY(key_generate, 2),
	[CRYPTO_KEY_COPY & 0xff] = MAKES_KEY(key_copy, 1),
	[CRYPTO_KEY_DESTROY & 0xff] = CRYPTO_ROW(key_destroy, 0, 0),
	[CRYPTO_KEY_PURGE & 0xff] = CRYPTO_ROW(key_purge, 0, 0),
	[CRYPTO_KEY_GET_ATTRIBUTES & 0xff] = { .run = key_get_attributes,
					       .outputs = 1,
					       .effect = CRYPTO_PLAIN,
					       .head_size = sizeof(struct crypto_request),
					       .out_fixed = sizeof(struct crypto_attributes) },
	[CRYPTO_KEY_EXPORT & 0xff] = CRYPTO_ROW(key_export, 0, 1),
	[CRYPTO_KEY_EXPORT_PUBLIC & 0xff] = CRYPTO_ROW(key_export_public, 0, 1),
};

const struct crypto_rows crypto_key_rows = { rows, sizeof rows / sizeof rows[0], CRYPTO_KIND_NONE, NULL, 0 };
