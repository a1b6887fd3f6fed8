/* SPDX-License-Identifier: Apache-2.0 */
/* What the upgrade modes do not share, and the way back from a damaged primary. */
#include "rig.h"
#include <merlon/lib/trailer.h>
#include <merlon/test.h>
#include <string.h>

static struct rig rig;

static const struct rig_product swap = { &boot_mode_swap, RIG_UNIT, &boot_fallback_yes };
static const struct rig_product swap_external = { &boot_mode_swap, 2 * RIG_UNIT, &boot_fallback_yes };
static const struct rig_product overwrite = { &boot_mode_overwrite, RIG_UNIT, &boot_fallback_yes };
static const struct rig_product xip = { &boot_mode_xip, RIG_UNIT, &boot_fallback_yes };
static const struct rig_product *const products[] = { &swap, &swap_external, &overwrite, &xip };
enum { PRODUCTS = sizeof products / sizeof products[0] };

static void begin(const struct rig_product *product)
{
	rig_init_product(&rig, OTP_LIFECYCLE_SECURED, product);
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		rig_flash(&rig, false, &(struct rig_image) { .image = image, .major = 1, .counter = 1 });
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
}

static void check_runs(uint8_t secure, uint8_t nonsecure)
{
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	CHECK_THAT(rig.version[0] == secure && rig.version[1] == nonsecure, "runs %u and %u: %s", rig.version[0], rig.version[1],
		   rig.said);
}

static void check_idle(void)
{
	uint32_t before = rig.power.changes;
	(void)rig_boot(&rig);
	CHECK_EQ(rig.power.changes - before, 0);
}

static void stage(uint8_t images, uint8_t major, uint32_t counter)
{
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		if ((images >> image & 1) != 0)
			rig_flash(&rig, true, &(struct rig_image) { .image = image, .major = major, .counter = counter });
}

/* Install and confirm, in whatever way the mode has. */
static void update(uint8_t images, uint8_t major, uint32_t counter)
{
	stage(images, major, counter);
	CHECK(rig_request(&rig, images, false, 1) == PSA_SUCCESS);
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	if (rig_state(&rig).phase == JOURNAL_TRIAL)
		CHECK(rig_confirm(&rig) == PSA_SUCCESS);
	CHECK(rig_boot(&rig) == BOOT_START);
	CHECK(rig_state(&rig).confirmed);
}

static void damage(uint8_t image)
{
	rig_slot(&rig, image, false)->cells[RIG_HEADER + 30] ^= 4;
}

TEST(overwriting_has_no_way_back_and_says_so, CLAIM("boot.overwrite"), FUNCTIONAL)
{
	begin(&overwrite);
	stage(3, 2, 2);
	CHECK(rig_request(&rig, 3, false, 5) == PSA_SUCCESS);
	check_runs(2, 2);
	CHECK(rig_said(&rig, "BL2: NO_WAY_BACK (116)") && rig_said(&rig, "BL2: CONFIRMED (110)"));
	CHECK(!rig_said(&rig, "TRIAL"));
	CHECK(rig_state(&rig).phase == JOURNAL_IDLE && rig_state(&rig).confirmed);
	CHECK_EQ(rig_counter(&rig, 0), 2);
	check_idle();
	check_runs(2, 2);
	rig_deinit(&rig);
}

/* N erases and N sectors programmed per image, and one erase for each trailer. */
TEST(overwriting_costs_n_erases, CLAIM("boot.overwrite"), PROPERTY)
{
	enum { N = 3 };
	begin(&overwrite);
	stage(1, 2, 2);
	uint32_t erases = rig.primary[0].erases + rig.secondary[0].erases;
	CHECK(rig_request(&rig, 1, false, 1) == PSA_SUCCESS);
	check_runs(2, 1);
	CHECK(rig.primary[0].erases + rig.secondary[0].erases - erases <= N + 2);
	rig_deinit(&rig);
}

TEST(slots_take_turns, CLAIM("boot.xip"), FUNCTIONAL)
{
	begin(&xip);
	for (uint8_t major = 2; major < 6; major++) {
		uint64_t programmed = rig.primary[0].bytes_programmed + rig.primary[1].bytes_programmed;
		update(3, major, major);
		check_runs(major, major);
		CHECK_EQ(rig_state(&rig).active, major % 2 == 0 ? 3 : 0);
		/* What is programmed is the staged image and two trailers: nothing is copied. */
		if (major % 2 == 0)
			CHECK(rig.primary[0].bytes_programmed + rig.primary[1].bytes_programmed == programmed);
		check_idle();
	}
	rig_deinit(&rig);
}

TEST(an_unconfirmed_switch_is_taken_back, CLAIM("boot.xip"), FUNCTIONAL)
{
	for (uint8_t attempts = 1; attempts <= 3; attempts += 2) {
		begin(&xip);
		stage(3, 2, 2);
		CHECK(rig_request(&rig, 3, false, attempts) == PSA_SUCCESS);
		for (uint8_t i = 0; i < attempts; i++)
			check_runs(2, 2);
		check_runs(1, 1);
		CHECK(rig_said(&rig, "REVERTED (109)"));
		CHECK_EQ(rig_counter(&rig, 0), 1);
		check_idle();
		/* The trailer that the trial left in the other slot asks for nothing. */
		check_runs(1, 1);
		update(3, 3, 3);
		check_runs(3, 3);
		rig_deinit(&rig);
	}
}

/* An image that is linked for the slot that it does not lie in is refused. */
TEST(an_image_for_the_other_slot_is_refused, CLAIM("boot.xip"), ATTACK)
{
	uint32_t size;
	begin(&xip);
	const uint8_t *bytes = rig_image_build(&(struct rig_image) { .image = 1, .major = 2, .counter = 2 }, &size);
	CHECK(medium_erase(&rig.secondary[1].medium, 0, RIG_SLOT) == PSA_SUCCESS);
	CHECK(medium_program(&rig.secondary[1].medium, 0, bytes, (size + 7) & ~7u) == PSA_SUCCESS);
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	check_runs(1, 1);
	CHECK(rig_said(&rig, "image 1 refused: ADDRESS (21)"));
	rig_deinit(&rig);
}

/* Whichever image is damaged, both come back: they were one set. */
TEST(a_damaged_primary_falls_back_as_a_set, CLAIM("boot.fallback"), FUNCTIONAL)
{
	for (unsigned p = 0; p < PRODUCTS; p++) {
		for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
			begin(products[p]);
			update(3, 2, 1);
			damage(image);
			uint8_t wanted = products[p] == &overwrite ? 2 : 1; /* there the update itself is what was kept */
			check_runs(wanted, wanted);
			CHECK_THAT(rig_said(&rig, "BL2: FALLBACK (117)"), "%s", rig.said);
			CHECK(rig_state(&rig).phase == JOURNAL_IDLE && rig_state(&rig).confirmed);
			check_idle();
			rig_deinit(&rig);
		}
	}
}

TEST(an_image_that_was_updated_alone_falls_back_alone, CLAIM("boot.fallback"), FUNCTIONAL)
{
	begin(&swap);
	update(3, 2, 1);
	update(2, 3, 1);
	damage(1);
	check_runs(2, 2);
	rig_deinit(&rig);
	begin(&swap);
	update(2, 3, 1);
	damage(0); /* nothing that ran with image 1 as it is has a good image 0 */
	CHECK(rig_boot(&rig) == BOOT_HALT);
	check_idle();
	rig_deinit(&rig);
}

/* Rollback protection stands above it. */
TEST(a_fallback_below_the_counter_is_refused, CLAIM("boot.fallback"), ATTACK)
{
	static const struct rig_product *const kept_old[] = { &swap, &swap_external, &xip };
	for (unsigned p = 0; p < sizeof kept_old / sizeof kept_old[0]; p++) {
		begin(kept_old[p]);
		update(3, 2, 2);
		damage(1);
		CHECK(rig_boot(&rig) == BOOT_HALT);
		CHECK_THAT(rig_said(&rig, "COUNTER (18)"), "%s", rig.said);
		check_idle();
		rig_deinit(&rig);
	}
}

TEST(what_was_rejected_is_no_fallback, CLAIM("boot.fallback"), ATTACK)
{
	begin(&swap);
	stage(3, 2, 1);
	CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
	check_runs(2, 2);
	check_runs(1, 1);
	damage(1);
	CHECK(rig_boot(&rig) == BOOT_HALT);
	CHECK(!rig_said(&rig, "FALLBACK"));
	check_idle();
	rig_deinit(&rig);
}

TEST(a_product_without_fallback_halts, CLAIM("boot.fallback"), FUNCTIONAL)
{
	begin(&rig_swap);
	update(3, 2, 1);
	damage(1);
	CHECK(rig_boot(&rig) == BOOT_HALT);
	CHECK(rig_said(&rig, "BL2: HALT (114)"));
	check_idle();
	rig_deinit(&rig);
}

static struct rig damaged;

static void switch_on(void *context)
{
	rig_copy(context, &damaged);
}

static void boot_until_it_runs(void *context)
{
	CHECK_THAT(rig_boot(context) == BOOT_START, "%s", ((struct rig *)context)->said);
}

static void check_whole(void *context, bool cut)
{
	struct rig *one = context;
	uint8_t wanted = one->product == &overwrite ? 2 : 1;
	(void)cut;
	CHECK_THAT(one->version[0] == wanted && one->version[1] == wanted, "%s: %u and %u run", sim_power_where(&one->power),
		   one->version[0], one->version[1]);
}

TEST(a_fallback_survives_a_power_cut, CLAIM("boot.fallback"), POWER_CUT)
{
	for (unsigned p = 0; p < PRODUCTS; p++) {
		begin(products[p]);
		update(3, 2, 1);
		damage(1);
		rig_init_product(&damaged, OTP_LIFECYCLE_SECURED, products[p]);
		rig_copy(&damaged, &rig);
		rig.power.whole_readings = true;
		for (unsigned i = 0; i < IMAGE_COUNT; i++)
			rig.primary[i].strict = rig.secondary[i].strict = false;
		rig.journal.strict = rig.otp.strict = false;
		struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &rig.power,
											   .context = &rig,
											   .setup = switch_on,
											   .body = boot_until_it_runs,
											   .recover = boot_until_it_runs,
											   .check = check_whole,
											   .pairs = 200,
											   .marginal = true });
		CHECK(campaign.cuts >= 15);
		rig_deinit(&damaged);
		rig_deinit(&rig);
	}
}

/* The same journal in a product whose images do not run in either slot. */
TEST(a_journal_of_another_mode_is_refused, CLAIM("boot.xip"), MALFORMED)
{
	static const struct rig_product *const moving[] = { &swap, &swap_external, &overwrite };
	for (unsigned p = 0; p < sizeof moving / sizeof moving[0]; p++) {
		static struct journal journal;
		begin(moving[p]);
		stage(3, 2, 2);
		CHECK(journal_open(&journal, &rig.journal.medium) == PSA_SUCCESS);
		CHECK(journal_request(&journal, 3, false, 1) == PSA_SUCCESS);
		CHECK(journal_switch(&journal) == PSA_SUCCESS);
		CHECK(rig_boot(&rig) == BOOT_HALT);
		CHECK(rig_said(&rig, "JOURNAL (22)"));
		rig_deinit(&rig);
	}
}
