/* SPDX-License-Identifier: Apache-2.0 */
#include "debug.h"
#include <merlon/lib/debug_token.h>
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <psa/crypto.h>
#include <psa/lifecycle.h>
#include <string.h>

_Static_assert((int)MERLON_DEBUG_CHALLENGE_SIZE == (int)DEBUG_CHALLENGE_SIZE, "merlon/platform.h and lib/debug_token.h differ");

enum { P256_POINT_SIZE = 65 };

/* The one challenge that is open. */
static struct {
	bool open;
	uint8_t bytes[DEBUG_CHALLENGE_SIZE];
} challenge;

/* A token, and what its signature is over. */
static uint8_t token[DEBUG_TOKEN_MAX], signed_bytes[COSE_SIGNED_HEAD_MAX + DEBUG_PAYLOAD_MAX];

void debug_reset(void)
{
	mem_wipe(&challenge, sizeof challenge);
}

static bool tokens_count(void)
{
	return lifecycle_allows(psa_rot_lifecycle_state(), LIFECYCLE_DEBUG_TOKENS);
}

psa_status_t debug_draw_challenge(uint8_t bytes[MERLON_DEBUG_CHALLENGE_SIZE])
{
	debug_reset();
	if (!tokens_count())
		return PSA_ERROR_NOT_PERMITTED;
	psa_status_t status = psa_generate_random(challenge.bytes, sizeof challenge.bytes);
	challenge.open = status == PSA_SUCCESS;
	memcpy(bytes, challenge.bytes, sizeof challenge.bytes);
	return status;
}

static psa_status_t verify_with(const struct image_key *trusted, size_t signed_size, const uint8_t *signature)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t key;
	const uint8_t *point = ecdsa_key_decode(&ecdsa_key_p256, trusted->der, trusted->der_size);
	if (point == NULL)
		return PSA_ERROR_INVALID_SIGNATURE; /* a key of another curve signs no debug token */
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_MESSAGE);
	/* The 0x04 of an uncompressed point stands in front of x and y. */
	psa_status_t status = psa_import_key(&attributes, point - 1, P256_POINT_SIZE, &key);
	if (status != PSA_SUCCESS)
		return status;
	status = psa_verify_message(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), signed_bytes, signed_size, signature, COSE_SIGNATURE_SIZE);
	psa_status_t destroyed = psa_destroy_key(key);
	return status == PSA_SUCCESS ? destroyed : status;
}

/* Who may replace the Secure image could read all that a debug state opens: no other key is asked for. */
static bool may_order(const struct image_key *key)
{
	return (key->role & IMAGE_KEY_FOR_SECURE) != 0 && !key->revoked &&
	       (!key->development || lifecycle_allows(psa_rot_lifecycle_state(), LIFECYCLE_DEVELOPMENT_KEYS));
}

static psa_status_t verify(const struct platform_config *config, const struct cose_message *message)
{
	struct cbor_writer writer = { signed_bytes, sizeof signed_bytes, 0 };
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	cose_begin_signed(&writer, DEBUG_TOKEN_USE, message->payload_size);
	cbor_append(&writer, message->payload, message->payload_size);
	if (!cbor_fits(&writer))
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = otp_keys_get(config->otp, keys, &count);
	if (status != PSA_SUCCESS)
		return status;
	status = PSA_ERROR_INVALID_SIGNATURE;
	for (uint8_t i = 0; i < count && status != PSA_SUCCESS; i++)
		if (may_order(&keys[i]))
			status = verify_with(&keys[i], writer.size, message->signature);
	return status;
}

/* Is it for this device, for this challenge, and along an edge? */
static bool is_for_us(const struct platform_config *config, const struct debug_token *order, const uint8_t *expected)
{
	return order->serial_size == strlen(config->serial) && memcmp(order->serial, config->serial, order->serial_size) == 0 &&
	       mem_equal(order->challenge, expected, DEBUG_CHALLENGE_SIZE) &&
	       lifecycle_has_edge(psa_rot_lifecycle_state(), order->state);
}

static psa_status_t judge(const struct platform_config *config, size_t size, const uint8_t *expected, struct debug_token *order)
{
	struct cose_message message;
	if (cose_parse(token, size, &message) != PSA_SUCCESS ||
	    debug_token_read(message.payload, message.payload_size, order) != PSA_SUCCESS)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (!is_for_us(config, order, expected))
		return PSA_ERROR_NOT_PERMITTED;
	return verify(config, &message);
}

psa_status_t debug_order(const struct platform_config *config, const psa_msg_t *msg)
{
	uint8_t expected[DEBUG_CHALLENGE_SIZE];
	struct debug_token order;
	size_t size = msg->in_size[0];
	bool open = challenge.open;
	memcpy(expected, challenge.bytes, sizeof expected);
	debug_reset();
	if (!open)
		return tokens_count() ? PSA_ERROR_BAD_STATE : PSA_ERROR_NOT_PERMITTED;
	if (size > sizeof token)
		return PSA_ERROR_INVALID_ARGUMENT;
	(void)psa_read(msg->handle, 0, token, size);
	psa_status_t status = judge(config, size, expected, &order);
	mem_wipe(expected, sizeof expected);
	return status == PSA_SUCCESS ? otp_lifecycle_record(config->otp, (enum otp_lifecycle)order.state) : status;
}
