/* SPDX-License-Identifier: Apache-2.0 */
/* Overwrite-only: unit i of the secondary is copied over unit i of the primary, from the first to the last. The source stays whole. */
#include "internal.h"

/* The journal counts half steps, two for each of its sectors: the second of a pair copies the unit. */
static psa_status_t half_step(struct boot *boot, uint8_t image, bool back)
{
	const struct boot_slot *slot = &boot->slots[image];
	uint32_t step = boot->journal.state.steps_done[image], unit = boot_swap_unit(boot, image), offset = step / 2 * unit;
	(void)back;
	return step % 2 == 0 ? PSA_SUCCESS
			     : boot_copy(boot, (struct boot_place) { slot->secondary, offset },
					 (struct boot_place) { slot->primary, offset }, unit);
}

static psa_status_t begin(struct boot *boot)
{
	boot_say(boot, LINE_NO_WAY_BACK, 0, 0);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		boot->running[i].image_size = 0; /* nothing of it is kept */
	return boot_begin_move(boot);
}

static psa_status_t upgrade(struct boot *boot)
{
	return boot_move(boot, half_step, false);
}

const struct boot_mode boot_mode_overwrite = { .begin = begin, .upgrade = upgrade };
