/* SPDX-License-Identifier: Apache-2.0 */
/** The Crypto partition, for the image that holds it and for its manifest. Clients include psa/crypto.h. */
#ifndef MERLON_SECURE_CRYPTO_H
#define MERLON_SECURE_CRYPTO_H

#include <psa/service.h>
#include <stddef.h>
#include <stdint.h>

struct noise;

enum { CRYPTO_SECRET_SIZE = 32 };

/** Who may use a built-in key: one line per key and partition. */
struct crypto_builtin_user {
	uint32_t key;   /* merlon/builtin_keys.h */
	int32_t client; /* identity of a partition */
};

/** The secrets of this device and who may use them. */
struct crypto_builtin {
	uint8_t huk[CRYPTO_SECRET_SIZE]; /* hardware unique key */
	uint8_t iak[CRYPTO_SECRET_SIZE]; /* attestation key, P-256 scalar, big-endian */
	const struct crypto_builtin_user *users;
	size_t user_count; /* at most CRYPTO_BUILTIN_MAX */
};

enum { CRYPTO_BUILTIN_MAX = 4 };

/**
 * Before crypto_init().
 * @param noise  The source of randomness, set up; kept by reference for ever: memory that the partition may write.
 */
void crypto_noise_set(struct noise *noise);

/**
 * Who is to hear, while a call lasts longer than a watchdog waits, that the service is at work: called before random bytes are drawn, as
 * the generation of an RSA key does for each candidate. Kept for ever; NULL: nobody.
 */
void crypto_progress_set(void (*progress)(void *context), void *context);

/**
 * Before each crypto_init(), on a device that has an identity. Without this call there are no built-in keys.
 * @param builtin  Copied with its users, into the partition's own memory; the caller wipes its secrets.
 */
void crypto_builtin_set(const struct crypto_builtin *builtin);

/**
 * Entry of the partition: starts the core afresh. Volatile keys and operations under way are gone, persistent keys are not. After it the
 * partition holds no copy of the hardware unique key, only the values that were derived for its users.
 * @return PSA_SUCCESS; else why the core or a built-in key did not come up: then no message is served.
 */
psa_status_t crypto_init(void);

/** The service: one message of docs/format/crypto_wire.md. */
psa_status_t crypto_sfn(const psa_msg_t *msg);

#endif
