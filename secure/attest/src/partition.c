/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"
#include <merlon/builtin_keys.h>
#include <merlon/lib/cose.h>
#include <merlon/lib/service_wire.h>
#include <psa/crypto.h>
#include <psa/initial_attestation.h>
#include <string.h>

static struct attest_facts facts;

/* What is drawn or computed at the first token of a start. */
static struct {
	bool ready;
	uint8_t boot_seed[TOKEN_BOOT_SEED_MAX], implementation[TOKEN_IMPLEMENTATION_SIZE];
} session;

/* What is signed: the Sig_structure, whose last part is the payload. */
static uint8_t signed_bytes[COSE_SIGNED_HEAD_MAX + PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE];

void attest_configure(const struct attest_config *config)
{
	attest_facts_collect(&facts, config);
}

psa_status_t attest_init(void)
{
	memset(&session, 0, sizeof session);
	return PSA_SUCCESS;
}

/* Errors of the services that this one stands on. */
static psa_status_t explain(psa_status_t status)
{
	return status == PSA_SUCCESS || status == PSA_ERROR_INSUFFICIENT_ENTROPY ? status : PSA_ERROR_SERVICE_FAILURE;
}

static psa_status_t open_session(void)
{
	size_t size;
	if (session.ready)
		return PSA_SUCCESS;
	psa_status_t status = psa_generate_random(session.boot_seed, sizeof session.boot_seed);
	if (status == PSA_SUCCESS)
		status = psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)facts.implementation, strlen(facts.implementation),
					  session.implementation, sizeof session.implementation, &size);
	session.ready = status == PSA_SUCCESS;
	return explain(status);
}

/* What every token needs, before anything is computed. */
static psa_status_t check(size_t challenge_size)
{
	if (!token_nonce_size_ok(challenge_size))
		return PSA_ERROR_INVALID_ARGUMENT;
	if (!facts.has_key)
		return PSA_ERROR_SERVICE_FAILURE;
	return facts.status == PSA_SUCCESS ? PSA_SUCCESS : PSA_ERROR_GENERIC_ERROR;
}

static void make_claims(struct token_claims *claims, int32_t client, const uint8_t *challenge, size_t challenge_size)
{
	memset(claims, 0, sizeof *claims);
	attest_facts_claim(&facts, claims);
	claims->nonce = (struct token_slice) { challenge, challenge_size };
	claims->boot_seed = (struct token_slice) { session.boot_seed, sizeof session.boot_seed };
	claims->implementation = (struct token_slice) { session.implementation, sizeof session.implementation };
	claims->client = client;
}

static size_t payload_size(const struct token_claims *claims)
{
	struct cbor_writer measure = { NULL, 0, 0 };
	token_write_claims(&measure, claims);
	return measure.size;
}

static size_t token_size(size_t payload)
{
	static const uint8_t no_signature[COSE_SIGNATURE_SIZE];
	struct cbor_writer measure = { NULL, 0, 0 };
	cose_begin_message(&measure, payload);
	cose_end_message(&measure, no_signature);
	return measure.size + payload;
}

/* Sign the claims and answer with the message that carries them. */
static psa_status_t emit(const psa_msg_t *msg, const struct token_claims *claims, size_t payload)
{
	uint8_t signature[COSE_SIGNATURE_SIZE], edge[COSE_SIGNATURE_SIZE + COSE_MESSAGE_HEAD_MAX];
	struct cbor_writer signing = { signed_bytes, sizeof signed_bytes, 0 }, writer = { edge, sizeof edge, 0 };
	size_t signature_size;
	cose_begin_signed(&signing, "", payload);
	size_t head = signing.size;
	token_write_claims(&signing, claims);
	if (!cbor_fits(&signing))
		return PSA_ERROR_GENERIC_ERROR;
	psa_status_t status = psa_sign_message(MERLON_KEY_IAK, PSA_ALG_ECDSA(PSA_ALG_SHA_256), signed_bytes, signing.size,
					       signature, sizeof signature, &signature_size);
	if (status != PSA_SUCCESS)
		return explain(status);
	cose_begin_message(&writer, payload);
	psa_write(msg->handle, 0, edge, writer.size);
	psa_write(msg->handle, 0, signed_bytes + head, payload);
	writer.size = 0;
	cose_end_message(&writer, signature);
	psa_write(msg->handle, 0, edge, writer.size);
	return PSA_SUCCESS;
}

static psa_status_t get_token(const psa_msg_t *msg)
{
	uint8_t challenge[PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64];
	struct token_claims claims;
	size_t challenge_size = msg->in_size[0];
	if (msg->out_size[0] == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = check(challenge_size);
	if (status != PSA_SUCCESS)
		return status;
	(void)psa_read(msg->handle, 0, challenge, challenge_size);
	make_claims(&claims, msg->client_id, challenge, challenge_size);
	size_t payload = payload_size(&claims);
	if (token_size(payload) > msg->out_size[0])
		return PSA_ERROR_BUFFER_TOO_SMALL;
	status = open_session();
	return status == PSA_SUCCESS ? emit(msg, &claims, payload) : status;
}

static psa_status_t get_token_size(const psa_msg_t *msg)
{
	static const uint8_t no_challenge[PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64];
	struct token_claims claims;
	uint32_t word;
	if (msg->in_size[0] != sizeof word || msg->out_size[0] != sizeof word)
		return PSA_ERROR_INVALID_ARGUMENT;
	(void)psa_read(msg->handle, 0, &word, sizeof word);
	psa_status_t status = check(word);
	if (status != PSA_SUCCESS)
		return status;
	make_claims(&claims, msg->client_id, no_challenge, word);
	word = (uint32_t)token_size(payload_size(&claims));
	psa_write(msg->handle, 0, &word, sizeof word);
	return PSA_SUCCESS;
}

psa_status_t attestation_sfn(const psa_msg_t *msg)
{
	switch (msg->type) {
	case ATTEST_CALL_GET_TOKEN:
		return get_token(msg);
	case ATTEST_CALL_GET_TOKEN_SIZE:
		return get_token_size(msg);
	default:
		return PSA_ERROR_NOT_SUPPORTED;
	}
}
