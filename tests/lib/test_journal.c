/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/journal.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <string.h>

enum { HALF = 4096 };

static struct sim_flash flash;
static struct journal journal;

static void begin(uint32_t half)
{
	if (flash.cells != NULL)
		sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, 2 * half, half, LOG_UNIT_SIZE);
	CHECK(journal_open(&journal, &flash.medium) == PSA_SUCCESS);
}

static void reopen(void)
{
	struct journal_state before = journal.state;
	CHECK(journal_open(&journal, &flash.medium) == PSA_SUCCESS);
	CHECK(memcmp(&before, &journal.state, sizeof before) == 0);
}

static void steps(uint8_t images, unsigned count)
{
	for (uint8_t image = 0; image < IMAGE_COUNT; image++)
		for (unsigned i = 0; (images >> image & 1) != 0 && i < 2 * count; i++)
			CHECK(journal_step(&journal, image) == PSA_SUCCESS);
}

/* A whole update, reopened after every transition, with halves so small that every transition rotates somewhere. */
static void whole_update(uint32_t half, bool confirm)
{
	const uint16_t sectors[IMAGE_COUNT] = { 3, 3 };
	begin(half);
	for (unsigned round = 0; round < 12; round++) {
		uint8_t images = (uint8_t)(1 + round % 3);
		CHECK(journal_request(&journal, images, false, 2) == PSA_SUCCESS);
		reopen();
		CHECK(journal_begin_swap(&journal, sectors) == PSA_SUCCESS);
		reopen();
		CHECK_EQ(journal.state.phase, JOURNAL_SWAPPING);
		CHECK(journal_begin_trial(&journal) == PSA_ERROR_BAD_STATE);
		steps(images, 3);
		reopen();
		CHECK(journal_begin_trial(&journal) == PSA_SUCCESS);
		reopen();
		CHECK(journal_attempt(&journal) == PSA_SUCCESS);
		reopen();
		CHECK_EQ(journal.state.attempts_used, 1);
		if (confirm) {
			CHECK(journal_confirm(&journal) == PSA_SUCCESS);
			CHECK(journal.state.confirmed);
		} else {
			CHECK(journal_begin_revert(&journal, 1, REFUSAL_UNCONFIRMED) == PSA_SUCCESS);
			reopen();
			CHECK(journal_end_revert(&journal) == PSA_ERROR_BAD_STATE);
			steps(images, 3);
			reopen();
			CHECK(journal_end_revert(&journal) == PSA_SUCCESS);
			CHECK(journal.state.reverted && journal.state.refusal == REFUSAL_UNCONFIRMED &&
			      journal.state.refused_image == 1);
		}
		reopen();
		CHECK_EQ(journal.state.phase, JOURNAL_IDLE);
		CHECK_EQ(journal.state.images, images);
	}
}

TEST(update_confirm, CLAIM("lib.journal.states"), FUNCTIONAL)
{
	for (uint32_t half = 128; half <= 512; half += 8)
		whole_update(half, true);
}

TEST(update_revert, CLAIM("lib.journal.states"), FUNCTIONAL)
{
	for (uint32_t half = 128; half <= 512; half += 8)
		whole_update(half, false);
}

TEST(refuse_and_withdraw, CLAIM("lib.journal.states"), FUNCTIONAL)
{
	begin(HALF);
	CHECK(journal_request(&journal, 2, true, 1) == PSA_SUCCESS);
	CHECK(journal_request(&journal, 2, true, 1) == PSA_ERROR_BAD_STATE);
	CHECK(journal.state.permanent);
	CHECK(journal_refuse(&journal, 1, REFUSAL_DEPENDENCY) == PSA_SUCCESS);
	CHECK(journal.state.refused && journal.state.refused_image == 1 && journal.state.refusal == REFUSAL_DEPENDENCY);
	reopen();
	CHECK(journal_request(&journal, 3, false, 1) == PSA_SUCCESS);
	CHECK(journal_withdraw(&journal) == PSA_SUCCESS);
	CHECK_EQ(journal.state.images, 0);
	reopen();
}

/* Small halves: the number has to pass through every snapshot. */
TEST(sets_are_numbered, CLAIM("lib.journal.set_number"), PROPERTY)
{
	begin(128);
	for (unsigned i = 0; i < 2 * JOURNAL_SET_MAX; i++) {
		uint8_t expected = (uint8_t)(i % JOURNAL_SET_MAX + 1);
		CHECK_EQ(journal_next_set(&journal), expected);
		CHECK(journal_request(&journal, 1, false, 255) == PSA_SUCCESS);
		CHECK_EQ(journal.state.set, expected);
		CHECK_EQ(journal.state.attempts_allowed, 255);
		reopen();
		CHECK((i % 2 == 0 ? journal_withdraw(&journal) : journal_refuse(&journal, 0, REFUSAL_HASH)) == PSA_SUCCESS);
		CHECK_EQ(journal.state.set, expected);
		reopen();
	}
}

/* Every call in every phase: allowed exactly where the page says. */
TEST(each_call_in_each_phase, CLAIM("lib.journal.states"), PROPERTY)
{
	enum { REQUEST, REFUSE, WITHDRAW, BEGIN_SWAP, STEP, BEGIN_TRIAL, ATTEMPT, CONFIRM, BEGIN_REVERT, END_REVERT, CALLS };
	static const unsigned allowed[JOURNAL_PHASE_COUNT] = {
		[JOURNAL_IDLE] = 1u << REQUEST,   [JOURNAL_INTENT] = 1u << REFUSE | 1u << WITHDRAW | 1u << BEGIN_SWAP,
		[JOURNAL_SWAPPING] = 1u << STEP,  [JOURNAL_TRIAL] = 1u << ATTEMPT | 1u << CONFIRM | 1u << BEGIN_REVERT,
		[JOURNAL_REVERTING] = 1u << STEP,
	};
	const uint16_t sectors[IMAGE_COUNT] = { 1, 0 };
	for (unsigned phase = 0; phase < JOURNAL_PHASE_COUNT; phase++) {
		for (unsigned call = 0; call < CALLS; call++) {
			begin(HALF);
			if (phase >= JOURNAL_INTENT)
				CHECK(journal_request(&journal, 1, false, 1) == PSA_SUCCESS);
			if (phase >= JOURNAL_SWAPPING)
				CHECK(journal_begin_swap(&journal, sectors) == PSA_SUCCESS);
			if (phase >= JOURNAL_TRIAL)
				steps(1, 1);
			if (phase >= JOURNAL_TRIAL)
				CHECK(journal_begin_trial(&journal) == PSA_SUCCESS);
			if (phase == JOURNAL_REVERTING)
				CHECK(journal_begin_revert(&journal, 0, REFUSAL_HASH) == PSA_SUCCESS);
			CHECK_EQ(journal.state.phase, phase);
			psa_status_t status = call == REQUEST        ? journal_request(&journal, 1, false, 1)
					      : call == REFUSE       ? journal_refuse(&journal, 0, REFUSAL_HASH)
					      : call == WITHDRAW     ? journal_withdraw(&journal)
					      : call == BEGIN_SWAP   ? journal_begin_swap(&journal, sectors)
					      : call == STEP         ? journal_step(&journal, 0)
					      : call == BEGIN_TRIAL  ? journal_begin_trial(&journal)
					      : call == ATTEMPT      ? journal_attempt(&journal)
					      : call == CONFIRM      ? journal_confirm(&journal)
					      : call == BEGIN_REVERT ? journal_begin_revert(&journal, 0, REFUSAL_HASH)
								     : journal_end_revert(&journal);
			psa_status_t want = (allowed[phase] >> call & 1) != 0 ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
			CHECK_THAT(status == want, "phase %u, call %u: %d", phase, call, status);
		}
	}
}

/* 250 sectors in all, from every fill level of the journal: at most one erase until the confirm. */
TEST(one_erase_per_set, CLAIM("lib.journal.erases"), PROPERTY)
{
	const uint16_t sectors[IMAGE_COUNT] = { 125, 125 };
	struct sim_flash saved;
	sim_flash_init(&saved, NULL, 2 * HALF, HALF, LOG_UNIT_SIZE);
	begin(HALF);
	for (unsigned fill = 0; fill < 260; fill++) {
		CHECK(journal_request(&journal, 3, false, 1) == PSA_SUCCESS); /* two units, and two more: another fill each time */
		CHECK(journal_refuse(&journal, 0, REFUSAL_HASH) == PSA_SUCCESS);
		sim_flash_copy(&saved, &flash);
		struct journal at = journal;
		unsigned before = flash.erases;
		CHECK(journal_request(&journal, 3, false, 1) == PSA_SUCCESS);
		CHECK(journal_open(&journal, &flash.medium) == PSA_SUCCESS); /* the reboot in between */
		CHECK(journal_begin_swap(&journal, sectors) == PSA_SUCCESS);
		steps(3, 125);
		CHECK(journal_begin_trial(&journal) == PSA_SUCCESS);
		CHECK(journal_attempt(&journal) == PSA_SUCCESS);
		CHECK(journal_open(&journal, &flash.medium) == PSA_SUCCESS); /* the Secure image's own view */
		CHECK(journal_confirm(&journal) == PSA_SUCCESS);
		CHECK_THAT(flash.erases - before <= 1, "fill %u: %u erases", fill, flash.erases - before);
		sim_flash_copy(&flash, &saved);
		journal = at;
	}
	sim_flash_deinit(&saved);
}

TEST(blank_and_torn_first_header_are_idle, CLAIM("lib.journal.any-bytes"), MALFORMED)
{
	begin(HALF);
	CHECK_EQ(journal.state.phase, JOURNAL_IDLE);
	CHECK_EQ(journal.state.images, 0);
	memset(flash.cells, 0x5a, 6);
	CHECK(journal_open(&journal, &flash.medium) == PSA_SUCCESS);
	CHECK(journal_request(&journal, 1, false, 1) == PSA_SUCCESS);
	reopen();
}

TEST(garbage_is_corrupt, CLAIM("lib.journal.any-bytes"), MALFORMED)
{
	begin(HALF);
	memset(flash.cells + 64, 0, 1000);
	CHECK(journal_open(&journal, &flash.medium) == PSA_ERROR_DATA_CORRUPT);
}

/* One unit of a long journal becomes unreadable: the state is the same (a seal stands in), or the loss is said. Never another. */
TEST(lost_unit_is_noticed, CLAIM("lib.journal.lost-unit"), MALFORMED)
{
	const uint16_t sectors[IMAGE_COUNT] = { 2, 2 };
	unsigned noticed = 0;
	for (uint32_t lost = 0; lost < 60; lost++) {
		begin(HALF);
		CHECK(journal_request(&journal, 3, false, 1) == PSA_SUCCESS);
		CHECK(journal_begin_swap(&journal, sectors) == PSA_SUCCESS);
		steps(3, 2);
		CHECK(journal_begin_trial(&journal) == PSA_SUCCESS);
		CHECK(journal_attempt(&journal) == PSA_SUCCESS);
		CHECK(journal_confirm(&journal) == PSA_SUCCESS);
		memset(flash.cells + lost * LOG_UNIT_SIZE, 0x11, LOG_UNIT_SIZE);
		psa_status_t status = journal_open(&journal, &flash.medium);
		CHECK_THAT(status == PSA_ERROR_DATA_CORRUPT || (journal.state.phase == JOURNAL_IDLE && journal.state.confirmed),
			   "unit %u: status %d, phase %d", lost, status, journal.state.phase);
		noticed += status == PSA_ERROR_DATA_CORRUPT;
	}
	CHECK(noticed > 5);
}
