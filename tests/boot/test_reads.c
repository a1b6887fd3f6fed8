/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads that fail, and reads that give what is not there: each read call of a whole update, of every memory, once; and every place of
 * every memory for good. The device starts a whole set or says why not; no image is lost by it.
 */
#include "rig.h"
#include <merlon/test.h>
#include <string.h>

enum { BOOTS = 6, MEMORIES = 7, PLACE = 64 };

static struct rig rig, template;

/* A device whose images 1.0.0 run, with 2.0.0 of both in the secondary slots, and a command that revokes a key nobody uses. */
static void make_template(const struct rig_product *product)
{
	rig_init_product(&template, OTP_LIFECYCLE_SECURED, product);
	rig_init_product(&rig, OTP_LIFECYCLE_SECURED, product);
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		for (uint8_t major = 1; major <= 2; major++)
			rig_flash(&template, major == 2,
				  &(struct rig_image) { .image = image, .major = major, .counter = major, .key = RIG_KEY_NEWER });
	rig_command(&template,
		    &(struct rig_image) {
			    .key = RIG_KEY_NEWER, .revokes = 1, .is_command = true, .no_counter = true, .payload_size = 8 });
	for (unsigned i = 0; i < MEMORIES; i++)
		rig_memory(&rig, i)->strict = false;
}

/* The application of a device: asks once, confirms. @return The starts that it saw. */
static unsigned live(void)
{
	unsigned starts = 0;
	bool asked = false;
	for (unsigned boots = 0; boots < BOOTS; boots++) {
		static struct journal journal;
		if (rig_boot(&rig) != BOOT_START) {
			CHECK_THAT(rig_said(&rig, "BL2: HALT (114)"), "halts without a word: %s", rig.said);
			continue;
		}
		starts++;
		CHECK_THAT(rig.version[0] == rig.version[1], "a mix, %u and %u: %s", rig.version[0], rig.version[1], rig.said);
		if (journal_open(&journal, &rig.journal.medium) != PSA_SUCCESS)
			continue;
		if (journal.state.phase == JOURNAL_TRIAL)
			(void)rig_confirm(&rig);
		else if (!asked && journal.state.phase == JOURNAL_IDLE && journal.state.images == 0)
			asked = rig_request(&rig, 3, false, 2) == PSA_SUCCESS;
	}
	return starts;
}

/* The image lies somewhere in its slots, whole. */
static bool is_kept(uint8_t image, uint8_t major, bool for_secondary)
{
	uint32_t size;
	struct rig_image spec = {
		.image = image, .major = major, .counter = major, .key = RIG_KEY_NEWER, .for_secondary = for_secondary
	};
	const uint8_t *bytes = rig_image_build(&spec, &size);
	for (uint32_t at = 0; at + size <= RIG_SLOT; at += RIG_UNIT)
		if (memcmp(rig.primary[image].cells + at, bytes, size) == 0 ||
		    memcmp(rig.secondary[image].cells + at, bytes, size) == 0)
			return true;
	return false;
}

static void check_images_kept(const char *what, unsigned memory, uint32_t number)
{
	bool in_place = rig.product->mode == &boot_mode_xip;
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		for (uint8_t major = 1; major <= 2; major++)
			CHECK_THAT(is_kept(image, major, in_place && major == 2), "%s %u of memory %u: image %u %u.0.0 is lost",
				   what, (unsigned)number, memory, image, major);
}

/* @param step  1: each read call; more: each of so many. */
static void odd_everywhere(const struct rig_product *product, uint32_t step)
{
	unsigned lives = 0, updated = 0;
	make_template(product);
	for (unsigned memory = 0; memory < MEMORIES; memory++)
		for (unsigned odd = SIM_ODD_FAILS; odd <= SIM_ODD_FLIPS; odd++)
			for (uint32_t number = odd % step;; number += step, lives++) {
				struct sim_flash *flash = rig_memory(&rig, memory);
				rig_copy(&rig, &template);
				uint32_t first = flash->reads;
				sim_flash_odd_read(flash, (enum sim_odd)odd, number);
				unsigned starts = live();
				CHECK_THAT(starts >= BOOTS - 2, "read %u of memory %u: only %u starts", (unsigned)number, memory,
					   starts);
				check_images_kept("read", memory, number);
				updated += rig.version[0] == 2;
				if (flash->reads - first <= number)
					break;
			}
	for (unsigned memory = 0; memory < MEMORIES; memory++)
		sim_flash_odd_read(rig_memory(&rig, memory), SIM_ODD_NONE, 0);
	printf("reads: %u lives with one odd read, %u of them updated\n", lives, updated);
	CHECK(lives > 500 && updated > lives / 2);
	rig_deinit(&rig);
	rig_deinit(&template);
}

TEST(one_odd_read_of_a_swap, CLAIM("boot.read_fault"), PROPERTY)
{
	odd_everywhere(&rig_swap, 1);
}

TEST(one_odd_read_in_place, CLAIM("boot.read_fault"), PROPERTY)
{
	odd_everywhere(&rig_xip, 5);
}

/* A place that never reads again: what needs it does not start, and says so. */
TEST(a_place_that_cannot_be_read_is_an_answer, CLAIM("boot.read_fault"), PROPERTY)
{
	unsigned halted = 0, lives = 0;
	make_template(&rig_swap);
	for (unsigned memory = 0; memory < MEMORIES; memory++) {
		struct sim_flash *flash = rig_memory(&rig, memory);
		for (uint32_t place = 0; place < flash->medium.size; place += PLACE, lives++) {
			rig_copy(&rig, &template);
			sim_flash_fail(flash, SIM_FAULT_READ, place, 8);
			halted += live() == 0;
		}
		sim_flash_fail(flash, 0, 0, 0);
	}
	printf("reads: %u lives with a place that cannot be read, %u without a start\n", lives, halted);
	CHECK(halted > 0 && halted < lives / 2);
	rig_deinit(&rig);
	rig_deinit(&template);
}
