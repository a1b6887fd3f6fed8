/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Platform service: what a client may know about the device and its last boot, and the signs of life it owes.
 *
 * Every call may also return what psa_call() returns. The structures are the messages: integers in the order of the machine,
 * unused bytes 0.
 */
#ifndef MERLON_PLATFORM_H
#define MERLON_PLATFORM_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MERLON_IMAGE_COUNT = 2, MERLON_REFUSAL_MAX = 4, MERLON_DIGEST_SIZE = 32, MERLON_DIGEST_PREFIX_SIZE = 8 };

/** Why the device started. */
enum merlon_reset_cause {
	MERLON_RESET_POWER_ON = 0,
	MERLON_RESET_REQUESTED = 1,
	MERLON_RESET_WATCHDOG = 2,       /* no sign of life in time */
	MERLON_RESET_CONFIRM_WINDOW = 3, /* images on trial were not accepted in time */
	MERLON_RESET_SECURE_FAULT = 4,   /* the Non-secure world touched Secure memory */
	MERLON_RESET_NONSECURE_FAULT = 5,
	MERLON_RESET_PANIC = 6, /* a Secure partition or the partition manager */
};

/** Where the update set stands. */
enum merlon_set_phase {
	MERLON_SET_IDLE = 0,  /* the running images are confirmed */
	MERLON_SET_TRIAL = 1, /* on trial: psa_fwu_accept() must come within the confirm window */
};

struct merlon_version {
	uint8_t major, minor;
	uint16_t revision;
	uint32_t build;
};

/** One image as BL2 verified it at this start. */
struct merlon_image_report {
	struct merlon_version version;
	uint32_t security_counter;               /* of the confirmed image of this kind */
	uint8_t measurement[MERLON_DIGEST_SIZE]; /* SHA-256; all 0 when BL2 left no record */
};

/** An image that BL2 refused at this start. */
struct merlon_refusal {
	uint8_t code, image; /* docs/format/refusal.md; 0 Secure, 1 Non-secure */
	uint8_t reserved[2];
	struct merlon_version version;
	uint8_t digest_prefix[MERLON_DIGEST_PREFIX_SIZE];
};

struct merlon_boot_report {
	uint32_t reset_cause;       /* enum merlon_reset_cause */
	uint32_t lifecycle;         /* PSA lifecycle, 0x1000 to 0x6000 */
	uint8_t set_phase;          /* enum merlon_set_phase */
	uint8_t set_images;         /* mask of the images on trial; bit 0: Secure */
	uint8_t attempts_left;      /* starts that a set on trial still has */
	uint8_t refusal_count;      /* entries of refusals[] that are filled */
	uint32_t confirm_window_ms; /* left of the confirm window; 0 when there is none */
	struct merlon_image_report images[MERLON_IMAGE_COUNT];
	struct merlon_refusal refusals[MERLON_REFUSAL_MAX];
};

/** @retval PSA_ERROR_DATA_INVALID  What BL2 handed over is malformed. */
psa_status_t merlon_platform_boot_report(struct merlon_boot_report *report);

/** What the factory wrote. Texts come without a terminating zero. */
enum merlon_factory_item {
	MERLON_FACTORY_SERIAL = 0,      /* text */
	MERLON_FACTORY_SERVER_URL = 1,  /* text */
	MERLON_FACTORY_SERVER_NAME = 2, /* text: the name that the server's certificate must bear */
	MERLON_FACTORY_SERVER_CA = 3,   /* the pinned CA certificate, DER */
	MERLON_FACTORY_ITEM_COUNT,
};

/**
 * Read one item. `data` and `size`: the buffer and its bytes; *length: how many were written.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST     The factory did not write this item, or there is no such item.
 * @retval PSA_ERROR_BUFFER_TOO_SMALL   The item is larger than `size`; nothing was written.
 * @retval PSA_ERROR_DATA_CORRUPT       The factory data do not bear their checksum.
 */
psa_status_t merlon_platform_factory_read(enum merlon_factory_item item, void *data, size_t size, size_t *length);

/** A sign of life from the Non-secure world: feeds the watchdog. Without one for MERLON_WATCHDOG_MS the device resets. */
psa_status_t merlon_platform_alive(void);

/**
 * Reset the device. Does not return on success.
 *
 * @param cause  MERLON_RESET_REQUESTED, or MERLON_RESET_NONSECURE_FAULT to report a fault of the caller's own.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Another cause: only the Secure world may claim it.
 */
psa_status_t merlon_platform_reset(enum merlon_reset_cause cause);

enum { MERLON_DEBUG_CHALLENGE_SIZE = 32 };

/**
 * Draw a challenge for a debug token (`merlon token debug`). It takes the place of the one before, is good for one try of
 * merlon_platform_debug_authorise(), and ends with the next reset.
 *
 * @param challenge  Out: MERLON_DEBUG_CHALLENGE_SIZE random bytes; zeros at an error.
 * @retval PSA_ERROR_NOT_PERMITTED         The lifecycle state is not *secured*: no token counts in it.
 * @retval PSA_ERROR_INSUFFICIENT_ENTROPY  The noise source failed.
 */
psa_status_t merlon_platform_debug_challenge(uint8_t challenge[MERLON_DEBUG_CHALLENGE_SIZE]);

/**
 * Order what a debug token says: a debug state for the next start, or the end of the device. The state is recorded when the call
 * succeeds and holds from the next reset; a debug state lasts until the reset after that. docs/format/debug_token.md.
 *
 * @param token, size  The token and its bytes.
 * @retval PSA_ERROR_BAD_STATE             There is no challenge, or it was used up: a try ends it, whatever comes of it.
 * @retval PSA_ERROR_INVALID_ARGUMENT      Not a debug token.
 * @retval PSA_ERROR_NOT_PERMITTED         For another device, another challenge, a state that the lifecycle has no edge to; or the
 *                                         lifecycle state is not *secured*.
 * @retval PSA_ERROR_INVALID_SIGNATURE     Not signed with a key that this device trusts for its Secure image.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  OTP has no room for another debug state.
 */
psa_status_t merlon_platform_debug_authorise(const void *token, size_t size);

/** End the confirm window. For the update service alone. @retval PSA_ERROR_NOT_PERMITTED  The caller is another client. */
psa_status_t merlon_platform_window_close(void);

#ifdef __cplusplus
}
#endif

#endif
