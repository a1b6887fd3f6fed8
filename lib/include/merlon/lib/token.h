/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The claims of a PSA attestation token: RFC 9783, profile TOKEN_PROFILE. Page: docs/format/token.md.
 *
 * The token is a COSE_Sign1 message (merlon/lib/cose.h) whose payload is a CBOR map of these claims with ascending keys. The device
 * writes it, the host tool reads it, with this one description.
 */
#ifndef MERLON_LIB_TOKEN_H
#define MERLON_LIB_TOKEN_H

#include <merlon/lib/cbor.h>

#define TOKEN_PROFILE "tag:psacertified.org,2023:psa#tfm"

enum {
	TOKEN_INSTANCE_SIZE = 33, /* UEID of type RAND: 0x01, then the SHA-256 of the attestation key's public point */
	TOKEN_UEID_RAND = 0x01,
	TOKEN_IMPLEMENTATION_SIZE = 32,
	TOKEN_BOOT_SEED_MIN = 8,
	TOKEN_BOOT_SEED_MAX = 32,
	TOKEN_COMPONENT_MAX = 8,
	TOKEN_REFERENCE_SIZE = 19, /* certification reference: 13 digits, '-', 5 digits */
};

/** Bytes that lie elsewhere; data NULL: the claim is absent. */
struct token_slice {
	const void *data;
	size_t size;
};

struct token_component {
	struct token_slice type, version, description; /* texts, optional */
	struct token_slice measurement, signer;        /* digests: 32, 48 or 64 bytes */
};

struct token_claims {
	struct token_slice nonce;                    /* the verifier's challenge: 32, 48 or 64 bytes */
	struct token_slice instance, implementation; /* TOKEN_INSTANCE_SIZE, TOKEN_IMPLEMENTATION_SIZE */
	struct token_slice boot_seed;                /* optional: differs from start to start */
	struct token_slice certification, service;   /* texts, optional: PSA certification reference, verification service */
	int32_t client;                              /* who asked: negative for the Non-secure world */
	uint32_t lifecycle;                          /* psa/lifecycle.h, with our low byte */
	struct token_component components[TOKEN_COMPONENT_MAX];
	size_t component_count; /* at least 1 */
};

/** Why a token is not accepted. Append, never renumber. */
enum token_refusal {
	TOKEN_ACCEPTED = 0,
	TOKEN_NOT_COSE,      /* no COSE_Sign1 message of this form */
	TOKEN_NOT_CBOR,      /* the claims are no map in deterministic CBOR, or a key is unknown, out of order or there twice */
	TOKEN_BAD_PROFILE,   /* another profile, or none */
	TOKEN_CLAIM_MISSING, /* a mandatory claim is absent */
	TOKEN_CLAIM_INVALID, /* a claim has another type, size or range than its definition */
	TOKEN_BAD_SIGNATURE,
	TOKEN_WRONG_KEY,     /* the instance is not the one whose key verifies the signature */
	TOKEN_NOT_FRESH,     /* the nonce is not the challenge */
	TOKEN_NOT_REFERENCE, /* a claim differs from its reference value */
	TOKEN_REFUSAL_COUNT,
};

const char *token_refusal_name(enum token_refusal refusal);
/** One sentence for people. */
const char *token_refusal_reason(enum token_refusal refusal);

static inline bool token_nonce_size_ok(size_t size)
{
	return size == 32 || size == 48 || size == 64;
}

/** @return Whether it is a lifecycle claim that RFC 9783 knows: 0x0000 to 0x60FF in steps of 0x1000, low byte free. */
bool token_lifecycle_ok(uint64_t lifecycle);
/** @return Whether the text has the form of a PSA certification reference. */
bool token_certification_ok(const char *text, size_t size);

/** Append the claims map. The caller has filled the claims as their comments say. */
void token_write_claims(struct cbor_writer *writer, const struct token_claims *claims);

/**
 * Read a claims map that fills `data` exactly.
 * @param claims  Slices point into `data`.
 * @return TOKEN_ACCEPTED, or the first reason of _NOT_CBOR, _BAD_PROFILE, _CLAIM_MISSING, _CLAIM_INVALID.
 */
enum token_refusal token_read_claims(const uint8_t *data, size_t size, struct token_claims *claims);

#endif
