/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What lies where in the 8 KB of one-time-programmable memory, and the records in it. Page: docs/format/otp.md.
 *
 * A record is written once: payload, then a seal unit { magic, crc32 } that makes it valid. Bits only go from 1 to 0.
 */
#ifndef MERLON_LIB_OTP_LAYOUT_H
#define MERLON_LIB_OTP_LAYOUT_H

#include <merlon/lib/medium.h>
#include <merlon/lib/policy.h>

enum { OTP_SIZE = 8192, OTP_SERIAL_MAX = 32, OTP_HUK_SIZE = 32, OTP_IAK_SIZE = 32, OTP_COUNTER_SLOTS = 128 };

/** PSA lifecycle, as psa_rot_lifecycle_state() reports it. Each state clears further bits of one unit. */
enum otp_lifecycle {
	OTP_LIFECYCLE_UNKNOWN = 0x0000,
	OTP_LIFECYCLE_ASSEMBLY = 0x1000,   /* assembly and test: an erased device */
	OTP_LIFECYCLE_PROVISIONING = 0x2000,
	OTP_LIFECYCLE_SECURED = 0x3000,
	OTP_LIFECYCLE_NON_PSA_DEBUG = 0x4000,
	OTP_LIFECYCLE_RECOVERABLE_DEBUG = 0x5000,
	OTP_LIFECYCLE_DECOMMISSIONED = 0x6000,
};

struct otp_identity {
	char serial[OTP_SERIAL_MAX + 1];
	uint8_t huk[OTP_HUK_SIZE];     /* hardware unique key: secret */
	uint8_t iak[OTP_IAK_SIZE];     /* attestation private key, P-256 scalar, big-endian: secret */
};

psa_status_t otp_lifecycle_get(const struct medium *otp, enum otp_lifecycle *state);
/** @retval PSA_ERROR_NOT_PERMITTED  The state diagram has no such edge. */
psa_status_t otp_lifecycle_set(const struct medium *otp, enum otp_lifecycle state);

psa_status_t otp_identity_get(const struct medium *otp, struct otp_identity *identity);
psa_status_t otp_identity_set(const struct medium *otp, const struct otp_identity *identity);

/** All valid keys in slot order; a key whose record is damaged is left out. Hashes are not filled in: the caller has the hash. */
psa_status_t otp_keys_get(const struct medium *otp, struct image_key keys[IMAGE_KEY_MAX], uint8_t *count);
psa_status_t otp_key_add(const struct medium *otp, const struct image_key *key);

/** The highest valid record { value, ~value } of the image's table; 0 when there is none. */
psa_status_t otp_counter_get(const struct medium *otp, uint8_t image, uint32_t *value);
/** Free records left for this image. */
psa_status_t otp_counter_room(const struct medium *otp, uint8_t image, uint32_t *count);
/** @retval PSA_SUCCESS  Also when the stored value is already >= value. @retval PSA_ERROR_INSUFFICIENT_STORAGE  Table full. */
psa_status_t otp_counter_raise(const struct medium *otp, uint8_t image, uint32_t value);

#endif
