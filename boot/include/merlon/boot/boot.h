/* SPDX-License-Identifier: Apache-2.0 */
/**
 * BL2, the immutable boot loader, as a portable library: judges images, decides about an update set, moves it, counts, measures.
 * What it does not do: name a device, or jump. State machine and refusals: docs/boot.md.
 *
 * The composition root fills in the upper half of `struct boot`, calls boot_run() once, and acts on the answer.
 */
#ifndef MERLON_BOOT_BOOT_H
#define MERLON_BOOT_BOOT_H

#include <merlon/boot/mode.h>
#include <merlon/hal/console.h>
#include <merlon/hal/flash.h>
#include <merlon/hal/watchdog.h>
#include <merlon/lib/handover.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/trust.h>

enum { BOOT_BUFFER_SIZE = 1024 };

/**
 * Where one image lies. The secondary medium holds the slot and, behind it, one spare unit for the swap; the unit of a swap is the
 * larger of both erase sizes. The last unit of a slot is its trailer's.
 */
struct boot_slot {
	const struct medium *primary, *secondary;
	uint8_t *run;      /* RAM that the image is copied to and judged in; NULL: it runs in place, in its slot */
	uint32_t run_size; /* bytes there */
	uint32_t addresses
		[2]; /* where the first byte of the header lies when the image of the primary, of the secondary slot runs */
};

/**
 * What BL2 works with. Everything is owned by the caller and must outlive boot_run(). What is small and asked for often comes first, where
 * short instructions reach it.
 */
struct boot {
	/* Private. */
	uint16_t candidates_view, primaries_view; /* enum boot_view */
	uint8_t blamed;                           /* the image because of which the set or the boot is refused */
	enum refusal blame;
	bool requests_read, request_open, request_permanent; /* trailers are read once per boot: they may read differently */
	uint8_t requested;                                   /* images whose trailers asked */
	uint8_t fallback_images;
	uint8_t refusal_count;

	/* Filled in by the caller. */
	uint8_t attempts; /* boots that a set asked for through a trailer gets to confirm itself */
	enum reset_cause reset_cause;
	uint16_t handover_size;
	/** Advance the epoch of Protected Storage where that was asked for (lib/epoch.h), and say what it is; NULL: the product has none. */
	psa_status_t (*epoch)(const struct medium *otp, uint32_t *epoch);
	uint8_t *handover; /* shared data for the Secure image */
	const struct console *console;
	const struct watchdog *watchdog; /* started; fed at least every BOOT_BUFFER_SIZE bytes copied and every erase of a unit */
	const struct boot_mode *mode;
	const struct boot_fallback *fallback; /* what to do about a damaged image that nothing else answers; NULL: halt */
	const struct image_crypto *crypto;
	const struct medium *journal_medium, *otp;
	const struct medium *commands; /* where a signed command waits, one; NULL: nobody commands */
	uint32_t slot_size; /* bytes, the same for all four */
	struct boot_slot slots[IMAGE_COUNT];

	/* Filled in by boot_run(). */
	uint32_t entry; /* address of the Secure image's vector table */
	struct journal journal;
	struct image_verdict running[IMAGE_COUNT];    /* of the active slots; of the copy, where there is one */
	struct image_verdict candidates[IMAGE_COUNT]; /* of the other slots, where a set was judged */
	struct handover_writer shared;                /* data for the Secure image, as far as they are written */
	struct trust trust;

	/* Private. */
	struct flash_window kept; /* what a fallback is judged through */
	struct flash_ram copies[IMAGE_COUNT];
	uint8_t buffer[BOOT_BUFFER_SIZE];
};

enum boot_outcome {
	BOOT_START, /* jump to the vector table at boot->entry; the shared data are complete */
	BOOT_HALT,  /* nothing may run. The reason was printed. Starting anew is safe and may help: a read may have failed */
};

/** Once per reset. Writes nothing when nothing is pending and no power was cut. */
enum boot_outcome boot_run(struct boot *boot);

/** Bytes of a slot that an image may occupy: the slot without its trailer's unit. */
uint32_t boot_image_limit(const struct boot *boot, uint8_t image);

#endif
