/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The set journal: two rotating sectors of 8-byte units that govern an update of both images as one set.
 * Page: docs/format/journal.md.
 *
 * BL2 and the update service share this code. One unit decides each transition; a torn unit is no unit. Unit:
 * { type u8, argument u8, value u16, crc32 u32 }, the CRC over type, argument, value and the sector's sequence number.
 */
#ifndef MERLON_LIB_JOURNAL_H
#define MERLON_LIB_JOURNAL_H

#include <merlon/lib/image.h>
#include <merlon/lib/medium.h>
#include <stdbool.h>

enum journal_phase {
	JOURNAL_IDLE,        /* what the primary slots hold is confirmed; nothing is pending */
	JOURNAL_INTENT,      /* a set is staged and asked for; no sector of a primary slot has moved */
	JOURNAL_SWAPPING,    /* between the first step and the last; nothing boots */
	JOURNAL_TRIAL,       /* the new set is in the primary slots, on trial */
	JOURNAL_REVERTING,   /* on the way back; nothing boots */
	JOURNAL_PHASE_COUNT,
};

/** The journal, folded. `images` is a mask: bit i = image i takes part in the set. */
struct journal_state {
	enum journal_phase phase;
	uint8_t images;
	bool permanent;                       /* confirm at the end of the swap instead of a trial */
	uint8_t attempts_allowed, attempts_used;
	bool confirmed;                       /* phase IDLE: the last set was confirmed (false: none yet, reverted or refused) */
	uint16_t sectors[IMAGE_COUNT];        /* N of each image in the set, fixed before the first step */
	uint16_t steps_done[IMAGE_COUNT];     /* half steps finished, 0 to 2 N; counts anew in REVERTING */
	bool refused;                         /* phase IDLE: the last intent was refused before it began */
	uint8_t refused_image, refusal;       /* which image, enum refusal */
};

/** An open journal: where the next unit goes. Owned by the caller; rebuilt by journal_open() after every reset. */
struct journal {
	const struct medium *medium;          /* exactly two erase sectors */
	uint16_t sequence;
	uint8_t sector;
	uint32_t next;                        /* offset of the next free unit in the sector */
	struct journal_state state;
};

/**
 * Find the newest valid sector and fold its units. An erased journal is IDLE. Never writes.
 * @retval PSA_ERROR_DATA_CORRUPT  Neither sector is valid and they are not both erased.
 */
psa_status_t journal_open(struct journal *journal, const struct medium *medium);

/* Transitions. Each checks that the phase allows it (PSA_ERROR_BAD_STATE), appends its units and updates `state`; the last unit
 * decides. Rotation into the other sector happens inside and is as safe as an append. */
psa_status_t journal_request(struct journal *journal, uint8_t images, bool permanent, uint8_t attempts);   /* IDLE -> INTENT */
psa_status_t journal_refuse(struct journal *journal, uint8_t image, enum refusal why);                     /* INTENT -> IDLE */
psa_status_t journal_withdraw(struct journal *journal);                                                   /* INTENT -> IDLE */
psa_status_t journal_begin_swap(struct journal *journal, const uint16_t sectors[IMAGE_COUNT]);            /* INTENT -> SWAPPING */
psa_status_t journal_step(struct journal *journal, uint8_t image);                                        /* one half step done */
psa_status_t journal_begin_trial(struct journal *journal);                                                /* SWAPPING -> TRIAL, or IDLE when permanent */
psa_status_t journal_attempt(struct journal *journal);                                                    /* TRIAL: one more boot */
psa_status_t journal_confirm(struct journal *journal);                                                    /* TRIAL -> IDLE, confirmed */
psa_status_t journal_begin_revert(struct journal *journal);                                               /* TRIAL -> REVERTING */
psa_status_t journal_end_revert(struct journal *journal);                                                 /* REVERTING -> IDLE */

#endif
