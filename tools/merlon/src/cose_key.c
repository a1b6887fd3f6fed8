/* SPDX-License-Identifier: Apache-2.0 */
#include "cose_key.h"
#include <mbedtls/bignum.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/sha256.h>
#include <merlon/lib/ecdsa_der.h>

enum { SCALAR_SIZE = COSE_SIGNATURE_SIZE / 2, DIGEST_SIZE = 32 };

bool cose_key_fits(const struct key *key, const char *path, struct error *error)
{
	return key->scalar_size == SCALAR_SIZE || error_set(error, "%s: %s: ES256 takes ecdsa-p256", path, key_type(key));
}

/* SHA-256 of the Sig_structure. */
static void digest_of(const char *use, const uint8_t *payload, size_t size, uint8_t digest[DIGEST_SIZE])
{
	uint8_t head[COSE_SIGNED_HEAD_MAX];
	struct cbor_writer writer = { head, sizeof head, 0 };
	mbedtls_sha256_context hash;
	cose_begin_signed(&writer, use, size);
	mbedtls_sha256_init(&hash);
	mbedtls_sha256_starts(&hash, 0);
	mbedtls_sha256_update(&hash, head, writer.size);
	mbedtls_sha256_update(&hash, payload, size);
	mbedtls_sha256_finish(&hash, digest);
	mbedtls_sha256_free(&hash);
}

bool cose_signature_holds(struct key *key, const char *use, const struct cose_message *message)
{
	uint8_t digest[DIGEST_SIZE];
	mbedtls_mpi r, s;
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(key->pk);
	digest_of(use, message->payload, message->payload_size, digest);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	bool holds =
		mbedtls_mpi_read_binary(&r, message->signature, SCALAR_SIZE) == 0 &&
		mbedtls_mpi_read_binary(&s, message->signature + SCALAR_SIZE, SCALAR_SIZE) == 0 &&
		mbedtls_ecdsa_verify(&pair->MBEDTLS_PRIVATE(grp), digest, sizeof digest, &pair->MBEDTLS_PRIVATE(Q), &r, &s) == 0;
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&s);
	return holds;
}

bool cose_sign(struct key *key, const char *use, const uint8_t *payload, size_t size, struct buffer *message, struct error *error)
{
	uint8_t digest[DIGEST_SIZE], der[KEY_SIGNATURE_MAX], raw[COSE_SIGNATURE_SIZE], head[COSE_MESSAGE_HEAD_MAX],
		tail[COSE_SIGNATURE_SIZE + 2];
	struct cbor_writer begin = { head, sizeof head, 0 }, end = { tail, sizeof tail, 0 };
	size_t der_size;
	digest_of(use, payload, size, digest);
	if (!key_sign(key, digest, sizeof digest, der, &der_size, error))
		return false;
	if (ecdsa_signature_decode(der, der_size, SCALAR_SIZE, raw) != PSA_SUCCESS)
		return error_set(error, "sign: the key answers with no ECDSA signature");
	cose_begin_message(&begin, size);
	cose_end_message(&end, raw);
	*message = (struct buffer) { 0 };
	buffer_append(message, head, begin.size);
	buffer_append(message, payload, size);
	buffer_append(message, tail, end.size);
	return true;
}
