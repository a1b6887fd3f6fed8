/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The set journal: a rotating log (log.h) that governs an update of both images as one set. Page: docs/format/journal.md.
 *
 * BL2 and the update service share this code. One unit decides each transition; a torn unit is no unit; readings are stable.
 *
 *      IDLE --request--> INTENT --begin_swap--> SWAPPING --begin_trial--> TRIAL --confirm--> IDLE
 *        \--fall_back--/  |  \-------------------switch----------------/    |
 *                          +--refuse, withdraw--> IDLE                      +--begin_revert--> REVERTING --end_revert--> IDLE
 */
#ifndef MERLON_LIB_JOURNAL_H
#define MERLON_LIB_JOURNAL_H

#include <merlon/lib/image.h>
#include <merlon/lib/log.h>

enum journal_phase {
	JOURNAL_IDLE,      /* what the primary slots hold is confirmed; nothing is pending */
	JOURNAL_INTENT,    /* a set is staged and asked for; no sector of a primary slot has moved */
	JOURNAL_SWAPPING,  /* between the first step and the last; nothing boots */
	JOURNAL_TRIAL,     /* the new set is in the primary slots, on trial; a permanent set until BL2 has verified it there */
	JOURNAL_REVERTING, /* on the way back; nothing boots */
	JOURNAL_PHASE_COUNT,
};

enum { JOURNAL_SET_MAX = 63 };

/** The journal, folded. `images` is a mask: bit i = image i takes part in the set. */
struct journal_state {
	enum journal_phase phase;
	uint8_t images; /* phase IDLE: those of the last set, 0 when there was none or it was withdrawn */
	uint8_t set;    /* number of the present or last set, 1 to JOURNAL_SET_MAX and round again; 0: there never was one */
	uint8_t active; /* direct-XIP: mask of the images that run in their secondary slot; 0 where images are moved */
	bool permanent; /* BL2 confirms the set itself, once it has verified it in the primary slots */
	bool fallback;  /* BL2 asked: what the last update replaced comes back, because a primary is damaged */
	uint8_t attempts_allowed, attempts_used;
	bool confirmed, refused, reverted; /* phase IDLE: how the last set ended; all false when there was none */
	uint8_t refused_image;             /* refused, reverted or phase REVERTING: which image, */
	enum refusal refusal;              /* and why */
	uint16_t sectors[IMAGE_COUNT];     /* N of each image in the set, fixed before the first step */
	uint16_t steps_done[IMAGE_COUNT];  /* half steps finished, 0 to 2 N; counts anew in REVERTING */
};

/** An open journal. Owned by the caller, who reads `state` and nothing else; rebuilt by journal_open() after every reset. */
struct journal {
	struct log log;
	struct journal_state state;
};

/**
 * Find the newest valid sector and fold its units. An erased journal is IDLE. Never writes.
 *
 * @param medium  Two equal halves of whole erase sectors; must outlive the journal.
 * @retval PSA_ERROR_INVALID_ARGUMENT  The medium's geometry does not serve (log.h).
 * @retval PSA_ERROR_DATA_CORRUPT      Something was written, but no valid journal results: neither half has a header, a unit in the
 *                                     middle cannot be read, or a unit cannot follow the one before it.
 */
psa_status_t journal_open(struct journal *journal, const struct medium *medium);

/**
 * Make what was read stand (log_settle()). BL2 calls it once after journal_open(), before it acts on the state; the transitions
 * below do it themselves. Writes nothing when no power was cut since the last transition.
 */
psa_status_t journal_settle(struct journal *journal);

/* Transitions. The last unit decides. All may return, with the journal and its state as they were:
 *   PSA_ERROR_BAD_STATE         the phase does not allow it;
 *   PSA_ERROR_INVALID_ARGUMENT  an argument is out of range;
 *   PSA_ERROR_STORAGE_FAILURE   the device failed. The next journal_open() finds the old state or the new one. */

/** IDLE -> INTENT. @param images  Not 0. @param attempts  Boots that the set gets to confirm itself, 1 to 255. */
psa_status_t journal_request(struct journal *journal, uint8_t images, bool permanent, uint8_t attempts);
/** IDLE -> INTENT: a permanent set made of what the secondary slots keep. BL2 has judged it. */
psa_status_t journal_fall_back(struct journal *journal, uint8_t images);
/** The number that the next request will give its set: whoever asks can note it beforehand and recognise the outcome afterwards. */
uint8_t journal_next_set(const struct journal *journal);
/** INTENT -> IDLE: BL2 judged the set and refuses all of it because of `image`. */
psa_status_t journal_refuse(struct journal *journal, uint8_t image, enum refusal why);
/** INTENT -> IDLE: whoever asked changed his mind. */
psa_status_t journal_withdraw(struct journal *journal);
/** INTENT -> SWAPPING. @param sectors  N of each image in the set, 1 to 32767; others are ignored. At most one erase from here to
 *  the confirm when all N together are at most 250 (sectors of 4 KB). */
psa_status_t journal_begin_swap(struct journal *journal, const uint16_t sectors[IMAGE_COUNT]);
/** INTENT -> TRIAL without a move: the images of the set run in their other slots from now on (direct-XIP). */
psa_status_t journal_switch(struct journal *journal);
/** SWAPPING or REVERTING: one more half step of `image` is done. */
psa_status_t journal_step(struct journal *journal, uint8_t image);
/** SWAPPING -> TRIAL: all steps of all images are done. */
psa_status_t journal_begin_trial(struct journal *journal);
/** TRIAL: one more boot. PSA_ERROR_BAD_STATE as well when none is left. */
psa_status_t journal_attempt(struct journal *journal);
/** TRIAL -> IDLE: one unit confirms all images. */
psa_status_t journal_confirm(struct journal *journal);
/** TRIAL -> REVERTING, because of `image`. BL2 does the rest at the next boot, or at once when it is BL2 that asks. */
psa_status_t journal_begin_revert(struct journal *journal, uint8_t image, enum refusal why);
/** REVERTING -> IDLE: all steps of all images are done. */
psa_status_t journal_end_revert(struct journal *journal);

#endif
