/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What lies where in the 8 KB of one-time-programmable memory, and the records in it. Page: docs/format/otp.md.
 *
 * Two kinds of record, both written once. A *sealed* record is a payload and then a seal unit { magic, crc32 } that makes it valid.
 * A *number* is { value, ~value }: because bits only go from 1 to 0, one that was torn is always seen as torn, and one in which a bit
 * is 0 in both words was never written by this code: it is damage, and reading answers PSA_ERROR_DATA_CORRUPT.
 *
 * Common errors: PSA_ERROR_STORAGE_FAILURE and PSA_ERROR_NOT_PERMITTED (a closed range) come from the medium.
 */
#ifndef MERLON_LIB_OTP_LAYOUT_H
#define MERLON_LIB_OTP_LAYOUT_H

#include <merlon/lib/lifecycle.h>
#include <merlon/lib/medium.h>
#include <merlon/lib/policy.h>

enum {
	OTP_SIZE = 8192,
	OTP_WRITE_SIZE = 4, /* bytes of one program unit */
	OTP_SERIAL_MAX = 32,
	OTP_HUK_SIZE = 32,
	OTP_IAK_SIZE = 32,
	OTP_INSTANCE_SIZE = 32,
	OTP_COUNTER_SLOTS = 128, /* per image */
	OTP_LIFECYCLE_SLOTS = 64,
	OTP_IDENTITY_SLOTS = 4, /* one is valid; the others are for provisioning that was cut */
	OTP_KEY_SLOTS = 8,      /* at most IMAGE_KEY_MAX are valid */
	OTP_REVOCATION_SLOTS = 2 * OTP_KEY_SLOTS,
};

/** The ranges, for who closes them (`hal/otp.h`). Offsets and sizes in bytes. */
enum {
	OTP_LIFECYCLE_OFFSET = 0x0000,
	OTP_LIFECYCLE_SIZE = 8 * OTP_LIFECYCLE_SLOTS,
	OTP_IDENTITY_OFFSET = 0x0400,
	OTP_IDENTITY_SLOT_SIZE = 160,
	OTP_IDENTITY_SIZE = OTP_IDENTITY_SLOT_SIZE * OTP_IDENTITY_SLOTS,
	OTP_KEYS_OFFSET = 0x0800,
	OTP_KEY_SLOT_SIZE = 160,
	OTP_KEYS_SIZE = OTP_KEY_SLOT_SIZE * OTP_KEY_SLOTS,
	OTP_REVOCATIONS_OFFSET = 0x0d00,
	OTP_REVOCATIONS_SIZE = 8 * OTP_REVOCATION_SLOTS,
	OTP_COUNTERS_OFFSET = 0x1000,
	OTP_COUNTERS_SIZE = 8 * OTP_COUNTER_SLOTS * IMAGE_COUNT,
};

struct otp_identity {
	char serial[OTP_SERIAL_MAX + 1];     /* ends with a zero; printable ASCII, at least one character */
	uint8_t huk[OTP_HUK_SIZE];           /* hardware unique key: secret */
	uint8_t iak[OTP_IAK_SIZE];           /* attestation private key, P-256 scalar, big-endian: secret */
	uint8_t instance[OTP_INSTANCE_SIZE]; /* SHA-256 of the attestation key's public point: 0x04, x, y */
};

/**
 * The last state recorded; a blank device is in ASSEMBLY.
 * @retval PSA_ERROR_DATA_CORRUPT  Damage, an unknown state, a way back into the factory, or anything after DECOMMISSIONED; *state is
 *                                 UNKNOWN, as at every error.
 */
psa_status_t otp_lifecycle_get(const struct medium *otp, enum otp_lifecycle *state);

/**
 * Record a state. Recording the current one again is right after a cut: it makes sure of it. DECOMMISSIONED also destroys both secrets, and repeating
 * it finishes a destruction that was cut.
 * @retval PSA_ERROR_NOT_PERMITTED         The diagram has no such edge.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  The table is full; for a debug state also: no room would be left for the way back and for
 *                                         DECOMMISSIONED.
 */
psa_status_t otp_lifecycle_set(const struct medium *otp, enum otp_lifecycle state);

/**
 * The same without destroying anything: for who may not write the identity. The next start finishes it: otp_lifecycle_settle().
 */
psa_status_t otp_lifecycle_record(const struct medium *otp, enum otp_lifecycle state);

/**
 * At each start of the Secure world, while all of OTP is open for writing: a debug state ends here, so that the next start is *secured*
 * again; a decommissioning that was ordered or cut is finished.
 * @param state  In which this start is.
 */
psa_status_t otp_lifecycle_settle(const struct medium *otp, uint32_t state);

/**
 * The device's identity. The caller wipes it after use; at every error it is all zeros.
 * @retval PSA_ERROR_DOES_NOT_EXIST  There is none yet, or it was destroyed.
 */
psa_status_t otp_identity_get(const struct medium *otp, struct otp_identity *identity);

/**
 * Write the identity, once per device.
 * @retval PSA_ERROR_ALREADY_EXISTS        There is one, and it stands: what a cut may have left in doubt has been written again.
 * @retval PSA_ERROR_INVALID_ARGUMENT      The serial is empty, not ended or not printable.
 * @retval PSA_ERROR_NOT_PERMITTED         The lifecycle is past provisioning.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  Every slot was spoilt by a cut.
 */
psa_status_t otp_identity_set(const struct medium *otp, const struct otp_identity *identity);

/**
 * All valid keys in slot order, each once; a key whose record is damaged is left out. Hashes are zero: the caller has the hash.
 * @retval PSA_ERROR_DATA_CORRUPT  The table of revoked keys is damaged.
 * @param count  Out: how many keys; 0 at every error.
 */
psa_status_t otp_keys_get(const struct medium *otp, struct image_key keys[IMAGE_KEY_MAX], uint8_t *count);

/**
 * Add a key to trust.
 * @retval PSA_ERROR_ALREADY_EXISTS        A key with the same DER is there, whatever its role, and stands, as above.
 * @retval PSA_ERROR_INVALID_ARGUMENT      der_size is 0 or too large, or the role is not one of enum image_key_role.
 * @retval PSA_ERROR_NOT_PERMITTED         The lifecycle is past provisioning.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  IMAGE_KEY_MAX keys are there, or no slot is blank.
 */
psa_status_t otp_key_add(const struct medium *otp, const struct image_key *key);

/**
 * Revoke a key for good. Whoever asks has judged that it may be (trust.h). Revoking it once more makes sure of it after a cut.
 *
 * @param slot  Of the key, as otp_keys_get() gave it.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  No record is left, which takes as many cuts as there are spare ones.
 */
psa_status_t otp_key_revoke(const struct medium *otp, uint8_t slot);

/**
 * What an image's table holds.
 *
 * @param image  Below IMAGE_COUNT.
 * @param value  Out: the highest number; 0 when there is none.
 * @param room   Out: how many more numbers the table takes. Both mean nothing at an error.
 */
psa_status_t otp_counter_get(const struct medium *otp, uint8_t image, uint32_t *value, uint32_t *room);

/**
 * Record a higher number. After a cut the counter has its old or its new value, on some devices by chance now this, now that: the
 * caller compares and raises at every start.
 * @retval PSA_SUCCESS                     Also when the stored value is already >= value.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  Table full.
 */
psa_status_t otp_counter_raise(const struct medium *otp, uint8_t image, uint32_t value);

#endif
