/* SPDX-License-Identifier: Apache-2.0 */
/* The state model of PSA Firmware Update API 1.0, with the real BL2 between the resets. */
#include "bench.h"
#include <merlon/lib/service_wire.h>
#include <merlon/lib/trailer.h>
#include <merlon/test.h>
#include <string.h>

static struct bench bench;

static const struct rig_image next_secure = { .image = 0, .major = 2, .counter = 2 };
static const struct rig_image next_nonsecure = { .image = 1, .major = 2, .counter = 2 };

#define STATES(a, b)                                                                                                               \
	do {                                                                                                                       \
		CHECK_EQ(bench_state(0), a);                                                                                       \
		CHECK_EQ(bench_state(1), b);                                                                                       \
	} while (0)

TEST(a_set_is_staged_tried_accepted, CLAIM("fwu.state"), FUNCTIONAL)
{
	struct trailer trailer;
	bench_init(&bench);
	STATES(PSA_FWU_READY, PSA_FWU_READY);
	bench_stage(&next_secure);
	STATES(PSA_FWU_CANDIDATE, PSA_FWU_READY);
	bench_stage(&next_nonsecure);
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	STATES(PSA_FWU_STAGED, PSA_FWU_STAGED);
	bench_restart(&bench);
	STATES(PSA_FWU_STAGED, PSA_FWU_STAGED);
	CHECK(bench_boot(&bench));
	STATES(PSA_FWU_TRIAL, PSA_FWU_TRIAL);
	CHECK_EQ(bench_info(0).version.major, 2);
	CHECK_EQ(bench_info(1).version.major, 2);
	CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
	CHECK_EQ(bench.accepted, 1);
	STATES(PSA_FWU_UPDATED, PSA_FWU_UPDATED);
	for (unsigned i = 0; i < 2; i++) { /* the mirror for code that knows MCUboot */
		CHECK_EQ(trailer_read(&bench.rig.primary[i].medium, RIG_SLOT, &trailer), PSA_SUCCESS);
		CHECK(trailer.magic == TRAILER_MAGIC_GOOD && trailer.image_ok == TRAILER_FLAG_SET);
	}
	CHECK(bench_boot(&bench));
	STATES(PSA_FWU_UPDATED, PSA_FWU_UPDATED);
	CHECK_EQ(psa_fwu_clean(0), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
	STATES(PSA_FWU_READY, PSA_FWU_READY);
	CHECK(bench.rig.version[0] == 2 && bench.rig.version[1] == 2);
	bench_deinit(&bench);
}

TEST(without_accept_the_old_images_return, CLAIM("update.revert"), FUNCTIONAL)
{
	bench_init(&bench);
	bench_reach(&bench, PSA_FWU_TRIAL);
	CHECK_EQ(bench.rig.version[1], 2);
	CHECK(bench_boot(&bench));
	CHECK_EQ(bench.rig.version[1], 1);
	psa_fwu_component_info_t info = bench_info(1);
	CHECK_EQ(info.state, PSA_FWU_FAILED);
	CHECK_EQ(info.impl.refusal, REFUSAL_UNCONFIRMED);
	CHECK_EQ(info.error, PSA_ERROR_GENERIC_ERROR);
	CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
	CHECK_EQ(bench_state(1), PSA_FWU_READY);
	bench_deinit(&bench);
}

TEST(a_rejected_set_goes_and_its_error_stays, CLAIM("fwu.state"), FUNCTIONAL)
{
	bench_init(&bench);
	bench_reach(&bench, PSA_FWU_REJECTED);
	CHECK_EQ(bench_info(1).error, -1234);
	CHECK(bench_boot(&bench));
	CHECK_EQ(bench.rig.version[1], 1);
	CHECK_EQ(bench_state(1), PSA_FWU_FAILED);
	CHECK_EQ(bench_info(1).error, -1234);
	CHECK_EQ(bench_info(1).impl.refusal, REFUSAL_REJECTED);
	bench_deinit(&bench);
	bench_init(&bench);
	bench_reach(&bench, PSA_FWU_STAGED);
	CHECK_EQ(psa_fwu_reject(-77), PSA_SUCCESS);
	CHECK_EQ(bench_state(1), PSA_FWU_FAILED);
	CHECK(bench_boot(&bench));
	CHECK_EQ(bench.rig.version[1], 1);
	CHECK_EQ(bench_info(1).error, -77);
	bench_deinit(&bench);
}

/* For every state of component 1: what each call answers. Component 0 is READY. */
enum { QUERY, START, WRITE, FINISH, CANCEL, CLEAN, INSTALL, REJECT, ACCEPT, CALLS };
#define NO PSA_ERROR_BAD_STATE
#define OK PSA_SUCCESS
#define RB PSA_SUCCESS_REBOOT
static const psa_status_t answers[8][CALLS] = {
	/*                       query start write finish cancel clean install reject accept */
	[PSA_FWU_READY] = { OK, OK, NO, NO, NO, NO, NO, NO, NO },     [PSA_FWU_WRITING] = { OK, NO, OK, OK, OK, NO, NO, NO, NO },
	[PSA_FWU_CANDIDATE] = { OK, NO, NO, NO, OK, NO, RB, NO, NO }, [PSA_FWU_STAGED] = { OK, NO, NO, NO, NO, NO, NO, OK, NO },
	[PSA_FWU_FAILED] = { OK, NO, NO, NO, NO, OK, NO, NO, NO },    [PSA_FWU_TRIAL] = { OK, NO, NO, NO, NO, NO, NO, RB, OK },
	[PSA_FWU_REJECTED] = { OK, NO, NO, NO, NO, NO, NO, NO, NO },  [PSA_FWU_UPDATED] = { OK, NO, NO, NO, NO, OK, NO, NO, NO },
};

static psa_status_t call(unsigned which)
{
	static const uint8_t block[8] = { 0x3d, 0xb8, 0xf3,
					  0x96 }; /* what the image begins with: written again, it changes nothing */
	psa_fwu_component_info_t info;
	switch (which) {
	case QUERY:
		return psa_fwu_query(1, &info);
	case START:
		return psa_fwu_start(1, NULL, 0);
	case WRITE:
		return psa_fwu_write(1, 0, block, sizeof block);
	case FINISH:
		return psa_fwu_finish(1);
	case CANCEL:
		return psa_fwu_cancel(1);
	case CLEAN:
		return psa_fwu_clean(1);
	case INSTALL:
		return psa_fwu_install();
	case REJECT:
		return psa_fwu_reject(0);
	default:
		return psa_fwu_accept();
	}
}

TEST(every_call_in_every_state, CLAIM("fwu.state"), PROPERTY)
{
	for (uint8_t state = 0; state < 8; state++) {
		for (unsigned which = 0; which < CALLS; which++) {
			bench_init(&bench);
			bench_reach(&bench, state);
			CHECK_EQ(bench_state(1), state);
			psa_status_t status = call(which);
			CHECK_THAT(status == answers[state][which], "state %u, call %u: %d", state, which, (int)status);
			if (status < 0)
				CHECK_EQ(bench_state(1), state);
			uint8_t after = bench_state(1);
			bench_restart(&bench);
			CHECK_THAT(bench_state(1) == after, "state %u, call %u: %u is %u after a reset", state, which, after,
				   bench_state(1));
			bench_deinit(&bench);
		}
	}
}

TEST(there_are_two_components, CLAIM("fwu.state"), MALFORMED)
{
	psa_fwu_component_info_t info;
	bench_init(&bench);
	for (unsigned component = 2; component < 256; component++) {
		CHECK_EQ(psa_fwu_query((uint8_t)component, &info), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_fwu_start((uint8_t)component, NULL, 0), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_fwu_write((uint8_t)component, 0, &info, 8), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_fwu_finish((uint8_t)component), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_fwu_cancel((uint8_t)component), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_fwu_clean((uint8_t)component), PSA_ERROR_DOES_NOT_EXIST);
	}
	CHECK_EQ(psa_fwu_start(1, &info, 1), PSA_ERROR_INVALID_ARGUMENT);
	info = bench_info(1);
	CHECK(info.flags == 0 && info.max_size == RIG_SLOT - RIG_UNIT && info.location == 1);
	CHECK_EQ(psa_fwu_request_reboot(), PSA_SUCCESS);
	CHECK_EQ(bench.reboots, 1);
	bench_deinit(&bench);
}

/* A component belongs to the client that started it, also after a reset. */
TEST(only_the_owner_changes_a_component, CLAIM("fwu.owner"), ATTACK)
{
	static const int32_t strangers[] = { OTHER_CLIENT, PARTITION_CLIENT };
	for (uint8_t state = PSA_FWU_WRITING; state < 8; state++) {
		for (unsigned which = START; which < CALLS; which++) {
			for (unsigned i = 0; i < 2; i++) {
				bench_init(&bench);
				bench_reach(&bench, state);
				bench_restart(&bench);
				spm_client = strangers[i];
				psa_status_t expected = answers[state][which] >= 0 ? PSA_ERROR_NOT_PERMITTED : PSA_ERROR_BAD_STATE;
				psa_status_t status = call(which);
				CHECK_THAT(status == expected, "state %u, call %u: %d", state, which, (int)status);
				CHECK_EQ(bench_state(1), state);
				bench_deinit(&bench);
			}
		}
	}
}

/* A set that was put into the slots from outside has no owner: whoever runs may accept it. */
TEST(a_set_from_outside_can_be_accepted, CLAIM("fwu.state"), FUNCTIONAL)
{
	bench_init(&bench);
	rig_flash(&bench.rig, true, &next_nonsecure);
	rig_pad(&bench.rig, 1, false);
	CHECK(bench_boot(&bench));
	STATES(PSA_FWU_READY, PSA_FWU_TRIAL);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_ERROR_BAD_STATE);
	CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
	STATES(PSA_FWU_READY, PSA_FWU_READY);
	CHECK(bench_boot(&bench));
	CHECK_EQ(bench.rig.version[1], 2);
	bench_deinit(&bench);
}

/* Garbage in the log costs a transfer, not the updates to come, and says nothing about what runs. */
TEST(a_spoilt_log_is_given_up, CLAIM("fwu.log.spoilt"), MALFORMED)
{
	for (uint8_t state = PSA_FWU_WRITING; state < 8; state++) {
		bench_init(&bench);
		bench_reach(&bench, state);
		for (unsigned i = 0; i < 2 * BENCH_LOG_HALF; i++)
			bench.state.cells[i] = (uint8_t)(i * 37 + 11);
		bench_restart(&bench);
		bool of_set = state == PSA_FWU_STAGED || state == PSA_FWU_TRIAL || state == PSA_FWU_REJECTED;
		CHECK_EQ(bench_state(1), of_set ? state : PSA_FWU_READY);
		if (state == PSA_FWU_TRIAL)
			CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
		else if (!of_set)
			bench_stage(&next_nonsecure);
		bench_deinit(&bench);
	}
}

/* The journal is another matter: without it nothing is known, and nothing is changed. */
TEST(without_a_journal_nothing_is_served, CLAIM("fwu.log.spoilt"), MALFORMED)
{
	psa_fwu_component_info_t info;
	bench_init(&bench);
	bench_reach(&bench, PSA_FWU_STAGED);
	for (unsigned i = 0; i < bench.rig.journal.medium.size; i++)
		bench.rig.journal.cells[i] = (uint8_t)(i * 37 + 11);
	bench_restart(&bench);
	CHECK_EQ(psa_fwu_query(1, &info), PSA_ERROR_DATA_CORRUPT);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_ERROR_DATA_CORRUPT);
	CHECK_EQ(psa_fwu_accept(), PSA_ERROR_DATA_CORRUPT);
	bench_deinit(&bench);
}
