/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An upgrade mode: how the images of a set get to where they run, and back. One constant of this type per mode, each in a file of its
 * own; a product links the one it names.
 */
#ifndef MERLON_BOOT_MODE_H
#define MERLON_BOOT_MODE_H

#include <psa/error.h>
#include <stdbool.h>
#include <stdint.h>

struct boot;
struct medium;

struct boot_mode {
	/** INTENT -> SWAPPING or TRIAL: the set is accepted, the first sector has not moved. */
	psa_status_t (*begin)(struct boot *boot);
	/** Move every image of the journal's set, from where the journal stands; each half step is repeatable until it is recorded.
	 *  @retval PSA_ERROR_STORAGE_FAILURE  Nothing is lost: the next boot goes on from the same step. */
	psa_status_t (*upgrade)(struct boot *boot);
	/** The way back. NULL: there is none; a set counts as confirmed once it is verified in place, and BL2 says so beforehand. */
	psa_status_t (*revert)(struct boot *boot);
	bool switches;      /* images run in either slot; elsewhere a journal that says so is none */
	uint8_t kept_units; /* where the image that an update replaced lies in the other slot: units from its start */
};

/**
 * Swap at the cost of swap-offset: 2 N sector copies per image, no scratch area, even wear. The update lies at offset 0 of the
 * secondary; the old image ends up one unit higher there. The unit of the secondary's trailer is left out of the count.
 */
extern const struct boot_mode boot_mode_swap;

/** Copy over the primary: N sectors erased and programmed. The secondary keeps the update, which is what a fallback returns to. */
extern const struct boot_mode boot_mode_overwrite;

/**
 * Direct-XIP with revert: nothing moves, one unit of the journal decides which slot runs. Each image is linked for its slot, and
 * `boot_slot.addresses` differ.
 */
extern const struct boot_mode boot_mode_xip;

/** Where an active image is damaged and nothing is pending: what the last update replaced comes back, as a whole set. */
struct boot_fallback {
	psa_status_t (*judge)(struct boot *boot); /* writes nothing; says by `candidates_view` whether there is one */
	psa_status_t (*request)(struct boot *boot);
	const struct medium *(*kept)(struct boot *boot, uint8_t image); /* what it is made of */
};
extern const struct boot_fallback boot_fallback_yes;

#endif
