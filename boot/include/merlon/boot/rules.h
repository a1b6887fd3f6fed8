/* SPDX-License-Identifier: Apache-2.0 */
/** What BL2 does next: one table, which a test proves complete and free of contradiction. Drawn in docs/boot.md. */
#ifndef MERLON_BOOT_RULES_H
#define MERLON_BOOT_RULES_H

#include <stdint.h>

/**
 * A state has one bit of each of the five columns; a rule has one or more of each and fits the states that lie in it whole.
 */
enum boot_view {
	/* the journal's phase: 1 << enum journal_phase */
	VIEW_IDLE = 1,
	VIEW_INTENT = 2,
	VIEW_SWAPPING = 4,
	VIEW_TRIAL = 8,
	VIEW_REVERTING = 16,
	VIEW_PHASE_ANY = 31,
	/* what the trailers ask for */
	REQUEST_NONE = 1 << 5,
	REQUEST_PENDING = 2 << 5,
	REQUEST_ANY = 3 << 5,
	/* the candidates of the set, as far as they were judged in this boot */
	CANDIDATES_UNKNOWN = 1 << 7,
	CANDIDATES_ACCEPTED = 2 << 7,
	CANDIDATES_REFUSED = 4 << 7,
	CANDIDATES_ANY = 7 << 7,
	/* what lies in the primary slots, likewise */
	PRIMARIES_UNKNOWN = 1 << 10,
	PRIMARIES_GOOD = 2 << 10,
	PRIMARIES_BAD = 4 << 10,
	PRIMARIES_ANY = 7 << 10,
	/* what a set on trial may still do */
	ATTEMPTS_LEFT = 1 << 13,
	ATTEMPTS_NONE = 2 << 13,
	TRIAL_PERMANENT = 4 << 13,
	TRIAL_ANY = 7 << 13,
};

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
	DECIDE_JUDGE_FALLBACK,
	DECIDE_FALL_BACK, /* what the last update replaced becomes an intent in the journal */
	DECIDE_HALT,
	DECISION_COUNT,
};

struct boot_rule {
	uint16_t states;
	uint8_t decision;
};

enum { BOOT_RULE_COUNT = 16 };
extern const struct boot_rule boot_rules[BOOT_RULE_COUNT];

/** @param view  One bit of each column of enum boot_view. */
enum boot_decision boot_decide(uint32_t view);

#endif
