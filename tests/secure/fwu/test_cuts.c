/* SPDX-License-Identifier: Apache-2.0 */
/* Power cut at every flash operation of every call; then BL2 starts the device and the client goes on as its states say. */
#include "bench.h"
#include <merlon/test.h>

static struct bench bench, before;

static const struct rig_image images[IMAGE_COUNT] = { { .image = 0, .major = 2, .counter = 2 },
						      { .image = 1, .major = 2, .counter = 2 } };

/* Both components, from whatever state, up to an accepted set: what an agent does after each start. */
static void stage(uint8_t component)
{
	psa_fwu_component_info_t info = bench_info(component);
	if (info.state == PSA_FWU_FAILED) {
		CHECK_EQ(psa_fwu_clean(component), PSA_SUCCESS);
		info = bench_info(component);
	}
	if (info.state == PSA_FWU_READY) {
		CHECK_EQ(psa_fwu_start(component, NULL, 0), PSA_SUCCESS);
		info = bench_info(component);
	}
	if (info.state == PSA_FWU_WRITING) {
		CHECK_EQ(bench_write(&images[component], info.impl.resume_offset, 304), PSA_SUCCESS);
		CHECK_EQ(psa_fwu_finish(component), PSA_SUCCESS);
	}
}

static void update(void)
{
	stage(0);
	stage(1);
	if (bench_state(0) == PSA_FWU_CANDIDATE)
		CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
}

static void body_stage(void *context)
{
	(void)context;
	stage(0);
	stage(1);
}

static void body_install(void *context)
{
	(void)context;
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
}

static void body_accept(void *context)
{
	(void)context;
	CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
}

static void body_reject(void *context)
{
	(void)context;
	CHECK(psa_fwu_reject(-5) >= 0);
}

static void body_cancel_and_clean(void *context)
{
	(void)context;
	CHECK_EQ(psa_fwu_cancel(1), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
}

static void setup(void *context)
{
	(void)context;
	bench_copy(&bench, &before);
	/* A torn unit may read as whole, old or new, and as blank: then programming it is answered with an error. */
	bench.rig.power.whole_readings = true;
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		bench.rig.primary[i].strict = bench.rig.secondary[i].strict = false;
	bench.rig.journal.strict = bench.rig.otp.strict = bench.state.strict = false;
}

static void recover(void *context)
{
	(void)context;
	CHECK_THAT(bench_boot(&bench), "the device does not start: %s; %s", sim_power_where(&bench.rig.power), bench.rig.said);
}

/* Whatever was cut: one version of both images, and an update that starts now gets to its end. */
static void check(void *context, bool cut)
{
	(void)context, (void)cut;
	recover(NULL);
	for (unsigned round = 0; round < 4 && bench_state(0) != PSA_FWU_UPDATED; round++) {
		CHECK_THAT(bench.rig.version[0] == bench.rig.version[1], "%u and %u run: %s", bench.rig.version[0],
			   bench.rig.version[1], sim_power_where(&bench.rig.power));
		if (bench_state(0) == PSA_FWU_TRIAL)
			CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
		else
			update();
		recover(NULL);
	}
	CHECK_THAT(bench_state(0) == PSA_FWU_UPDATED && bench_state(1) == PSA_FWU_UPDATED, "states %u and %u: %s", bench_state(0),
		   bench_state(1), sim_power_where(&bench.rig.power));
	CHECK(bench.rig.version[0] == 2 && bench.rig.version[1] == 2);
}

static void campaign(void (*body)(void *context), unsigned pairs)
{
	struct sim_campaign done = sim_cut_everywhere(&(struct sim_scenario) { .power = &bench.rig.power,
									       .setup = setup,
									       .body = body,
									       .recover = recover,
									       .check = check,
									       .pairs = pairs,
									       .marginal = true });
	CHECK(done.cuts > 0);
}

static void begin(void)
{
	bench_init(&bench);
	bench_init(&before);
}

static void end(void)
{
	bench_deinit(&bench);
	bench_deinit(&before);
}

TEST(writing_and_finishing, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	campaign(body_stage, 300);
	end();
}

TEST(installing, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	bench_stage(&images[0]);
	bench_stage(&images[1]);
	campaign(body_install, 300);
	end();
}

/* The request was made or it was not: never does the outcome of an older set pass for that of this one. */
static void check_install(void *context, bool cut)
{
	(void)context, (void)cut;
	bench_restart(&bench);
	uint8_t state = bench_state(0);
	bool asked = rig_state(&bench.rig).phase == JOURNAL_INTENT;
	CHECK_THAT(state == (asked ? PSA_FWU_STAGED : PSA_FWU_CANDIDATE) && bench_state(1) == state, "%u and %u: %s", state,
		   bench_state(1), sim_power_where(&bench.rig.power));
}

TEST(a_cut_install_is_asked_or_not, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	update();
	CHECK_EQ(psa_fwu_reject(-9), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_clean(0), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
	bench_stage(&images[0]);
	bench_stage(&images[1]);
	CHECK(sim_cut_everywhere(&(struct sim_scenario) {
					 .power = &bench.rig.power, .setup = setup, .body = body_install, .check = check_install })
		      .cuts > 0);
	end();
}

TEST(accepting, CLAIM("boot.confirm.atomic"), POWER_CUT)
{
	begin();
	update();
	CHECK(bench_boot(&before));
	CHECK_EQ(bench_state(0), PSA_FWU_TRIAL);
	campaign(body_accept, 100);
	end();
}

TEST(rejecting_what_is_staged, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	update();
	campaign(body_reject, 100);
	end();
}

TEST(rejecting_what_is_on_trial, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	update();
	CHECK(bench_boot(&before));
	campaign(body_reject, 100);
	end();
}

TEST(cancelling, CLAIM("fwu.power_cut"), POWER_CUT)
{
	begin();
	stage(1);
	campaign(body_cancel_and_clean, 100);
	end();
}

/* A log that is about to rotate rotates in the middle of each of these. */
TEST(every_fill_level_of_the_log, CLAIM("fwu.power_cut"), POWER_CUT)
{
	for (unsigned rounds = 1; rounds < 9; rounds++) {
		begin();
		for (unsigned i = 0; i < rounds; i++) {
			CHECK_EQ(psa_fwu_start(0, NULL, 0), PSA_SUCCESS);
			CHECK_EQ(psa_fwu_cancel(0), PSA_SUCCESS);
			CHECK_EQ(psa_fwu_clean(0), PSA_SUCCESS);
		}
		bench_stage(&images[0]);
		bench_stage(&images[1]);
		campaign(body_install, 0);
		end();
	}
}
