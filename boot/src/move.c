/* SPDX-License-Identifier: Apache-2.0 */
/* What the modes that move images share: copies that are read back, and the walk along the journal's half steps. */
#include "internal.h"
#include <string.h>

enum { COPY_TRIES = 3 };

/* Program, then read both again: a source that reads differently the second time is as wrong as a target that did not take. */
static psa_status_t copy_once(struct boot *boot, struct boot_place from, struct boot_place to, uint32_t unit)
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

/** Copy one unit. The source stays as it is. @retval PSA_ERROR_STORAGE_FAILURE  In every try. */
psa_status_t boot_copy(struct boot *boot, struct boot_place from, struct boot_place to, uint32_t unit)
{
	psa_status_t status = PSA_ERROR_STORAGE_FAILURE;
	for (unsigned i = 0; i < COPY_TRIES && status != PSA_SUCCESS; i++)
		status = copy_once(boot, from, to, unit);
	return status;
}

/** SWAPPING: fix N, the units of the larger of old and new image, for each image of the set. */
psa_status_t boot_begin_move(struct boot *boot)
{
	uint16_t sectors[IMAGE_COUNT];
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		uint32_t unit = boot_swap_unit(boot, i), old = boot->running[i].image_size, new = boot->candidates[i].image_size;
		sectors[i] = (uint16_t)(((old > new ? old : new) + unit - 1) / unit);
	}
	return journal_begin_swap(&boot->journal, sectors);
}

/** Do every half step that is left, and record each. */
psa_status_t boot_move(struct boot *boot, psa_status_t (*step)(struct boot *boot, uint8_t image, bool back), bool back)
{
	const struct journal_state *state = &boot->journal.state;
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		uint32_t end = boot_in_set(state->images, i) ? 2u * state->sectors[i] : 0;
		if (state->steps_done[i] < end)
			boot_say(boot, state->steps_done[i] > 0 ? LINE_RESUME : LINE_SWAP, i,
				 state->steps_done[i] > 0 ? state->steps_done[i] : state->sectors[i]);
		while (state->steps_done[i] < end && status == PSA_SUCCESS) {
			status = step(boot, i, back);
			if (status == PSA_SUCCESS)
				status = journal_step(&boot->journal, i);
		}
	}
	return status;
}
