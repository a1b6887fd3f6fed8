/* SPDX-License-Identifier: Apache-2.0 */
/* The journal under libFuzzer: any bytes lead to a state or to a refusal; a state stays the same when it is read again, and goes on. */
#include "journal_units.h"
#include <merlon/lib/journal.h>
#include <merlon/sim/flash.h>
#include <stdio.h>
#include <stdlib.h>

enum { HALF = 512 };

/* Names the place: a corpus is read by people, too. */
#define check(holds) ((holds) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds), abort()))

static void check_state(const struct journal_state *state)
{
	check(state->phase < JOURNAL_PHASE_COUNT && state->images < 1 << IMAGE_COUNT);
	check(state->phase == JOURNAL_IDLE || (state->images != 0 && state->attempts_allowed > 0));
	check(state->attempts_used <= state->attempts_allowed && state->refused_image < IMAGE_COUNT);
	check(state->confirmed + state->refused + state->reverted <= (state->phase == JOURNAL_IDLE));
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		check(state->steps_done[i] <= 2 * state->sectors[i]);
}

/* The shortest way from any phase back to idle and through one more request. */
static void go_on(struct journal *journal)
{
	const uint16_t sectors[IMAGE_COUNT] = { 2, 2 };
	const struct journal_state *state = &journal->state;
	if (state->phase == JOURNAL_INTENT)
		check(journal_begin_swap(journal, sectors) == PSA_SUCCESS);
	if (state->phase == JOURNAL_SWAPPING && state->sectors[0] + state->sectors[1] < 100) {
		for (uint8_t i = 0; i < IMAGE_COUNT; i++)
			while ((state->images >> i & 1) != 0 && state->steps_done[i] < 2 * state->sectors[i])
				check(journal_step(journal, i) == PSA_SUCCESS);
		check(journal_begin_trial(journal) == PSA_SUCCESS);
	}
	if (state->phase == JOURNAL_TRIAL)
		check(journal_confirm(journal) == PSA_SUCCESS);
	if (state->phase == JOURNAL_IDLE)
		check(journal_request(journal, 1, false, 1) == PSA_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_flash flash;
	struct journal journal;
	sim_flash_init(&flash, NULL, 2 * HALF, HALF, LOG_UNIT_SIZE);
	flash.strict = false;
	(void)journal_from_input(flash.cells, 2 * HALF, data, size);
	if (journal_open(&journal, &flash.medium) == PSA_SUCCESS) {
		struct journal_state first = journal.state;
		check_state(&first);
		check(journal_settle(&journal) == PSA_SUCCESS);
		check(journal_open(&journal, &flash.medium) == PSA_SUCCESS);
		check(memcmp(&first, &journal.state, sizeof first) == 0);
		go_on(&journal);
		first = journal.state;
		check(journal_open(&journal, &flash.medium) == PSA_SUCCESS);
		check(memcmp(&first, &journal.state, sizeof first) == 0);
	}
	sim_flash_deinit(&flash);
	return 0;
}
