/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power cuts over whole lives of a device: at every change of flash and OTP in every tear, then pairs. The application does what a
 * real one would at each start, judged by nothing but what it sees; at each start the invariants are checked.
 */
#include "rig.h"
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

enum wish { WISH_CONFIRM, WISH_SILENCE, WISH_REFUSED, WISH_PERMANENT };

struct life {
	struct rig rig;
	const struct rig *template;
	const struct rig_product *product;
	enum wish wish;
	uint8_t images, attempts; /* the set; boots that it gets */
	bool padded;              /* asked for by trailers, not by the application */
	bool is_short;            /* so few changes that all pairs can be tried */
	bool confirmed;           /* a confirm has returned: from then on the old set may never run */
	unsigned trials;
};

static uint8_t wanted_version(const struct life *life, uint8_t image, bool new)
{
	return new && (life->images >> image & 1) != 0 ? 2 : 1;
}

/* A mode without a way back takes every accepted set for good. */
static bool stays(const struct life *life)
{
	return life->wish == WISH_CONFIRM || life->wish == WISH_PERMANENT ||
	       (life->product->mode->revert == NULL && life->wish != WISH_REFUSED);
}

static bool runs(const struct life *life, bool new)
{
	return life->rig.version[0] == wanted_version(life, 0, new) && life->rig.version[1] == wanted_version(life, 1, new);
}

/* A marginal record in OTP is read now so and now so until it is written again; the confirmed image itself is a minimum as well. */
static bool is_doubtful(const char *where)
{
	return strstr(where, "marginal") != NULL;
}

static void check_invariants(struct life *life, const struct journal_state *state)
{
	struct rig *rig = &life->rig;
	const char *where = sim_power_where(&rig->power);
	bool new = runs(life, true), confirmed = new && state->phase == JOURNAL_IDLE;
	CHECK_THAT(new || runs(life, false), "%s: a mix, %u and %u: %s", where, rig->version[0], rig->version[1], rig->said);
	/* A torn request may have looked blank to BL2 and read as a request now: it comes a boot later, no more. */
	CHECK_THAT(state->phase == JOURNAL_IDLE || state->phase == JOURNAL_TRIAL ||
			   (state->phase == JOURNAL_INTENT && is_doubtful(where)),
		   "%s: started in phase %d", where, state->phase);
	CHECK_THAT(!life->confirmed || new, "%s: a confirmed set is gone", where);
	CHECK_THAT(!new || life->wish != WISH_REFUSED, "%s: a refused set runs", where);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		uint32_t wanted = wanted_version(life, i, confirmed), seen = rig->boot.trust.counters[i];
		CHECK_THAT(seen == wanted || (seen < wanted && is_doubtful(where)), "%s: counter %u is %u", where, i, seen);
		CHECK_THAT(rig_counter(rig, i) <= wanted, "%s: counter %u is above %u", where, i, wanted);
	}
}

/* One start of the application. @return True when there is nothing left to do. */
static bool application(struct life *life)
{
	struct rig *rig = &life->rig;
	struct journal_state state = rig_state(rig);
	check_invariants(life, &state);
	if (state.phase == JOURNAL_TRIAL) {
		life->trials++;
		if (life->wish != WISH_CONFIRM)
			return false;
		CHECK(rig_confirm(rig) == PSA_SUCCESS);
		life->confirmed = true;
		return false;
	}
	if (state.phase == JOURNAL_INTENT)
		return false;
	if (state.confirmed || state.refused || state.reverted)
		return true;
	if (!life->padded) {
		psa_status_t status = rig_request(rig, life->images, life->wish == WISH_PERMANENT, life->attempts);
		/* BAD_STATE: a torn request reads as one after all, and stands. */
		CHECK(status == PSA_SUCCESS || (status == PSA_ERROR_BAD_STATE && is_doubtful(sim_power_where(&rig->power))));
	}
	return false;
}

static void live(void *context)
{
	struct life *life = context;
	for (unsigned boots = 0; boots < 12; boots++) {
		CHECK_THAT(rig_boot(&life->rig) == BOOT_START, "%s: does not boot:\n%s", sim_power_where(&life->rig.power),
			   life->rig.said);
		if (application(life))
			return;
	}
	CHECK_THAT(false, "%s: no end", sim_power_where(&life->rig.power));
}

static void switch_on_new(void *context)
{
	struct life *life = context;
	rig_copy(&life->rig, life->template);
	life->confirmed = false;
	life->trials = 0;
}

static void check_end(void *context, bool cut)
{
	struct life *life = context;
	struct rig *rig = &life->rig;
	const char *where = sim_power_where(&rig->power);
	bool new = stays(life);
	struct journal_state state = rig_state(rig);
	/* An attempt that was cut off is used up: with one attempt, a set can be reverted that would have confirmed itself. */
	bool may_revert = cut && life->wish == WISH_CONFIRM && state.reverted && life->attempts == 1;
	CHECK_THAT(runs(life, new) || may_revert, "%s: %u and %u run at the end", where, rig->version[0], rig->version[1]);
	CHECK_THAT(state.phase == JOURNAL_IDLE, "%s: phase %d", where, state.phase);
	CHECK_THAT(cut || new || life->wish != WISH_SILENCE || life->trials == life->attempts, "%u trials", life->trials);
	uint32_t before = rig->power.changes;
	CHECK(rig_boot(rig) == BOOT_START);
	before = rig->power.changes;
	CHECK(rig_boot(rig) == BOOT_START);
	CHECK_THAT(rig->power.changes == before || is_doubtful(where), "%s: an idle boot writes", where);
	/* What a cut leaves behind may read as blank and not be: the flash then says no, and another place is taken. */
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		CHECK_THAT(rig->primary[i].breaches + rig->secondary[i].breaches == 0 || !rig->primary[i].strict, "%s", where);
}

/* By night (MERLON_NIGHTLY) every pair of the lives that are short, and 10,000 chains for each mode. */
enum { LIVES_OF_A_MODE = 9, NIGHTLY_CHAINS = 10000 / LIVES_OF_A_MODE + 1, CHAINS = 25 };

static bool by_night(void)
{
	return getenv("MERLON_NIGHTLY") != NULL;
}

static void run_lives(struct life *life, unsigned pairs)
{
	static struct rig template;
	static const uint8_t versions[2] = { 1, 2 };
	rig_init_product(&template, OTP_LIFECYCLE_SECURED, life->product);
	rig_init_product(&life->rig, OTP_LIFECYCLE_SECURED, life->product);
	life->rig.power.whole_readings = true;
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		struct rig_image spec = { .image = image, .major = versions[0], .counter = 1 };
		rig_flash(&template, false, &spec);
		spec = (struct rig_image) {
			.image = image, .major = versions[1], .counter = 2, .payload_size = image == 0 ? 700 : 1700
		};
		spec.spoil_signature = life->wish == WISH_REFUSED && image == 1;
		rig_flash(&template, true, &spec);
		if (life->padded && (life->images >> image & 1) != 0)
			rig_pad(&template, image, life->wish == WISH_PERMANENT);
	}
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		CHECK(otp_counter_raise(&template.otp.medium, image, 1) == PSA_SUCCESS);
	life->template = &template;
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		life->rig.primary[i].strict = life->rig.secondary[i].strict = false;
	life->rig.journal.strict = life->rig.otp.strict = false;
	struct sim_campaign campaign =
		sim_cut_everywhere(&(struct sim_scenario) { .power = &life->rig.power,
							    .context = life,
							    .setup = switch_on_new,
							    .body = live,
							    .recover = live,
							    .check = check_end,
							    .pairs = by_night() && life->is_short ? SIM_PAIRS_ALL : pairs,
							    .chains = by_night() ? NIGHTLY_CHAINS : CHAINS,
							    .marginal = true });
	CHECK(campaign.cuts >= 15 && (pairs == 0 || campaign.pairs > 0));
	rig_deinit(&life->rig);
	rig_deinit(&template);
}

enum { PAIRS = 1500 };

TEST(update_of_both_confirmed, CLAIM("boot.confirm.atomic"), POWER_CUT)
{
	static struct life life;
	life = (struct life) { .product = &rig_swap, .wish = WISH_CONFIRM, .images = 3, .attempts = 1 };
	run_lives(&life, PAIRS);
}

TEST(update_of_both_confirmed_in_two_attempts, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	life = (struct life) { .product = &rig_swap, .wish = WISH_CONFIRM, .images = 3, .attempts = 3 };
	run_lives(&life, PAIRS);
}

TEST(update_of_both_reverted, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	life = (struct life) { .product = &rig_swap, .wish = WISH_SILENCE, .images = 3, .attempts = 2 };
	run_lives(&life, PAIRS);
}

TEST(update_of_each_image_alone, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	for (uint8_t images = 1; images <= 2; images++) {
		for (unsigned wish = WISH_CONFIRM; wish <= WISH_SILENCE; wish++) {
			life = (struct life) { .product = &rig_swap, .wish = (enum wish)wish, .images = images, .attempts = 1 };
			run_lives(&life, PAIRS / 4);
		}
	}
}

TEST(padded_set, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	life = (struct life) { .product = &rig_swap, .wish = WISH_CONFIRM, .images = 3, .attempts = 1, .padded = true };
	run_lives(&life, PAIRS / 4);
}

TEST(permanent_set, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	for (unsigned padded = 0; padded < 2; padded++) {
		life = (struct life) {
			.product = &rig_swap, .wish = WISH_PERMANENT, .images = 3, .attempts = 1, .padded = padded != 0
		};
		run_lives(&life, PAIRS / 4);
	}
}

TEST(refused_set, CLAIM("boot.swap.power_cut"), POWER_CUT)
{
	static struct life life;
	for (unsigned padded = 0; padded < 2; padded++) {
		life = (struct life) {
			.product = &rig_swap, .wish = WISH_REFUSED, .images = 3, .attempts = 1, .padded = padded != 0
		};
		run_lives(&life, PAIRS / 4);
	}
}

/* The other modes, through the same lives. */
static void run_all_lives(const struct rig_product *product, unsigned pairs)
{
	static struct life life;
	for (unsigned wish = WISH_CONFIRM; wish <= WISH_PERMANENT; wish++) {
		for (unsigned padded = 0; padded < 2; padded++) {
			if (padded != 0 && wish == WISH_SILENCE)
				continue; /* the same as asked for by the application */
			life = (struct life) { .product = product,
					       .wish = (enum wish)wish,
					       .images = 3,
					       .attempts = wish == WISH_SILENCE ? 2 : 1,
					       .padded = padded != 0,
					       .is_short = product == &rig_xip };
			run_lives(&life, pairs);
		}
	}
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		life = (struct life) { .product = product, .wish = WISH_CONFIRM, .images = (uint8_t)(1u << image), .attempts = 1 };
		run_lives(&life, pairs);
	}
}

TEST(overwriting, CLAIM("boot.overwrite.power_cut"), POWER_CUT)
{
	run_all_lives(&rig_overwrite, PAIRS / 4);
}

TEST(switching_slots, CLAIM("boot.xip.power_cut"), POWER_CUT)
{
	run_all_lives(&rig_xip, PAIRS / 4);
}

TEST(swapping_between_sectors_of_two_sizes, CLAIM("boot.swap.external"), POWER_CUT)
{
	run_all_lives(&rig_swap_external, PAIRS / 8);
}

/* A device on trial, and nothing else in the way: the confirm alone is cut. */
static void confirm(void *context)
{
	struct life *life = context;
	CHECK(rig_confirm(&life->rig) == PSA_SUCCESS);
	life->confirmed = true;
}

static void check_both_or_none(void *context, bool cut)
{
	struct life *life = context;
	struct rig *rig = &life->rig;
	CHECK(rig_boot(rig) == BOOT_START);
	struct journal_state state = rig_state(rig);
	check_invariants(life, &state);
	CHECK_THAT(state.phase == JOURNAL_IDLE && state.confirmed == runs(life, true) && state.reverted == runs(life, false),
		   "%s: phase %d", sim_power_where(&rig->power), state.phase);
	CHECK(cut || state.confirmed);
}

TEST(one_unit_confirms_both_images, CLAIM("boot.confirm.atomic"), POWER_CUT)
{
	static struct life life;
	static struct rig on_trial;
	life = (struct life) { .product = &rig_swap, .wish = WISH_CONFIRM, .images = 3, .template = &on_trial };
	rig_init(&on_trial, OTP_LIFECYCLE_SECURED);
	rig_init(&life.rig, OTP_LIFECYCLE_SECURED);
	life.rig.power.whole_readings = true;
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		rig_flash(&on_trial, false, &(struct rig_image) { .image = image, .major = 1, .counter = 1 });
		rig_flash(&on_trial, true, &(struct rig_image) { .image = image, .major = 2, .counter = 2 });
		life.rig.primary[image].strict = false;
	}
	life.rig.journal.strict = false;
	CHECK(rig_request(&on_trial, 3, false, 1) == PSA_SUCCESS);
	CHECK(rig_boot(&on_trial) == BOOT_START);
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &life.rig.power,
										   .context = &life,
										   .setup = switch_on_new,
										   .body = confirm,
										   .check = check_both_or_none,
										   .marginal = true });
	CHECK(campaign.cuts >= 4 * SIM_TEAR_COUNT); /* confirm, seal, and image_ok of each trailer */
	rig_deinit(&life.rig);
	rig_deinit(&on_trial);
}
