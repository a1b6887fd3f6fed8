/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Shared data: what BL2 hands to the Secure image in retained RAM. TF-M's contract (tag 0x2016). Page: docs/format/handover.md.
 *
 * { magic u16 = 0x2016, total u16 } then entries { type u16, size u16, data }, type = major << 12 | minor, all little-endian.
 * `total` counts the header. No type occurs twice.
 */
#ifndef MERLON_LIB_HANDOVER_H
#define MERLON_LIB_HANDOVER_H

#include <merlon/lib/image.h>
#include <merlon/lib/refusal.h>

#define HANDOVER_MAGIC 0x2016u

enum handover_major { HANDOVER_MAJOR_ATTEST = 1, HANDOVER_MAJOR_BOOT = 2, HANDOVER_MAJOR_MERLON = 8 };

/** Minor types under HANDOVER_MAJOR_MERLON. */
enum handover_merlon {
	HANDOVER_RESET_CAUSE = 1,    /* u32, enum reset_cause */
	HANDOVER_REFUSAL = 2,        /* struct handover_refusal, 2 to 2 + HANDOVER_REFUSAL_MAX - 1: handover_add_refusal() */
	HANDOVER_MEASUREMENT = 0x10, /* struct handover_measurement, 0x10 + image: what runs */
	HANDOVER_SET = 0x20,         /* struct handover_set */
	HANDOVER_LIFECYCLE = 0x21,   /* u32, PSA lifecycle value, 0x1000 to 0x6000 */
	HANDOVER_EPOCH = 0x23,       /* u32: epoch of Protected Storage (epoch.h), in products that have one */
	HANDOVER_COUNTERS = 0x22,    /* u32 per image: the stored security counter when the Secure image starts */
};

enum {
	HANDOVER_SIZE = 1024,
	HANDOVER_REFUSAL_MAX = 4,
	HANDOVER_DIGEST_PREFIX = 8,
	HANDOVER_SET_SIZE = 4,
	HANDOVER_REFUSAL_SIZE = 18,
	HANDOVER_MEASUREMENT_SIZE = 72,
};

#define HANDOVER_TYPE(major, minor) ((uint16_t)((major) << 12 | (minor)))
/** A boot record: the image's own CBOR map (TLV BOOT_RECORD), with the real digest of what runs in its last bytes. */
#define HANDOVER_BOOT_RECORD(image) HANDOVER_TYPE(HANDOVER_MAJOR_ATTEST, (image) << 6 | 0x3f)

/** Why the device started. The word lies in retained Secure RAM; a cold start finds no valid word there. */
enum reset_cause {
	RESET_CAUSE_POWER_ON = 0,
	RESET_CAUSE_REQUESTED = 1,      /* psa_fwu_request_reboot or the platform service */
	RESET_CAUSE_WATCHDOG = 2,       /* liveness */
	RESET_CAUSE_CONFIRM_WINDOW = 3, /* the trial set did not confirm itself in time */
	RESET_CAUSE_SECURE_FAULT = 4,   /* the Non-secure world touched Secure memory */
	RESET_CAUSE_NONSECURE_FAULT = 5,
	RESET_CAUSE_PANIC = 6, /* a Secure partition or the partition manager */
	RESET_CAUSE_COUNT,
};

/** The update set as BL2 leaves it: { phase u8, images u8, attempts left u8, 0 }, from journal.h. */
struct handover_set {
	uint8_t phase, images, attempts_left;
};

/** { code u8, image u8, version u8 u8 u16 u32, first bytes of the digest }. */
struct handover_refusal {
	uint8_t code, image;          /* enum refusal; 0 or 1 */
	struct image_version version; /* zeros when the header could not be read */
	uint8_t digest[HANDOVER_DIGEST_PREFIX];
};

/** { version u8 u8 u16 u32, digest, signer }: what BL2 verified and starts. */
struct handover_measurement {
	struct image_version version;
	uint8_t digest[IMAGE_DIGEST_SIZE]; /* SHA-256 over header, payload and protected TLVs */
	uint8_t signer[IMAGE_DIGEST_SIZE]; /* SHA-256 of the public key's DER */
};

struct handover_writer {
	uint8_t *buffer;
	uint16_t capacity, used;
	bool overflow; /* something did not fit and was left out */
};

/** Begin empty shared data in `buffer`. @param capacity  At least 4 bytes. What is there is complete after every call. */
void handover_begin(struct handover_writer *writer, uint8_t *buffer, uint16_t capacity);

/* Each adds one entry; the caller adds no type twice. What does not fit is left out and `overflow` is set. */
void handover_add(struct handover_writer *writer, uint16_t type, const void *data, uint16_t size);
void handover_add_u32(struct handover_writer *writer, uint16_t type, uint32_t value);
void handover_add_set(struct handover_writer *writer, const struct handover_set *set);
/** @param index  0 to HANDOVER_REFUSAL_MAX - 1. */
void handover_add_refusal(struct handover_writer *writer, unsigned index, const struct handover_refusal *refusal);
void handover_add_measurement(struct handover_writer *writer, uint8_t image, const struct handover_measurement *measurement);
/** The same, from its parts. */
void handover_add_measured(struct handover_writer *writer, uint8_t image, const struct image_version *version,
			   const uint8_t digest[IMAGE_DIGEST_SIZE], const uint8_t signer[IMAGE_DIGEST_SIZE]);

/**
 * Find one entry. `capacity` is the size of the memory the shared data lies in; nothing beyond it is touched.
 * @retval PSA_ERROR_DOES_NOT_EXIST  Absent. @retval PSA_ERROR_DATA_INVALID  Not shared data, malformed, or a type occurs twice; for
 *                                   the typed forms also: the entry has another size or an impossible value.
 */
psa_status_t handover_find(const uint8_t *buffer, uint16_t capacity, uint16_t type, const uint8_t **data, uint16_t *size);
/** @param index  0 to HANDOVER_REFUSAL_MAX - 1; PSA_ERROR_DOES_NOT_EXIST beyond what is there. */
psa_status_t handover_find_refusal(const uint8_t *buffer, uint16_t capacity, unsigned index, struct handover_refusal *refusal);
psa_status_t handover_find_set(const uint8_t *buffer, uint16_t capacity, struct handover_set *set);
psa_status_t handover_find_u32(const uint8_t *buffer, uint16_t capacity, uint16_t type, uint32_t *value);
psa_status_t handover_find_measurement(const uint8_t *buffer, uint16_t capacity, uint8_t image,
				       struct handover_measurement *measurement);

#endif
