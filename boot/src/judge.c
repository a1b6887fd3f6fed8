/* SPDX-License-Identifier: Apache-2.0 */
/* Which images may run: candidates in the secondary slots, and what lies in the primaries. */
#include "internal.h"
#include <merlon/lib/trailer.h>
#include <string.h>

/** Which images the trailers ask to update; permanent when all of them say so. An unreadable trailer asks for nothing, and one with
 *  copy_done is the mirror of a trial. */
void boot_read_requests(struct boot *boot)
{
	if (boot->requests_read)
		return;
	boot->requests_read = true;
	boot->request_permanent = true;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		struct trailer trailer;
		if (trailer_read(boot_other_slot(boot, i), boot->slot_size, &trailer) != PSA_SUCCESS ||
		    trailer.magic != TRAILER_MAGIC_GOOD || trailer.copy_done == TRAILER_FLAG_SET)
			continue;
		boot->request_open = true;
		boot->requested |= (uint8_t)(1u << i);
		boot->request_permanent = boot->request_permanent && trailer.image_ok == TRAILER_FLAG_SET;
	}
}

/* @param secondary  Which of the slot's two addresses the image will run at. */
static enum refusal judge(struct boot *boot, uint8_t image, const struct medium *medium, unsigned secondary, uint32_t minimum,
			  struct image_verdict *verdict)
{
	uint32_t limit = boot_image_limit(boot, image);
	struct image_policy policy = trust_policy(&boot->trust, image, limit < medium->size ? limit : medium->size, minimum);
	policy.address_checked = true;
	policy.address = boot->slots[image].addresses[secondary];
	if (image_judge(medium, &policy, boot->crypto, verdict) == REFUSAL_NONE)
		verdict->refusal = image_entry_judge(medium, policy.address, verdict);
	return verdict->refusal;
}

/** Where the image lies that runs: its copy in RAM, or its active slot. */
const struct medium *boot_running_medium(const struct boot *boot, uint8_t image)
{
	return boot->slots[image].run != NULL ? &boot->copies[image].medium : boot_active_slot(boot, image);
}

/* Bring the image in the active slot to where it runs. What is copied is judged there, and only there. */
static enum refusal load(struct boot *boot, uint8_t image)
{
	const struct boot_slot *slot = &boot->slots[image];
	const struct medium *source = boot_active_slot(boot, image);
	struct image_header header;
	struct image_tlv_iterator it;
	uint32_t limit = boot_image_limit(boot, image);
	enum refusal refusal = image_header_read(source, limit, &header);
	if (refusal == REFUSAL_NONE)
		refusal = image_tlv_begin(&it, source, limit, &header);
	if (refusal != REFUSAL_NONE)
		return refusal;
	uint32_t size = image_tlv_end(&it);
	if (size > slot->run_size)
		return REFUSAL_SIZE;
	for (uint32_t offset = 0, piece; offset < size; offset += piece) {
		piece = size - offset < BOOT_BUFFER_SIZE ? size - offset : BOOT_BUFFER_SIZE;
		if (medium_read(source, offset, slot->run + offset, piece) != PSA_SUCCESS)
			return REFUSAL_READ;
		watchdog_feed(boot->watchdog);
	}
	memset(slot->run + size, 0, slot->run_size - size); /* nothing of another image stays behind this one */
	flash_ram_init(&boot->copies[image], slot->run, size);
	return REFUSAL_NONE;
}

static void judge_primary(struct boot *boot, uint8_t image)
{
	struct image_verdict *verdict = &boot->running[image];
	*verdict = (struct image_verdict) { .refusal = boot->slots[image].run != NULL ? load(boot, image) : REFUSAL_NONE };
	if (verdict->refusal == REFUSAL_NONE)
		(void)judge(boot, image, boot_running_medium(boot, image), boot_active(boot, image), 0, verdict);
}

static void blame(struct boot *boot, uint8_t image, struct image_verdict *verdict, enum refusal why)
{
	verdict->refusal = why;
	boot->blamed = image;
	boot->blame = why;
	boot_report_refusal(boot, image, verdict);
}

/* Dependencies of everything that will run, on everything that will run. False: one is not met; it is named and blamed. */
static bool dependencies_met(struct boot *boot, struct image_verdict *const set[IMAGE_COUNT])
{
	struct image_version versions[IMAGE_COUNT];
	struct image_dependency unmet;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		versions[i] = set[i]->header.version;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		if (image_dependencies_judge(set[i], versions, &unmet) == REFUSAL_NONE)
			continue;
		static const struct image_version none = { 0 };
		boot_say_versions(boot, LINE_UNMET, unmet.image, &unmet.minimum,
				  unmet.image < IMAGE_COUNT ? &versions[unmet.image] : &none);
		blame(boot, i, set[i], REFUSAL_DEPENDENCY);
		return false;
	}
	return true;
}

/** Judge both primaries, and whether they belong together. Fills in `running`, `primaries_view`, and whom to blame. */
psa_status_t boot_judge_primaries(struct boot *boot)
{
	struct image_verdict *const set[IMAGE_COUNT] = { &boot->running[IMAGE_SECURE], &boot->running[IMAGE_NONSECURE] };
	bool good = true;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		judge_primary(boot, i);
		if (set[i]->refusal != REFUSAL_NONE) {
			blame(boot, i, set[i], set[i]->refusal);
			good = false;
		}
	}
	boot->primaries_view = good && dependencies_met(boot, set) ? PRIMARIES_GOOD : PRIMARIES_BAD;
	return PSA_SUCCESS;
}

static bool judge_candidate(struct boot *boot, uint8_t image, bool fallback)
{
	const struct medium *medium = boot_other_slot(boot, image);
	if (fallback && boot->fallback != NULL)
		medium = boot->fallback->kept(boot, image);
	const struct image_verdict *running = &boot->running[image];
	struct image_verdict *verdict = &boot->candidates[image];
	enum refusal refusal = judge(boot, image, medium, !boot_active(boot, image),
				     running->refusal == REFUSAL_NONE ? running->counter : 0, verdict);
	if (refusal == REFUSAL_NONE && !trust_can_count(&boot->trust, image, verdict))
		refusal = REFUSAL_COUNTER_FULL;
	if (refusal == REFUSAL_NONE)
		return true;
	blame(boot, image, verdict, refusal);
	return false;
}

/** Judge a set: each candidate, and what will run with it. One refusal refuses all. The active images are judged first and counted: no
 * candidate may fall below them, and the set is built on their versions. */
psa_status_t boot_judge_set(struct boot *boot, uint8_t images, bool fallback)
{
	struct image_verdict *set[IMAGE_COUNT];
	bool accepted = true;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		judge_primary(boot, i);
	(void)boot_raise_counters(boot); /* what cannot be stored now is still a minimum below */
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		set[i] = boot_in_set(images, i) ? &boot->candidates[i] : &boot->running[i];
		if (boot_in_set(images, i) && !judge_candidate(boot, i, fallback))
			accepted = false;
	}
	accepted = accepted && dependencies_met(boot, set);
	boot->candidates_view = accepted ? CANDIDATES_ACCEPTED : CANDIDATES_REFUSED;
	for (uint8_t i = 0; i < IMAGE_COUNT && accepted; i++)
		if (boot_in_set(images, i))
			boot_say_versions(boot, LINE_ACCEPTED, i, &boot->candidates[i].header.version,
					  &boot->running[i].header.version);
	return PSA_SUCCESS;
}

/** Judge the journal's set. */
psa_status_t boot_judge_candidates(struct boot *boot)
{
	return boot_judge_set(boot, boot->journal.state.images, boot->journal.state.fallback);
}
