/* SPDX-License-Identifier: Apache-2.0 */
/** COSE_Sign1 messages and the keys of the host tool: merlon/lib/cose.h with mbedTLS under it. */
#ifndef MERLON_TOOL_COSE_KEY_H
#define MERLON_TOOL_COSE_KEY_H

#include "key.h"
#include <merlon/lib/cose.h>

/** @return False with an error when the key is not ecdsa-p256, the only kind that ES256 takes. */
bool cose_key_fits(const struct key *key, const char *path, struct error *error);

/** Does the signature of a parsed message hold for this key and use? */
bool cose_signature_holds(struct key *key, const char *use, const struct cose_message *message);

/** Sign a payload. @param message  Out: the whole message; the caller frees it. */
bool cose_sign(struct key *key, const char *use, const uint8_t *payload, size_t size, struct buffer *message, struct error *error);

#endif
