/* SPDX-License-Identifier: Apache-2.0 */
/** What BL2 does next: one table, which a test proves complete and free of contradiction. Drawn in docs/boot.md. */
#ifndef MERLON_BOOT_RULES_H
#define MERLON_BOOT_RULES_H

#include <stddef.h>

/* Each column is a mask; a state has one bit in each. */
enum boot_phase_view {
	VIEW_IDLE = 1,
	VIEW_INTENT = 2,
	VIEW_SWAPPING = 4,
	VIEW_TRIAL = 8,
	VIEW_REVERTING = 16,
	VIEW_PHASE_ANY = 31
};                                                                                 /* 1 << enum journal_phase */
enum boot_request_view { REQUEST_NONE = 1, REQUEST_PENDING = 2, REQUEST_ANY = 3 }; /* in the trailers */
enum boot_candidates_view { CANDIDATES_UNKNOWN = 1, CANDIDATES_ACCEPTED = 2, CANDIDATES_REFUSED = 4, CANDIDATES_ANY = 7 };
enum boot_primaries_view { PRIMARIES_UNKNOWN = 1, PRIMARIES_GOOD = 2, PRIMARIES_BAD = 4, PRIMARIES_ANY = 7 };
enum boot_trial_view { ATTEMPTS_LEFT = 1, ATTEMPTS_NONE = 2, TRIAL_PERMANENT = 4, TRIAL_ANY = 7 };

enum boot_decision {
	DECIDE_REQUEST, /* the trailers' wish becomes an intent in the journal */
	DECIDE_JUDGE_CANDIDATES,
	DECIDE_REFUSE_SET,
	DECIDE_BEGIN_SWAP,
	DECIDE_UPGRADE, /* all steps that are left, then trial */
	DECIDE_JUDGE_PRIMARIES,
	DECIDE_TRY,     /* count an attempt, start */
	DECIDE_CONFIRM, /* a permanent set */
	DECIDE_BEGIN_REVERT,
	DECIDE_REVERT, /* all steps that are left, then idle */
	DECIDE_START,  /* raise the counters, start */
	DECIDE_HALT,
	DECISION_COUNT,
};

struct boot_view {
	enum boot_phase_view phase;
	enum boot_request_view request;
	enum boot_candidates_view candidates;
	enum boot_primaries_view primaries;
	enum boot_trial_view trial;
};

struct boot_rule {
	unsigned char phase, request, candidates, primaries, trial;
	unsigned char decision;
};

enum { BOOT_RULE_COUNT = 14 };
extern const struct boot_rule boot_rules[BOOT_RULE_COUNT];

enum boot_decision boot_decide(const struct boot_view *view);

#endif
