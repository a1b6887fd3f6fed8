/* SPDX-License-Identifier: Apache-2.0 */
/** The Crypto service on a table of its own: real service, real client library, storage and noise for tests. */
#ifndef MERLON_TEST_CRYPTO_H
#define MERLON_TEST_CRYPTO_H

#include <psa/crypto.h>
#include <stdbool.h>

enum { CLIENT_NONSECURE = -1, CLIENT_OTHER_NONSECURE = -2, CLIENT_PARTITION = 300 };

/** A device after its first start: no keys, good noise, calls from CLIENT_NONSECURE. */
void crypto_device_new(void);
/** The device starts again: what is in storage stays. */
void crypto_device_reset(void);
/** The same with noise that follows from `seed`; the others have seed 1. */
void crypto_device_seeded(uint32_t seed);
/** The noise source repeats one byte from now on. */
void crypto_noise_stuck(void);

/** Decode hexadecimal digits into `data`. @return bytes. */
size_t hex(const char *digits, uint8_t *data, size_t capacity);

/** Import a volatile key. Ends the test on failure. */
psa_key_id_t crypto_key_of(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, const uint8_t *data, size_t size);

#endif
