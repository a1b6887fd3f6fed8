/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the device trusts, read from OTP: keys, lifecycle, security counters. One place where BL2 and the update service learn it,
 * so that both judge an image by the same policy.
 */
#ifndef MERLON_LIB_TRUST_H
#define MERLON_LIB_TRUST_H

#include <merlon/lib/otp_layout.h>

struct trust {
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t key_count;
	enum otp_lifecycle lifecycle;
	bool development_allowed;           /* lifecycle assembly or provisioning, and no other */
	uint32_t counters[IMAGE_COUNT];     /* stored security counters */
	uint32_t counter_room[IMAGE_COUNT]; /* records left: how often each can still be raised */
};

/**
 * Read everything, and hash the keys.
 *
 * @param trust  Its keys must outlive every policy made from it. On failure its contents trust nothing.
 * @retval PSA_ERROR_STORAGE_FAILURE  OTP cannot be read. Errors of the hash callbacks are passed on.
 */
psa_status_t trust_load(struct trust *trust, const struct medium *otp, const struct image_crypto *crypto);

/** Read the counters again, after one was raised. @retval PSA_ERROR_STORAGE_FAILURE  OTP cannot be read. */
psa_status_t trust_load_counters(struct trust *trust, const struct medium *otp);

/**
 * The policy for one image: all keys in both forms, the stored counter as the minimum.
 *
 * @param limit    Bytes of the slot that an image may occupy: the slot without its trailer sector.
 * @param minimum  The counter of the confirmed image, when it is known and not stored yet; else 0. The higher one counts.
 */
struct image_policy trust_policy(const struct trust *trust, uint8_t image, uint32_t limit, uint32_t minimum);

/**
 * May the holder of key `signer` have key `index` revoked? It may when the signer is newer, not revoked and trusted for at least the
 * same images, when no image in use is signed by the key, and when another key stays usable for each image.
 *
 * @param in_use  Mask over key indices: keys that signed what runs.
 */
bool trust_may_revoke(const struct trust *trust, uint8_t signer, uint8_t index, uint8_t in_use);

/** @return False when the image would raise the stored counter and no record is left for it. */
bool trust_can_count(const struct trust *trust, uint8_t image, const struct image_verdict *verdict);

#endif
