/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/boot/rules.h>
#include <merlon/test.h>

/* Calls `visit` for every state there is: one bit in each column. */
static void each_state(void (*visit)(uint32_t view))
{
	static const uint32_t columns[] = { VIEW_PHASE_ANY, REQUEST_ANY, CANDIDATES_ANY, PRIMARIES_ANY, TRIAL_ANY };
	for (uint32_t view = 0; view <= UINT16_MAX; view++) {
		bool is_state = true;
		for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
			uint32_t bits = view & columns[i];
			is_state = is_state && bits != 0 && (bits & (bits - 1)) == 0;
		}
		if (is_state)
			visit(view);
	}
}

static unsigned states, seen[DECISION_COUNT];

static void check_one_rule(uint32_t view)
{
	unsigned fired = 0;
	for (size_t i = 0; i < BOOT_RULE_COUNT; i++)
		fired += (view & ~(uint32_t)boot_rules[i].states) == 0;
	CHECK_THAT(fired == 1, "state 0x%x: %u rules", view, fired);
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
static void check_safe(uint32_t view)
{
	enum boot_decision decision = boot_decide(view);
	bool starts = decision == DECIDE_START || decision == DECIDE_TRY;
	CHECK(!starts || (view & PRIMARIES_GOOD) != 0);
	CHECK(!starts || (view & (VIEW_IDLE | VIEW_TRIAL)) != 0);
	CHECK(decision != DECIDE_START || (view & VIEW_IDLE) != 0);
	CHECK(decision != DECIDE_TRY || (view & ATTEMPTS_LEFT) != 0);
	CHECK(decision != DECIDE_BEGIN_SWAP || (view & CANDIDATES_ACCEPTED) != 0);
	CHECK(decision != DECIDE_CONFIRM || ((view & TRIAL_PERMANENT) != 0 && (view & PRIMARIES_GOOD) != 0));
}

TEST(nothing_unverified_starts, CLAIM("boot.swap.rules"), PROPERTY)
{
	each_state(check_safe);
}
