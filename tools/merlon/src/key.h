/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Keys of the host tools: PEM files, public or private, elliptic curves P-256 and P-384.
 *
 * A development key carries the line `Merlon-Key: development` above its PEM block, where RFC 7468 allows explanatory text that every
 * other program skips. `merlon key public` copies the line. The mark that binds is the one that provisioning writes into OTP from it.
 * Page: docs/format/key.md.
 */
#ifndef MERLON_TOOL_KEY_H
#define MERLON_TOOL_KEY_H

#include "file.h"
#include "pkcs11.h"
#include <mbedtls/pk.h>

enum { KEY_DER_MAX = 120, KEY_SIGNATURE_MAX = 104 };

struct key {
	mbedtls_pk_context pk;
	struct pkcs11_key *hsm; /* the private half is there; NULL: in pk */
	bool is_private, development;
	size_t scalar_size;       /* 32: P-256, 48: P-384 */
	uint8_t der[KEY_DER_MAX]; /* SubjectPublicKeyInfo */
	size_t der_size;
};

/** Load a PEM file, or find the key that a URI `pkcs11:...` names (pkcs11.h). On failure nothing needs freeing. */
bool key_load(const char *path, struct key *key, struct error *error);
/** The same, and refuse a public key. */
bool key_load_private(const char *path, struct key *key, struct error *error);
/** @param type  "ecdsa-p256" or "ecdsa-p384". */
bool key_generate(const char *type, bool development, struct key *key, struct error *error);
void key_free(struct key *key);

/** "ecdsa-p256" or "ecdsa-p384". */
const char *key_type(const struct key *key);
/** PEM text with the mark; the caller frees the buffer. */
bool key_encode(const struct key *key, bool with_private, struct buffer *pem, struct error *error);
/** SHA-256 of the SubjectPublicKeyInfo, or SHA-384 when `size` is 48. */
void key_hash(const struct key *key, size_t size, uint8_t *hash);

/** Type, marks, hash and DER of the public key as one JSON object on standard output. */
void key_print_json(const struct key *key);

/** ECDSA over a digest: DER, minimal. */
bool key_sign(struct key *key, const uint8_t *digest, size_t digest_size, uint8_t signature[KEY_SIGNATURE_MAX],
	      size_t *signature_size, struct error *error);

#endif
