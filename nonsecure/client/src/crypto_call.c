/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_call.h"
#include <psa_manifest/sid.h>
#include <string.h>

/* Vector 0 is the request; the caller's vectors follow. */
static psa_status_t send(const void *head, size_t head_size, const struct crypto_vectors *vectors)
{
	psa_invec in[1 + CRYPTO_IN_MAX] = { { head, head_size } };
	psa_outvec out[CRYPTO_OUT_MAX];
	for (size_t i = 0; i < vectors->in_count; i++)
		in[1 + i] = (psa_invec) { vectors->in[i].data, vectors->in[i].size };
	for (size_t i = 0; i < vectors->out_count; i++)
		out[i] = (psa_outvec) { vectors->out[i].data, vectors->out[i].capacity };
	psa_status_t status = psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, 1u + vectors->in_count, out, vectors->out_count);
	for (size_t i = 0; i < vectors->out_count; i++) {
		if (vectors->out[i].size != NULL)
			*vectors->out[i].size = status == PSA_SUCCESS ? out[i].len : 0;
		else if (status == PSA_SUCCESS && out[i].len != vectors->out[i].capacity)
			status = PSA_ERROR_COMMUNICATION_FAILURE;
	}
	return status;
}

psa_status_t crypto_call(const struct crypto_request *request, const struct crypto_vectors *vectors)
{
	return send(request, sizeof *request, vectors);
}

psa_status_t crypto_call_nonce(const struct crypto_request *request, const struct crypto_in *nonce,
			       const struct crypto_vectors *vectors)
{
	struct crypto_aead_request aead = { .base = *request, .nonce_size = (uint32_t)nonce->size };
	for (size_t i = 0; i < vectors->out_count; i++)
		*vectors->out[i].size = 0;
	if (nonce->size > sizeof aead.nonce)
		return PSA_ERROR_NOT_SUPPORTED;
	if (nonce->size > 0)
		memcpy(aead.nonce, nonce->data, nonce->size);
	return send(&aead, sizeof aead, vectors);
}

psa_status_t crypto_begin_with(const struct crypto_request *request, const struct crypto_in *in, uint8_t in_count, uint32_t *handle)
{
	struct crypto_vectors vectors = { .in_count = in_count, CRYPTO_OUT({ handle, sizeof *handle, NULL }) };
	if (*handle != 0)
		return PSA_ERROR_BAD_STATE;
	for (uint8_t i = 0; i < in_count; i++)
		vectors.in[i] = in[i];
	psa_status_t status = crypto_call(request, &vectors);
	if (status != PSA_SUCCESS)
		*handle = 0;
	return status;
}

psa_status_t crypto_begin(const struct crypto_request *request, uint32_t *handle)
{
	return crypto_begin_with(request, NULL, 0, handle);
}

psa_status_t crypto_ask(const struct crypto_request *request, uint32_t handle, const struct crypto_vectors *vectors)
{
	static const struct crypto_vectors none;
	struct crypto_request named = *request;
	named.handle = handle;
	/* An operation that has not begun is refused by the service, too, which leaves the sizes at 0. */
	return crypto_call(&named, vectors != NULL ? vectors : &none);
}

psa_status_t crypto_step(const struct crypto_request *request, uint32_t *handle, const struct crypto_vectors *vectors)
{
	psa_status_t status = crypto_ask(request, *handle, vectors);
	if (status != PSA_SUCCESS)
		*handle = 0;
	return status;
}

psa_status_t crypto_end(const struct crypto_request *request, uint32_t *handle, const struct crypto_vectors *vectors)
{
	psa_status_t status = crypto_ask(request, *handle, vectors);
	*handle = 0;
	return status;
}

psa_status_t crypto_abort(enum crypto_function function, uint32_t *handle)
{
	if (*handle == 0)
		return PSA_SUCCESS;
	return crypto_end(&(struct crypto_request) { .function = function }, handle, NULL);
}

void crypto_attributes_pack(const psa_key_attributes_t *attributes, struct crypto_attributes *wire)
{
	*wire = (struct crypto_attributes) {
		.id = psa_get_key_id(attributes),
		.lifetime = psa_get_key_lifetime(attributes),
		.usage = psa_get_key_usage_flags(attributes),
		.algorithm = psa_get_key_algorithm(attributes),
		.enrollment_algorithm = psa_get_key_enrollment_algorithm(attributes),
		.type = psa_get_key_type(attributes),
		.bits = (uint16_t)psa_get_key_bits(attributes),
	};
}
