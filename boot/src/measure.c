/* SPDX-License-Identifier: Apache-2.0 */
/* Shared data for the Secure image: what was measured, counted and refused. Page: docs/format/handover.md. */
#include "internal.h"
#include <merlon/lib/le.h>
#include <string.h>

static void add_measurement(const struct boot *boot, struct handover_writer *writer, uint8_t image)
{
	const struct image_verdict *verdict = &boot->running[image];
	handover_add_measured(writer, image, &verdict->header.version, verdict->digest, boot->trust.keys[verdict->key_index].hash);
}

/* The image's own record is signed; it must end as one does: key 2, 32 bytes, zeros in the image, the real digest here. */
static void add_record(struct boot *boot, struct handover_writer *writer, uint8_t image)
{
	static const uint8_t tail[] = { 0x02, 0x58, IMAGE_DIGEST_SIZE };
	const struct image_verdict *verdict = &boot->running[image];
	uint16_t size = verdict->boot_record_size;
	uint8_t *digest = boot->buffer + size - IMAGE_DIGEST_SIZE;
	if (size < sizeof tail + IMAGE_DIGEST_SIZE || size > sizeof boot->buffer ||
	    medium_read(boot_running_medium(boot, image), verdict->boot_record_offset, boot->buffer, size) != PSA_SUCCESS ||
	    memcmp(digest - sizeof tail, tail, sizeof tail) != 0)
		return;
	memcpy(digest, verdict->digest, IMAGE_DIGEST_SIZE);
	handover_add(writer, HANDOVER_BOOT_RECORD(image), boot->buffer, size);
}

/* An epoch that cannot be read is not handed over: Protected Storage then stands still for this start. */
static void add_epoch(struct boot *boot)
{
	uint32_t epoch;
	if (boot->epoch != NULL && boot->epoch(boot->otp, &epoch) == PSA_SUCCESS)
		handover_add_u32(&boot->shared, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_EPOCH), epoch);
}

/** Complete the shared data, which hold the refusals of this boot already. Fails only when the caller's memory is too small for what must be in it. */
psa_status_t boot_hand_over(struct boot *boot)
{
	const struct journal_state *state = &boot->journal.state;
	struct handover_set set = { (uint8_t)state->phase, state->images,
				    (uint8_t)(state->attempts_allowed - state->attempts_used) };
	struct handover_writer *writer = &boot->shared;
	uint8_t counters[4 * IMAGE_COUNT];
	handover_add_u32(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), boot->reset_cause);
	handover_add_u32(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), boot->trust.lifecycle);
	handover_add_set(writer, &set);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		le32_store(counters + 4 * i, boot->trust.counters[i]);
		add_measurement(boot, writer, i);
		add_record(boot, writer, i);
	}
	handover_add(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), counters, sizeof counters);
	add_epoch(boot);
	return boot->shared.overflow ? PSA_ERROR_INSUFFICIENT_MEMORY : PSA_SUCCESS;
}
