/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Shared data: what BL2 hands to the Secure image in retained RAM. TF-M's contract (tag 0x2016). Page: docs/format/handover.md.
 *
 * { magic u16 = 0x2016, total u16 } then entries { type u16, size u16, data }, type = major << 12 | minor.
 */
#ifndef MERLON_LIB_HANDOVER_H
#define MERLON_LIB_HANDOVER_H

#include <merlon/lib/image.h>
#include <merlon/lib/refusal.h>

#define HANDOVER_MAGIC 0x2016u

enum handover_major { HANDOVER_MAJOR_ATTEST = 1, HANDOVER_MAJOR_BOOT = 2, HANDOVER_MAJOR_MERLON = 8 };

/** Minor types under HANDOVER_MAJOR_MERLON. Boot records: major 1, minor = image << 6 | 0x3F. */
enum handover_merlon {
	HANDOVER_RESET_CAUSE = 1,   /* u32, enum reset_cause */
	HANDOVER_REFUSAL = 2,       /* struct handover_refusal, packed little-endian, at most HANDOVER_REFUSAL_MAX of them: 2 + i */
	HANDOVER_SET = 0x20,        /* phase u8, images u8, attempts_left u8, 0 */
	HANDOVER_LIFECYCLE = 0x21,  /* u32, PSA lifecycle value, 0x1000 to 0x6000 */
	HANDOVER_COUNTERS = 0x22,   /* u32 per image: the counter of the confirmed image */
};

enum { HANDOVER_SIZE = 1024, HANDOVER_REFUSAL_MAX = 4, HANDOVER_DIGEST_PREFIX = 8 };

/** Why the device started. The word lies in retained Secure RAM; a cold start finds no valid word there. */
enum reset_cause {
	RESET_CAUSE_POWER_ON = 0,
	RESET_CAUSE_REQUESTED = 1,        /* psa_fwu_request_reboot or the platform service */
	RESET_CAUSE_WATCHDOG = 2,         /* liveness */
	RESET_CAUSE_CONFIRM_WINDOW = 3,   /* the trial set did not confirm itself in time */
	RESET_CAUSE_SECURE_FAULT = 4,     /* the Non-secure world touched Secure memory */
	RESET_CAUSE_NONSECURE_FAULT = 5,
	RESET_CAUSE_PANIC = 6,            /* a Secure partition or the partition manager */
	RESET_CAUSE_COUNT,
};

struct handover_refusal {
	uint8_t code, image;              /* enum refusal; 0 or 1 */
	struct image_version version;
	uint8_t digest[HANDOVER_DIGEST_PREFIX];
};

struct handover_writer {
	uint8_t *buffer;
	uint16_t capacity, used;
};

void handover_begin(struct handover_writer *writer, uint8_t *buffer, uint16_t capacity);
/** @retval PSA_ERROR_INSUFFICIENT_MEMORY  No room; PSA_ERROR_ALREADY_EXISTS: this type is there already. */
psa_status_t handover_add(struct handover_writer *writer, uint16_t type, const void *data, uint16_t size);
psa_status_t handover_add_refusal(struct handover_writer *writer, const struct handover_refusal *refusal);

/** Find one entry. @retval PSA_ERROR_DOES_NOT_EXIST  Absent. @retval PSA_ERROR_DATA_INVALID  Not shared data, or malformed. */
psa_status_t handover_find(const uint8_t *buffer, uint16_t capacity, uint16_t type, const uint8_t **data, uint16_t *size);
psa_status_t handover_find_refusal(const uint8_t *buffer, uint16_t capacity, unsigned index, struct handover_refusal *refusal);

#endif
