/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: look, decide by the table, act, until something starts or nothing may. */
#include "internal.h"

/* More turns than the longest way through docs/boot.md has; a loop that does not end would be a mistake here. */
enum { TURNS_MAX = 16 };

uint32_t boot_image_limit(const struct boot *boot, uint8_t image)
{
	return boot->slot_size - boot_swap_unit(boot, image);
}

static uint32_t look(struct boot *boot)
{
	const struct journal_state *state = &boot->journal.state;
	uint32_t view = 1u << state->phase | boot->candidates_view | boot->primaries_view;
	if (state->phase == JOURNAL_IDLE)
		boot_read_requests(boot);
	view |= boot->request_open ? REQUEST_PENDING : REQUEST_NONE;
	if (state->permanent || boot->mode->revert == NULL)
		return view | TRIAL_PERMANENT;
	return view | (state->attempts_used < state->attempts_allowed ? ATTEMPTS_LEFT : ATTEMPTS_NONE);
}

static psa_status_t act_request(struct boot *boot)
{
	boot_say(boot, LINE_REQUEST, boot->requested, 0);
	boot->request_open = false;
	return journal_request(&boot->journal, boot->requested, boot->request_permanent, boot->attempts);
}

/* First the trailers: a set of which one still asks would come back as a set of one. A trailer that cannot be cleared asks again at the
 * next boot and is answered again; what runs now runs all the same. */
static psa_status_t act_refuse_set(struct boot *boot)
{
	boot_say(boot, LINE_REFUSED_SET, boot->blamed, 0);
	(void)boot_clear_requests(boot);
	boot->candidates_view = CANDIDATES_UNKNOWN;
	return journal_refuse(&boot->journal, boot->blamed, boot->blame);
}

/* Where the product allows no fallback, none is acceptable. */
static psa_status_t act_judge_fallback(struct boot *boot)
{
	boot->candidates_view = CANDIDATES_REFUSED;
	return boot->fallback != NULL ? boot->fallback->judge(boot) : PSA_SUCCESS;
}

static psa_status_t act_fall_back(struct boot *boot)
{
	return boot->fallback->request(boot);
}

/* What was judged is about to change places. */
static void forget(struct boot *boot)
{
	boot->candidates_view = CANDIDATES_UNKNOWN;
	boot->primaries_view = PRIMARIES_UNKNOWN;
}

static psa_status_t act_begin(struct boot *boot)
{
	/* The intent is in the journal; a secondary slot that does not even let go of its trailer is not fit for a swap. */
	if (boot_clear_requests(boot) != PSA_SUCCESS) {
		boot->candidates_view = CANDIDATES_REFUSED;
		boot->blame = REFUSAL_READ;
		return PSA_SUCCESS;
	}
	forget(boot);
	return boot->mode->begin(boot);
}

static psa_status_t act_upgrade(struct boot *boot)
{
	psa_status_t status = boot->mode->upgrade(boot);
	if (status == PSA_SUCCESS)
		status = boot_mirror_trial(boot);
	return status == PSA_SUCCESS ? journal_begin_trial(&boot->journal) : status;
}

/* Where no way leads back, what cannot be verified in place stays, and the next start reads it again. */
static psa_status_t act_begin_revert(struct boot *boot)
{
	if (boot->mode->revert == NULL)
		return PSA_ERROR_DATA_CORRUPT;
	bool bad = boot->primaries_view == PRIMARIES_BAD;
	uint8_t image = bad ? boot->blamed : boot_in_set(boot->journal.state.images, IMAGE_SECURE) ? IMAGE_SECURE : IMAGE_NONSECURE;
	return journal_begin_revert(&boot->journal, image, bad ? boot->blame : REFUSAL_UNCONFIRMED);
}

static psa_status_t act_revert(struct boot *boot)
{
	uint8_t image = boot->journal.state.refused_image;
	enum refusal why = boot->journal.state.refusal;
	boot_say(boot, LINE_REVERT, image, why);
	psa_status_t status = boot->mode->revert(boot);
	forget(boot);
	if (status == PSA_SUCCESS)
		status = boot_mirror_reverted(boot);
	if (status == PSA_SUCCESS)
		status = journal_end_revert(&boot->journal);
	if (status == PSA_SUCCESS)
		boot_report_revert(boot, image, why);
	return status;
}

static psa_status_t act_confirm(struct boot *boot)
{
	uint8_t images = boot->journal.state.images;
	psa_status_t status = journal_confirm(&boot->journal);
	boot_say(boot, LINE_CONFIRMED, 0, 0);
	return status == PSA_SUCCESS ? boot_mirror_confirmed(boot, images) : status;
}

/* The last act before the jump. */
static psa_status_t leave(struct boot *boot)
{
	boot->entry = boot->slots[IMAGE_SECURE].addresses[boot_active(boot, IMAGE_SECURE)] +
		      boot->running[IMAGE_SECURE].header.header_size;
	boot_say_versions(boot, LINE_START, 0, &boot->running[IMAGE_SECURE].header.version,
			  &boot->running[IMAGE_NONSECURE].header.version);
	return boot_hand_over(boot);
}

static psa_status_t act_try(struct boot *boot)
{
	const struct journal_state *state = &boot->journal.state;
	psa_status_t status = journal_attempt(&boot->journal);
	if (status != PSA_SUCCESS)
		return status;
	boot_say(boot, LINE_TRIAL, state->attempts_used, state->attempts_allowed);
	return leave(boot);
}

/* What cannot be mirrored or counted now is tried again at the next boot; a confirmed image runs all the same. */
static psa_status_t act_start(struct boot *boot)
{
	if (boot->journal.state.confirmed)
		(void)boot_mirror_confirmed(boot, boot->journal.state.images);
	(void)boot_raise_counters(boot);
	boot_revoke_keys(boot);
	return leave(boot);
}

static psa_status_t act(struct boot *boot, enum boot_decision decision)
{
	static psa_status_t (*const acts[DECISION_COUNT])(struct boot * boot) = {
		[DECIDE_REQUEST] = act_request,
		[DECIDE_JUDGE_CANDIDATES] = boot_judge_candidates,
		[DECIDE_REFUSE_SET] = act_refuse_set,
		[DECIDE_BEGIN_SWAP] = act_begin,
		[DECIDE_UPGRADE] = act_upgrade,
		[DECIDE_JUDGE_PRIMARIES] = boot_judge_primaries,
		[DECIDE_TRY] = act_try,
		[DECIDE_CONFIRM] = act_confirm,
		[DECIDE_BEGIN_REVERT] = act_begin_revert,
		[DECIDE_REVERT] = act_revert,
		[DECIDE_START] = act_start,
		[DECIDE_JUDGE_FALLBACK] = act_judge_fallback,
		[DECIDE_FALL_BACK] = act_fall_back,
	};
	return acts[decision](boot);
}

/* A memory that BL2 decides by cannot be read: nothing may start. */
static psa_status_t refuse_all(struct boot *boot, enum refusal why)
{
	boot_report_refusal(boot, IMAGE_SECURE, &(struct image_verdict) { .refusal = why });
	return PSA_ERROR_DATA_CORRUPT;
}

static psa_status_t open_state(struct boot *boot)
{
	if (trust_load(&boot->trust, boot->otp, boot->crypto) != PSA_SUCCESS)
		return refuse_all(boot, REFUSAL_OTP);
	if (journal_open(&boot->journal, boot->journal_medium) != PSA_SUCCESS ||
	    (boot->journal.state.active != 0 && !boot->mode->switches))
		return refuse_all(boot, REFUSAL_JOURNAL);
	return journal_settle(&boot->journal);
}

enum boot_outcome boot_run(struct boot *boot)
{
	boot->refusal_count = 0;
	handover_begin(&boot->shared, boot->handover, boot->handover_size);
	boot->requests_read = boot->request_open = false;
	boot->requested = 0;
	boot->candidates_view = CANDIDATES_UNKNOWN;
	boot->primaries_view = PRIMARIES_UNKNOWN;
	boot_say(boot, LINE_RESET, boot->reset_cause, 0);
	psa_status_t status = open_state(boot);
	for (unsigned turn = 0; turn < TURNS_MAX && status == PSA_SUCCESS; turn++) {
		enum boot_decision decision = boot_decide(look(boot));
		if (decision == DECIDE_HALT)
			break;
		status = act(boot, decision);
		if (status == PSA_SUCCESS && (decision == DECIDE_TRY || decision == DECIDE_START))
			return BOOT_START;
	}
	boot_say(boot, LINE_HALT, (uint32_t)-status, 0);
	return BOOT_HALT;
}
