/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/boot/rules.h>
#include <stddef.h>

/* clang-format off */
const struct boot_rule boot_rules[BOOT_RULE_COUNT] = {
	/* journal         trailers          candidates            primaries           trial                              decision */
	{ VIEW_IDLE      | REQUEST_PENDING | CANDIDATES_ANY      | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_REQUEST },
	{ VIEW_IDLE      | REQUEST_NONE    | CANDIDATES_ANY      | PRIMARIES_UNKNOWN | TRIAL_ANY,                        DECIDE_JUDGE_PRIMARIES },
	{ VIEW_IDLE      | REQUEST_NONE    | CANDIDATES_ANY      | PRIMARIES_GOOD    | TRIAL_ANY,                        DECIDE_START },
	{ VIEW_IDLE      | REQUEST_NONE    | CANDIDATES_UNKNOWN  | PRIMARIES_BAD     | TRIAL_ANY,                        DECIDE_JUDGE_FALLBACK },
	{ VIEW_IDLE      | REQUEST_NONE    | CANDIDATES_ACCEPTED | PRIMARIES_BAD     | TRIAL_ANY,                        DECIDE_FALL_BACK },
	{ VIEW_IDLE      | REQUEST_NONE    | CANDIDATES_REFUSED  | PRIMARIES_BAD     | TRIAL_ANY,                        DECIDE_HALT },
	{ VIEW_INTENT    | REQUEST_ANY     | CANDIDATES_UNKNOWN  | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_JUDGE_CANDIDATES },
	{ VIEW_INTENT    | REQUEST_ANY     | CANDIDATES_REFUSED  | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_REFUSE_SET },
	{ VIEW_INTENT    | REQUEST_ANY     | CANDIDATES_ACCEPTED | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_BEGIN_SWAP },
	{ VIEW_SWAPPING  | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_UPGRADE },
	{ VIEW_TRIAL     | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_ANY     | ATTEMPTS_NONE,                    DECIDE_BEGIN_REVERT },
	{ VIEW_TRIAL     | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_UNKNOWN | ATTEMPTS_LEFT | TRIAL_PERMANENT,  DECIDE_JUDGE_PRIMARIES },
	{ VIEW_TRIAL     | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_BAD     | ATTEMPTS_LEFT | TRIAL_PERMANENT,  DECIDE_BEGIN_REVERT },
	{ VIEW_TRIAL     | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_GOOD    | ATTEMPTS_LEFT,                    DECIDE_TRY },
	{ VIEW_TRIAL     | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_GOOD    | TRIAL_PERMANENT,                  DECIDE_CONFIRM },
	{ VIEW_REVERTING | REQUEST_ANY     | CANDIDATES_ANY      | PRIMARIES_ANY     | TRIAL_ANY,                        DECIDE_REVERT },
};
/* clang-format on */

enum boot_decision boot_decide(uint32_t view)
{
	for (size_t i = 0; i < BOOT_RULE_COUNT; i++)
		if ((view & ~(uint32_t)boot_rules[i].states) == 0)
			return (enum boot_decision)boot_rules[i].decision;
	return DECIDE_HALT; /* not reached: the test of this table finds exactly one rule for each state */
}
