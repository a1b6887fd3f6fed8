/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Debug token: a signed order to one device, once, to enter a lifecycle state beyond *secured*. Page: docs/format/debug_token.md.
 *
 * A COSE_Sign1 message (merlon/lib/cose.h) with DEBUG_TOKEN_USE, whose payload is the map { 1: state, 2: challenge, 3: serial }.
 */
#ifndef MERLON_LIB_DEBUG_TOKEN_H
#define MERLON_LIB_DEBUG_TOKEN_H

#include <merlon/lib/cose.h>
#include <merlon/lib/lifecycle.h>

#define DEBUG_TOKEN_USE "merlon debug token"

enum {
	DEBUG_CHALLENGE_SIZE = 32,
	DEBUG_SERIAL_MAX = 32,
	DEBUG_PAYLOAD_MAX = 96, /* bytes of the map, at most */
	DEBUG_TOKEN_MAX = COSE_MESSAGE_HEAD_MAX + DEBUG_PAYLOAD_MAX + COSE_SIGNATURE_SIZE + 2,
};

struct debug_token {
	uint32_t state;           /* enum otp_lifecycle: a debug state, or DECOMMISSIONED */
	const uint8_t *challenge; /* DEBUG_CHALLENGE_SIZE bytes of the device */
	const char *serial;       /* of the device, without a terminating zero */
	size_t serial_size;       /* 1 to DEBUG_SERIAL_MAX */
};

/** @return Whether a debug token may order this state. */
static inline bool debug_token_may_order(uint32_t state)
{
	return lifecycle_is_debug(state) || state == OTP_LIFECYCLE_DECOMMISSIONED;
}

/** Append the payload. */
void debug_token_write(struct cbor_writer *writer, const struct debug_token *token);

/**
 * Read a payload that fills `data` exactly.
 * @param token  Points into `data`.
 * @retval PSA_ERROR_DATA_INVALID  Not exactly such a map, or no state that a token may order.
 */
psa_status_t debug_token_read(const uint8_t *data, size_t size, struct debug_token *token);

#endif
