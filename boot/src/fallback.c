/* SPDX-License-Identifier: Apache-2.0 */
/* A way back from a damaged image: what the last update replaced, as a set. Linked by products that allow it. */
#include "internal.h"

/* Where the mode has put what an update replaced. */
static const struct medium *kept(struct boot *boot, uint8_t image)
{
	const struct medium *slot = boot_other_slot(boot, image);
	uint32_t offset = boot->mode->kept_units * boot_swap_unit(boot, image);
	return flash_window_init(&boot->kept, slot, offset, slot->size - offset) == PSA_SUCCESS ? &boot->kept.medium : slot;
}

/*
 * Judge what the last update replaced, as one set, as it ran before: never one image of it. Where nothing was ever updated, that is what
 * both other slots were filled with. Nothing is written.
 */
static psa_status_t judge(struct boot *boot)
{
	const struct journal_state *state = &boot->journal.state;
	boot->fallback_images = state->set == 0 ? (1 << IMAGE_COUNT) - 1 : state->confirmed ? state->images : 0;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (boot->running[i].refusal != REFUSAL_NONE && !boot_in_set(boot->fallback_images, i))
			return PSA_SUCCESS;
	return boot_judge_set(boot, boot->fallback_images, true);
}

static psa_status_t request(struct boot *boot)
{
	boot_say(boot, LINE_FALLBACK, boot->blamed, 0);
	return journal_fall_back(&boot->journal, boot->fallback_images);
}

const struct boot_fallback boot_fallback_yes = { .judge = judge, .request = request, .kept = kept };
