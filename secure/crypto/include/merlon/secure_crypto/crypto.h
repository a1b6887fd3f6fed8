/* SPDX-License-Identifier: Apache-2.0 */
/** The Crypto partition, for the image that holds it and for its manifest. Clients include psa/crypto.h. */
#ifndef MERLON_SECURE_CRYPTO_H
#define MERLON_SECURE_CRYPTO_H

#include <psa/service.h>

struct noise;

/** Before crypto_init(). @param noise  The source of randomness, set up; kept by reference for ever. */
void crypto_noise_set(struct noise *noise);

/** Entry of the partition: starts the core afresh. Volatile keys and operations under way are gone, persistent keys are not. */
psa_status_t crypto_init(void);

/** The service: one message of docs/format/crypto_wire.md. */
psa_status_t crypto_sfn(const psa_msg_t *msg);

#endif
