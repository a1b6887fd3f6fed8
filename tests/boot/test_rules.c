/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/boot/rules.h>
#include <merlon/test.h>

/* Calls `visit` for every state there is: one bit in each column. */
static void each_state(void (*visit)(const struct boot_view *view))
{
	for (unsigned phase = 1; phase < VIEW_PHASE_ANY; phase <<= 1)
		for (unsigned request = 1; request < REQUEST_ANY; request <<= 1)
			for (unsigned candidates = 1; candidates < CANDIDATES_ANY; candidates <<= 1)
				for (unsigned primaries = 1; primaries < PRIMARIES_ANY; primaries <<= 1)
					for (unsigned trial = 1; trial < TRIAL_ANY; trial <<= 1)
						visit(&(struct boot_view) {
							(enum boot_phase_view)phase, (enum boot_request_view)request,
							(enum boot_candidates_view)candidates, (enum boot_primaries_view)primaries,
							(enum boot_trial_view)trial });
}

static unsigned states, seen[DECISION_COUNT];

static void check_one_rule(const struct boot_view *view)
{
	unsigned fired = 0;
	for (size_t i = 0; i < BOOT_RULE_COUNT; i++)
		fired += (boot_rules[i].phase & view->phase) != 0 && (boot_rules[i].request & view->request) != 0 &&
			 (boot_rules[i].candidates & view->candidates) != 0 && (boot_rules[i].primaries & view->primaries) != 0 &&
			 (boot_rules[i].trial & view->trial) != 0;
	CHECK_THAT(fired == 1, "phase %d request %d candidates %d primaries %d trial %d: %u rules", view->phase, view->request,
		   view->candidates, view->primaries, view->trial, fired);
	states++;
	seen[boot_decide(view)]++;
}

TEST(one_rule_for_each_state, CLAIM("boot.swap.rules"), PROPERTY)
{
	states = 0;
	each_state(check_one_rule);
	CHECK_EQ(states, 5 * 2 * 3 * 3 * 3);
	for (unsigned decision = 0; decision < DECISION_COUNT; decision++)
		CHECK_THAT(seen[decision] > 0, "decision %u is never taken", decision);
}

/* Whatever the table says, these may never happen. */
static void check_safe(const struct boot_view *view)
{
	enum boot_decision decision = boot_decide(view);
	bool starts = decision == DECIDE_START || decision == DECIDE_TRY;
	CHECK(!starts || view->primaries == PRIMARIES_GOOD);
	CHECK(!starts || view->phase == VIEW_IDLE || view->phase == VIEW_TRIAL);
	CHECK(decision != DECIDE_START || view->phase == VIEW_IDLE);
	CHECK(decision != DECIDE_TRY || view->trial == ATTEMPTS_LEFT);
	CHECK(decision != DECIDE_BEGIN_SWAP || view->candidates == CANDIDATES_ACCEPTED);
	CHECK(decision != DECIDE_CONFIRM || (view->trial == TRIAL_PERMANENT && view->primaries == PRIMARIES_GOOD));
}

TEST(nothing_unverified_starts, CLAIM("boot.swap.rules"), PROPERTY)
{
	each_state(check_safe);
}
