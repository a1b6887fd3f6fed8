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
#include <string.h>

enum { COPY_TRIES = 3 };

/* Unit j of the secondary. The trailer's unit is passed over: what lies behind it is the spare one. */
static uint32_t secondary_offset(const struct boot *boot, uint8_t image, uint32_t j)
{
	uint32_t unit = boot_swap_unit(boot, image), trailer = boot_image_limit(boot, image) / unit;
	return (j < trailer ? j : j + 1) * unit;
}

struct place {
	const struct medium *medium;
	uint32_t offset;
};

/* Program, then read both again: a source that reads differently the second time is as wrong as a target that did not take. */
static psa_status_t copy_once(struct boot *boot, struct place from, struct place to, uint32_t unit)
{
	uint8_t *first = boot->buffer, *second = boot->buffer + sizeof boot->buffer / 2;
	const uint32_t piece = unit < sizeof boot->buffer / 2 ? unit : sizeof boot->buffer / 2;
	watchdog_feed(boot->watchdog);
	psa_status_t status = medium_erase(to.medium, to.offset, unit);
	for (uint32_t offset = 0; offset < unit && status == PSA_SUCCESS; offset += piece) {
		watchdog_feed(boot->watchdog);
		status = medium_read(from.medium, from.offset + offset, first, piece);
		if (status == PSA_SUCCESS)
			status = medium_program(to.medium, to.offset + offset, first, piece);
		if (status == PSA_SUCCESS)
			status = medium_read(to.medium, to.offset + offset, second, piece);
		if (status == PSA_SUCCESS && memcmp(first, second, piece) != 0)
			status = PSA_ERROR_STORAGE_FAILURE;
		if (status == PSA_SUCCESS)
			status = medium_read(from.medium, from.offset + offset, second, piece);
		if (status == PSA_SUCCESS && memcmp(first, second, piece) != 0)
			status = PSA_ERROR_STORAGE_FAILURE;
	}
	return status;
}

static psa_status_t copy(struct boot *boot, struct place from, struct place to, uint32_t unit)
{
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < COPY_TRIES && status != PSA_SUCCESS; i++)
		status = copy_once(boot, from, to, unit);
	return status;
}

static psa_status_t half_step(struct boot *boot, uint8_t image, bool revert)
{
	const struct boot_slot *slot = &boot->slots[image];
	uint32_t step = boot->journal.state.steps_done[image], count = boot->journal.state.sectors[image];
	uint32_t unit = boot_swap_unit(boot, image), i = revert ? step / 2 : count - 1 - step / 2;
	bool second = step % 2 != 0;
	struct place p = { slot->primary, i * unit };
	struct place s = { slot->secondary, secondary_offset(boot, image, second == revert ? i + 1 : i) };
	return second ? copy(boot, s, p, unit) : copy(boot, p, s, unit);
}

static psa_status_t move(struct boot *boot, bool revert)
{
	const struct journal_state *state = &boot->journal.state;
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		uint32_t end = boot_in_set(state->images, i) ? 2u * state->sectors[i] : 0;
		if (state->steps_done[i] < end)
			boot_say(boot, state->steps_done[i] > 0 ? LINE_RESUME : LINE_SWAP, i,
				 state->steps_done[i] > 0 ? state->steps_done[i] : state->sectors[i]);
		while (state->steps_done[i] < end && status == PSA_SUCCESS) {
			status = half_step(boot, i, revert);
			if (status == PSA_SUCCESS)
				status = journal_step(&boot->journal, i);
		}
	}
	return status;
}

static psa_status_t upgrade(struct boot *boot)
{
	return move(boot, false);
}

static psa_status_t revert(struct boot *boot)
{
	return move(boot, true);
}

static uint16_t sectors(const struct boot *boot, uint8_t image, uint32_t old_size, uint32_t new_size)
{
	uint32_t unit = boot_swap_unit(boot, image), size = old_size > new_size ? old_size : new_size;
	return (uint16_t)((size + unit - 1) / unit);
}

const struct boot_mode boot_mode_swap = { .sectors = sectors, .upgrade = upgrade, .revert = revert };
