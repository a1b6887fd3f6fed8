/* SPDX-License-Identifier: Apache-2.0 */
/** Sealing: authenticated encryption under the key that comes from the hardware unique key, with nonces that never come twice. */
#ifndef MERLON_PS_SEAL_H
#define MERLON_PS_SEAL_H

#include <psa/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PS_NONCE_SIZE = 12, PS_TAG_SIZE = 16, PS_SALT_SIZE = 5 };

/**
 * Where nonces come from: the number of a start that has sealed something, a random salt of that start, and a counter in it. The number
 * is stored before the first nonce of its start is used, so that no power cut brings it back; the salt is for the case that somebody puts
 * an old index back.
 */
struct ps_nonces {
	uint32_t start;
	uint32_t counter; /* 24 bits are used */
	uint8_t salt[PS_SALT_SIZE];
	bool is_fresh; /* `start` is this start's own */
};

/** Derive the key, if that has not been done. It is in the Crypto partition, and in no storage. */
psa_status_t ps_key_get(void);
/** Forget that there is a key: after a restart the Crypto partition has none. */
void ps_key_reset(void);

/** The number of the start is `start` from now on; a new salt, counter 0. */
psa_status_t ps_nonces_begin(struct ps_nonces *nonces, uint32_t start);
/** @return False: this start has used all of its nonces. */
bool ps_nonce_next(struct ps_nonces *nonces, uint8_t nonce[PS_NONCE_SIZE]);
/** The number of the start that a nonce belongs to. */
uint32_t ps_nonce_start(const uint8_t nonce[PS_NONCE_SIZE]);

/** Encrypt `size` bytes in place; PS_TAG_SIZE bytes of tag follow them. `ad` is authenticated with them. */
psa_status_t ps_seal(const uint8_t nonce[PS_NONCE_SIZE], const void *ad, size_t ad_size, uint8_t *data, size_t size);
/**
 * Decrypt in place `size` bytes and the tag behind them.
 * @retval PSA_ERROR_INVALID_SIGNATURE  Not what was sealed with this nonce and additional data; `data` is wiped.
 */
psa_status_t ps_unseal(const uint8_t nonce[PS_NONCE_SIZE], const void *ad, size_t ad_size, uint8_t *data, size_t size);

#endif
