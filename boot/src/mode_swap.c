/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The swap. N units of the primary slot P are exchanged with the secondary S, one unit apart, so that no scratch area is needed:
 *
 *   upgrade, i from N-1 down to 0:   (a) P[i] -> S[i+1]   (b) S[i] -> P[i]
 *   revert,  i from 0 up to N-1:     (a) P[i] -> S[i]     (b) S[i+1] -> P[i]
 *
 * Each half step erases its target and copies; its source stays whole until the half step after it is recorded as done. So the
 * half step under way when power went is simply done again.
 */
#include "internal.h"

/* Unit j of the secondary. The trailer's unit is passed over: what lies behind it is the spare one. */
static uint32_t secondary_offset(const struct boot *boot, uint8_t image, uint32_t j)
{
	uint32_t unit = boot_swap_unit(boot, image), trailer = boot_image_limit(boot, image) / unit;
	return (j < trailer ? j : j + 1) * unit;
}

static psa_status_t half_step(struct boot *boot, uint8_t image, bool back)
{
	const struct boot_slot *slot = &boot->slots[image];
	uint32_t step = boot->journal.state.steps_done[image], count = boot->journal.state.sectors[image];
	uint32_t unit = boot_swap_unit(boot, image), i = back ? step / 2 : count - 1 - step / 2;
	bool second = step % 2 != 0;
	struct boot_place p = { slot->primary, i * unit };
	struct boot_place s = { slot->secondary, secondary_offset(boot, image, second == back ? i + 1 : i) };
	return second ? boot_copy(boot, s, p, unit) : boot_copy(boot, p, s, unit);
}

/* A fallback fetches what lies one unit higher: it is the way back, and the way back from it is the way there. */
static psa_status_t upgrade(struct boot *boot)
{
	return boot_move(boot, half_step, boot->journal.state.fallback);
}

static psa_status_t revert(struct boot *boot)
{
	return boot_move(boot, half_step, !boot->journal.state.fallback);
}

const struct boot_mode boot_mode_swap = { .begin = boot_begin_move, .upgrade = upgrade, .revert = revert, .kept_units = 1 };
