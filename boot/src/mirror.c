/* SPDX-License-Identifier: Apache-2.0 */
/* MCUboot trailers as mirrors of the journal. They are written at transitions, never read to decide about what runs. */
#include "internal.h"
#include <merlon/lib/trailer.h>

/* Erased without a look: an erase or a program that a power cut ended may look like none. The unit of a trailer holds nothing else, and one
 * erase of each is within what a move may cost. */
static psa_status_t clear(struct boot *boot, uint8_t image, const struct medium *slot)
{
	uint32_t offset = boot_image_limit(boot, image);
	watchdog_feed(boot->watchdog);
	return medium_erase(slot, offset, boot->slot_size - offset);
}

/* Magic last: until it is whole there is no trailer. */
static psa_status_t write(struct boot *boot, uint8_t image, const struct medium *slot, bool confirmed)
{
	psa_status_t status = clear(boot, image, slot);
	if (status == PSA_SUCCESS && confirmed)
		status = trailer_write_image_ok(slot, boot->slot_size);
	if (status == PSA_SUCCESS)
		status = trailer_write_copy_done(slot, boot->slot_size);
	return status == PSA_SUCCESS ? trailer_write_magic(slot, boot->slot_size) : status;
}

/* Of the slots that run; of those that will, while the set is an intent. */
static psa_status_t write_all(struct boot *boot, bool confirmed)
{
	const struct journal_state *state = &boot->journal.state;
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		if (boot_in_set(state->images, i))
			status = write(boot, i,
				       state->phase == JOURNAL_INTENT ? boot_other_slot(boot, i) : boot_active_slot(boot, i),
				       confirmed);
	return status;
}

/** The set was moved to where it runs: magic and copy_done; image_ok where no trial follows. */
psa_status_t boot_mirror_trial(struct boot *boot)
{
	return write_all(boot, boot->journal.state.permanent || boot->mode->revert == NULL);
}

/** The old set is back: it is confirmed. */
psa_status_t boot_mirror_reverted(struct boot *boot)
{
	return write_all(boot, true);
}

/**
 * Write the trailer anew where a confirmed set still lacks image_ok: the power was cut between the journal and the mirror.
 */
psa_status_t boot_mirror_confirmed(struct boot *boot, uint8_t images)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		struct trailer trailer;
		const struct medium *slot = boot_active_slot(boot, i);
		if (boot_in_set(images, i) && trailer_read(slot, boot->slot_size, &trailer) == PSA_SUCCESS &&
		    trailer.magic == TRAILER_MAGIC_GOOD && trailer.image_ok == TRAILER_FLAG_UNSET)
			status = write(boot, i, slot, true);
	}
	return status;
}

/** Take back what trailers may ask for: the set is being answered. */
psa_status_t boot_clear_requests(struct boot *boot)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		if (boot_in_set(boot->journal.state.images, i))
			status = clear(boot, i, boot_other_slot(boot, i));
	return status;
}
