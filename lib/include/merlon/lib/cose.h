/* SPDX-License-Identifier: Apache-2.0 */
/**
 * COSE_Sign1 (RFC 9052 section 4.2), tagged 18, in the one form that Merlon makes and takes: protected header { alg: ES256 } and nothing
 * else, empty unprotected header, payload inside, signature r and s of 32 bytes each. What is signed is a Sig_structure (section 4.4):
 * the bytes that cose_begin_signed() writes, then the payload.
 *
 * `use` is the external_aad: text that binds a signature to what it is for. Attestation tokens have none, as their profile says.
 */
#ifndef MERLON_LIB_COSE_H
#define MERLON_LIB_COSE_H

#include <merlon/lib/cbor.h>
#include <psa/error.h>

enum {
	COSE_SIGNATURE_SIZE = 64,
	COSE_USE_MAX = 23,
	COSE_SIGNED_HEAD_MAX = 48,  /* bytes that cose_begin_signed() writes, at most */
	COSE_MESSAGE_HEAD_MAX = 24, /* bytes that cose_begin_message() writes, at most */
};

/** A message that was parsed: where its parts lie in it. */
struct cose_message {
	const uint8_t *payload, *signature; /* the signature has COSE_SIGNATURE_SIZE bytes */
	size_t payload_size;
};

/** All of a Sig_structure but the payload, which the caller appends or hashes next. @param use  At most COSE_USE_MAX characters; "": none. */
void cose_begin_signed(struct cbor_writer *writer, const char *use, size_t payload_size);

/** The message up to its payload. The caller appends the payload and then calls cose_end_message(). */
void cose_begin_message(struct cbor_writer *writer, size_t payload_size);
void cose_end_message(struct cbor_writer *writer, const uint8_t signature[COSE_SIGNATURE_SIZE]);

/** @retval PSA_ERROR_DATA_INVALID  Not exactly such a message. The signature is not verified here. */
psa_status_t cose_parse(const uint8_t *data, size_t size, struct cose_message *message);

#endif
