/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The messages of the Crypto service: what `nonsecure/client` packs and `secure/crypto` unpacks. Page: docs/format/crypto_wire.md.
 *
 * A call is psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, ...). Input vector 0 is a struct crypto_request (AEAD in one piece: a struct
 * crypto_aead_request); the other vectors are data, as the table below says. Both sides run on one machine: integers are in its order.
 */
#ifndef MERLON_LIB_CRYPTO_WIRE_H
#define MERLON_LIB_CRYPTO_WIRE_H

#include <stdint.h>

enum { CRYPTO_NONCE_MAX = 16 };

/* A function is group << 8 | index. Append to a group, never renumber. Comment: inputs after vector 0 -> outputs. */
enum crypto_group {
	CRYPTO_GROUP_KEY,
	CRYPTO_GROUP_RANDOM,
	CRYPTO_GROUP_HASH,
	CRYPTO_GROUP_MAC,
	CRYPTO_GROUP_CIPHER,
	CRYPTO_GROUP_AEAD,
	CRYPTO_GROUP_ASYMMETRIC,
	CRYPTO_GROUP_DERIVATION,
	CRYPTO_GROUP_PAKE,
	CRYPTO_GROUP_INTERRUPTIBLE,
	CRYPTO_GROUP_COUNT,
};

enum crypto_function {
	CRYPTO_KEY_IMPORT = CRYPTO_GROUP_KEY << 8, /* attributes, material -> id */
	CRYPTO_KEY_GENERATE,                       /* attributes, custom data -> id; argument 0: custom flags */
	CRYPTO_KEY_COPY,                           /* attributes -> id; request.key: source */
	CRYPTO_KEY_DESTROY,
	CRYPTO_KEY_PURGE,
	CRYPTO_KEY_GET_ATTRIBUTES, /* -> attributes */
	CRYPTO_KEY_EXPORT,         /* -> material */
	CRYPTO_KEY_EXPORT_PUBLIC,  /* -> public key */

	CRYPTO_RANDOM_GENERATE = CRYPTO_GROUP_RANDOM << 8, /* -> random bytes */

	CRYPTO_HASH_COMPUTE = CRYPTO_GROUP_HASH << 8, /* input -> hash */
	CRYPTO_HASH_COMPARE,                          /* input, hash */
	CRYPTO_HASH_SETUP,                            /* -> handle */
	CRYPTO_HASH_UPDATE,                           /* input */
	CRYPTO_HASH_FINISH,                           /* -> hash */
	CRYPTO_HASH_VERIFY,                           /* hash */
	CRYPTO_HASH_ABORT,
	CRYPTO_HASH_CLONE, /* -> handle; request.handle: source */

	CRYPTO_MAC_COMPUTE = CRYPTO_GROUP_MAC << 8, /* input -> mac */
	CRYPTO_MAC_VERIFY,                          /* input, mac */
	CRYPTO_MAC_SIGN_SETUP,                      /* -> handle */
	CRYPTO_MAC_VERIFY_SETUP,                    /* -> handle */
	CRYPTO_MAC_UPDATE,                          /* input */
	CRYPTO_MAC_SIGN_FINISH,                     /* -> mac */
	CRYPTO_MAC_VERIFY_FINISH,                   /* mac */
	CRYPTO_MAC_ABORT,

	CRYPTO_CIPHER_ENCRYPT = CRYPTO_GROUP_CIPHER << 8, /* plaintext -> iv and ciphertext */
	CRYPTO_CIPHER_DECRYPT,                            /* iv and ciphertext -> plaintext */
	CRYPTO_CIPHER_ENCRYPT_SETUP,                      /* -> handle */
	CRYPTO_CIPHER_DECRYPT_SETUP,                      /* -> handle */
	CRYPTO_CIPHER_GENERATE_IV,                        /* -> iv */
	CRYPTO_CIPHER_SET_IV,                             /* iv */
	CRYPTO_CIPHER_UPDATE,                             /* input -> output */
	CRYPTO_CIPHER_FINISH,                             /* -> output */
	CRYPTO_CIPHER_ABORT,

	CRYPTO_AEAD_ENCRYPT = CRYPTO_GROUP_AEAD << 8, /* additional data, plaintext -> ciphertext and tag */
	CRYPTO_AEAD_DECRYPT,                          /* additional data, ciphertext and tag -> plaintext */
	CRYPTO_AEAD_ENCRYPT_SETUP,                    /* -> handle */
	CRYPTO_AEAD_DECRYPT_SETUP,                    /* -> handle */
	CRYPTO_AEAD_GENERATE_NONCE,                   /* -> nonce */
	CRYPTO_AEAD_SET_NONCE,                        /* nonce */
	CRYPTO_AEAD_SET_LENGTHS,                      /* arguments: additional data, plaintext, bytes */
	CRYPTO_AEAD_UPDATE_AD,                        /* additional data */
	CRYPTO_AEAD_UPDATE,                           /* input -> output */
	CRYPTO_AEAD_FINISH,                           /* -> ciphertext, tag */
	CRYPTO_AEAD_VERIFY,                           /* tag -> plaintext */
	CRYPTO_AEAD_ABORT,

	CRYPTO_SIGN_HASH = CRYPTO_GROUP_ASYMMETRIC << 8, /* hash -> signature */
	CRYPTO_VERIFY_HASH,                              /* hash, signature */
	CRYPTO_SIGN_MESSAGE,                             /* message -> signature */
	CRYPTO_VERIFY_MESSAGE,                           /* message, signature */
	CRYPTO_ASYMMETRIC_ENCRYPT,                       /* plaintext, salt -> ciphertext */
	CRYPTO_ASYMMETRIC_DECRYPT,                       /* ciphertext, salt -> plaintext */
	CRYPTO_RAW_KEY_AGREEMENT,                        /* the peer's public key -> shared secret */

	CRYPTO_DERIVATION_SETUP = CRYPTO_GROUP_DERIVATION << 8, /* -> handle */
	CRYPTO_DERIVATION_GET_CAPACITY,                         /* -> capacity */
	CRYPTO_DERIVATION_SET_CAPACITY,                         /* argument 0: capacity, bytes */
	CRYPTO_DERIVATION_INPUT_BYTES,                          /* argument 0: step; data */
	CRYPTO_DERIVATION_INPUT_INTEGER,                        /* argument 0: step, argument 1: value */
	CRYPTO_DERIVATION_INPUT_KEY,                            /* argument 0: step; request.key */
	CRYPTO_DERIVATION_KEY_AGREEMENT,                        /* argument 0: step; request.key; the peer's public key */
	CRYPTO_DERIVATION_OUTPUT_BYTES,                         /* -> bytes */
	CRYPTO_DERIVATION_OUTPUT_KEY,                           /* attributes -> id */
	CRYPTO_DERIVATION_VERIFY_BYTES,                         /* expected bytes */
	CRYPTO_DERIVATION_ABORT,
	CRYPTO_DERIVATION_VERIFY_KEY, /* request.key: the expected value */

	CRYPTO_PAKE_SETUP = CRYPTO_GROUP_PAKE << 8, /* -> handle; algorithm, argument 0: hash, argument 1: primitive */
	CRYPTO_PAKE_SET_PASSWORD_KEY,               /* request.key */
	CRYPTO_PAKE_SET_USER,                       /* identity */
	CRYPTO_PAKE_SET_PEER,                       /* identity */
	CRYPTO_PAKE_SET_ROLE,                       /* argument 0: role */
	CRYPTO_PAKE_OUTPUT,                         /* argument 0: step; -> data */
	CRYPTO_PAKE_INPUT,                          /* argument 0: step; data */
	CRYPTO_PAKE_GET_IMPLICIT_KEY,               /* argument 0: handle of a key derivation */
	CRYPTO_PAKE_ABORT,

	CRYPTO_SIGN_HASH_START = CRYPTO_GROUP_INTERRUPTIBLE << 8, /* hash -> handle */
	CRYPTO_SIGN_HASH_COMPLETE,                                /* -> signature */
	CRYPTO_VERIFY_HASH_START,                                 /* hash, signature -> handle */
	CRYPTO_VERIFY_HASH_COMPLETE,
	CRYPTO_INTERRUPTIBLE_GET_NUM_OPS, /* -> number of operations */
	CRYPTO_INTERRUPTIBLE_ABORT,
	CRYPTO_INTERRUPTIBLE_SET_MAX_OPS, /* argument 0: number of operations that one call of this client may take */
	CRYPTO_INTERRUPTIBLE_GET_MAX_OPS, /* -> that number */
};

/** Unused fields are 0. Every scalar result (handle, key id, capacity) is one uint32_t in output vector 0. */
struct crypto_request {
	uint32_t function; /* enum crypto_function */
	uint32_t handle;   /* of an operation under way, 0: none */
	uint32_t key;      /* key identifier of the calling client */
	uint32_t algorithm;
	uint32_t argument[2];
};

/** Vector 0 of CRYPTO_AEAD_ENCRYPT and _DECRYPT, which have no vector left for the nonce. */
struct crypto_aead_request {
	struct crypto_request base;
	uint32_t nonce_size; /* bytes */
	uint8_t nonce[CRYPTO_NONCE_MAX];
};

struct crypto_attributes {
	uint32_t id, lifetime, usage, algorithm, enrollment_algorithm;
	uint16_t type, bits;
};

#endif
