/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/journal.h>
#include <string.h>

/* The numbers are the format. */
enum unit_type {
	UNIT_INTENT = 1,    /* argument: images, FALLBACK, PERMANENT; value: attempts, active << 8, set << 10 */
	UNIT_WITHDRAWN = 2, /* argument: active << 2; value: set << 10 */
	UNIT_REFUSED = 3,   /* argument: image, active << 2; value: refusal, images << 8, set << 10 */
	UNIT_SECTORS = 4,   /* argument: image; value: N. The last image's begins the swap */
	UNIT_STEP = 5,      /* argument: image; value: half steps done */
	UNIT_TRIAL = 6,
	UNIT_ATTEMPT = 7,   /* value: attempts used */
	UNIT_CONFIRMED = 8, /* argument: images, active << 2; value: set << 10 */
	UNIT_REVERT = 9,    /* argument: image; value: refusal */
	UNIT_REVERTED = 10, /* as REFUSED */
	UNIT_SWITCH = 11,
	UNIT_COUNT,
};

enum {
	FALLBACK = 4, /* beside the images in INTENT's argument */
	PERMANENT = 8,
	IMAGES_ALL = (1 << IMAGE_COUNT) - 1,
	ACTIVE_SHIFT = 2, /* in the argument of the units that end a set; 2 bits */
	IMAGES_SHIFT = 8, /* in the value of the units that end a set; 2 bits. Those of `active` in INTENT's */
	SET_SHIFT = 10,   /* in the value of the units that begin and end a set; 6 bits */
	SECTORS_MAX = 32767,
	/* Units of a set without its steps and SECTORS: TRIAL, ATTEMPT, CONFIRMED and the seals of the last two. */
	UNITS_OF_TRIAL = 5,
	UNITS_OF_REQUEST = 2,
};

#define IN(phase) (1u << JOURNAL_##phase)

/* Which unit may stand in which phase. Those that end a set may also begin a half: they are its snapshot in phase IDLE. */
static const struct {
	uint8_t phases, next; /* next: enum journal_phase */
} rules[UNIT_COUNT] = {
	[UNIT_INTENT] = { IN(IDLE), JOURNAL_INTENT },
	[UNIT_WITHDRAWN] = { IN(INTENT) | IN(IDLE), JOURNAL_IDLE },
	[UNIT_REFUSED] = { IN(INTENT) | IN(IDLE), JOURNAL_IDLE },
	[UNIT_SECTORS] = { IN(INTENT), JOURNAL_INTENT },                     /* or SWAPPING, when it is the last */
	[UNIT_STEP] = { IN(SWAPPING) | IN(REVERTING), JOURNAL_PHASE_COUNT }, /* the phase stays */
	[UNIT_TRIAL] = { IN(SWAPPING), JOURNAL_TRIAL },
	[UNIT_ATTEMPT] = { IN(TRIAL), JOURNAL_TRIAL },
	[UNIT_CONFIRMED] = { IN(TRIAL) | IN(IDLE), JOURNAL_IDLE },
	[UNIT_REVERT] = { IN(TRIAL), JOURNAL_REVERTING },
	[UNIT_REVERTED] = { IN(REVERTING) | IN(IDLE), JOURNAL_IDLE },
	[UNIT_SWITCH] = { IN(INTENT), JOURNAL_TRIAL },
};

static bool takes_part(const struct journal_state *state, uint8_t image)
{
	return image < IMAGE_COUNT && (state->images >> image & 1) != 0;
}

static bool all_steps_done(const struct journal_state *state)
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (takes_part(state, i) && state->steps_done[i] != 2 * state->sectors[i])
			return false;
	return true;
}

static bool all_sectors_known(const struct journal_state *state)
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (takes_part(state, i) && state->sectors[i] == 0)
			return false;
	return true;
}

/* The set runs in its other slots. A set that was switched has no sectors. */
static void switch_slots(struct journal_state *state)
{
	state->active ^= state->images;
}

/* A state in which nothing is known but which set it is about; the phase is the caller's. */
static void start_over(struct journal_state *state, uint8_t images, uint8_t set)
{
	*state = (struct journal_state) { .phase = state->phase, .images = images, .set = set, .active = state->active };
}

static bool apply_intent(struct journal_state *state, const struct log_unit *unit)
{
	uint8_t images = unit->argument & IMAGES_ALL, attempts = (uint8_t)unit->value;
	uint8_t active = unit->value >> IMAGES_SHIFT & IMAGES_ALL;
	/* The first unit of a half brings `active` with it; behind another it can only agree. */
	if (images == 0 || attempts == 0 || (state->set != 0 && active != state->active))
		return false;
	start_over(state, images, (uint8_t)(unit->value >> SET_SHIFT));
	state->active = active;
	state->permanent = (unit->argument & PERMANENT) != 0;
	state->fallback = (unit->argument & FALLBACK) != 0;
	state->attempts_allowed = attempts;
	return true;
}

/* REFUSED, CONFIRMED and REVERTED. In phase IDLE they are a snapshot and bring their own set. */
static bool apply_end(struct journal_state *state, const struct log_unit *unit)
{
	bool confirmed = unit->type == UNIT_CONFIRMED;
	uint8_t low = unit->argument & IMAGES_ALL, active = unit->argument >> ACTIVE_SHIFT;
	uint8_t images = confirmed ? low : (uint8_t)(unit->value >> IMAGES_SHIFT & IMAGES_ALL);
	uint8_t set = (uint8_t)(unit->value >> SET_SHIFT);
	if (images == 0 || (!confirmed && low >= IMAGE_COUNT) ||
	    (state->phase != JOURNAL_IDLE && (images != state->images || set != state->set || active != state->active)) ||
	    (state->phase == JOURNAL_REVERTING && !all_steps_done(state)))
		return false;
	start_over(state, images, set);
	state->active = active;
	state->confirmed = confirmed;
	state->refused = unit->type == UNIT_REFUSED;
	state->reverted = unit->type == UNIT_REVERTED;
	if (confirmed)
		return true;
	state->refused_image = low;
	state->refusal = (enum refusal)(unit->value & UINT8_MAX);
	return true;
}

static bool apply_revert(struct journal_state *state, const struct log_unit *unit)
{
	if (unit->argument >= IMAGE_COUNT || unit->value > UINT8_MAX)
		return false;
	state->refused_image = unit->argument;
	state->refusal = (enum refusal)unit->value;
	memset(state->steps_done, 0, sizeof state->steps_done);
	if (!all_sectors_known(state))
		switch_slots(state);
	return true;
}

static bool apply_progress(struct journal_state *state, const struct log_unit *unit)
{
	uint8_t image = unit->argument;
	if (!takes_part(state, image))
		return false;
	if (unit->type == UNIT_SECTORS) {
		if (unit->value == 0 || unit->value > SECTORS_MAX)
			return false;
		state->sectors[image] = unit->value;
		while (++image < IMAGE_COUNT)
			state->sectors[image] = 0; /* in order: those of a begin that was cut are written anew */
		return true;
	}
	if (unit->value <= state->steps_done[image] || unit->value > 2 * state->sectors[image])
		return false;
	state->steps_done[image] = unit->value;
	return true;
}

static bool apply_attempt(struct journal_state *state, const struct log_unit *unit)
{
	if (unit->value <= state->attempts_used || unit->value > state->attempts_allowed)
		return false;
	state->attempts_used = (uint8_t)unit->value;
	return true;
}

static bool apply_content(struct journal_state *state, const struct log_unit *unit)
{
	switch (unit->type) {
	case UNIT_INTENT:
		return apply_intent(state, unit);
	case UNIT_SECTORS:
	case UNIT_STEP:
		return apply_progress(state, unit);
	case UNIT_TRIAL:
		return all_steps_done(state);
	case UNIT_ATTEMPT:
		return apply_attempt(state, unit);
	case UNIT_REVERT:
		return apply_revert(state, unit);
	case UNIT_SWITCH:
		switch_slots(state);
		return true;
	case UNIT_WITHDRAWN:
		start_over(state, 0, (uint8_t)(unit->value >> SET_SHIFT));
		state->active = unit->argument >> ACTIVE_SHIFT;
		return true;
	default:
		return apply_end(state, unit);
	}
}

static bool apply(void *context, const struct log_unit *unit)
{
	struct journal_state *state = context;
	/* The units that begin and end a set carry its number, which is never 0. */
	const uint32_t numbered =
		1u << UNIT_INTENT | 1u << UNIT_WITHDRAWN | 1u << UNIT_REFUSED | 1u << UNIT_CONFIRMED | 1u << UNIT_REVERTED;
	if (unit->type >= UNIT_COUNT || (rules[unit->type].phases >> state->phase & 1) == 0 ||
	    ((numbered >> unit->type & 1) != 0 && unit->value >> SET_SHIFT == 0) || !apply_content(state, unit))
		return false;
	uint8_t next = rules[unit->type].next;
	if (unit->type == UNIT_SECTORS && all_sectors_known(state))
		next = JOURNAL_SWAPPING;
	if (next != JOURNAL_PHASE_COUNT)
		state->phase = (enum journal_phase)next;
	return true;
}

static uint16_t end_value(const struct journal_state *state)
{
	return (uint16_t)((unsigned)state->refusal | (unsigned)state->images << IMAGES_SHIFT | (unsigned)state->set << SET_SHIFT);
}

/* The unit by which a set ends; `low` is what its argument holds beside `active`. */
static struct log_unit end_unit(const struct journal_state *state, enum unit_type type, uint8_t low, uint16_t value)
{
	return (struct log_unit) { (uint8_t)type, (uint8_t)(low | state->active << ACTIVE_SHIFT), value };
}

static unsigned snapshot_end(const struct journal_state *state, struct log_unit *unit)
{
	uint16_t set = (uint16_t)(state->set << SET_SHIFT);
	if (state->set == 0)
		return 0;
	if (state->images == 0)
		*unit = end_unit(state, UNIT_WITHDRAWN, 0, set);
	else if (state->confirmed)
		*unit = end_unit(state, UNIT_CONFIRMED, state->images, set);
	else
		*unit = end_unit(state, state->refused ? UNIT_REFUSED : UNIT_REVERTED, state->refused_image, end_value(state));
	return 1;
}

static unsigned snapshot_steps(const struct journal_state *state, struct log_unit *units, bool all)
{
	unsigned count = 0;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		uint16_t steps = all ? (uint16_t)(2 * state->sectors[i]) : state->steps_done[i];
		if (takes_part(state, i) && steps > 0)
			units[count++] = (struct log_unit) { UNIT_STEP, i, steps };
	}
	return count;
}

static struct log_unit intent_unit(const struct journal_state *state, uint8_t active)
{
	return (struct log_unit) {
		UNIT_INTENT,
		(uint8_t)(state->images | (state->permanent ? PERMANENT : 0) | (state->fallback ? FALLBACK : 0)),
		(uint16_t)(state->attempts_allowed | active << IMAGES_SHIFT | state->set << SET_SHIFT),
	};
}

static unsigned snapshot(const void *context, struct log_unit units[LOG_SNAPSHOT_MAX])
{
	const struct journal_state *state = context;
	unsigned count = 0;
	if (state->phase == JOURNAL_IDLE)
		return snapshot_end(state, units);
	bool moved = state->phase > JOURNAL_SWAPPING, switched = moved && !all_sectors_known(state);
	units[count++] =
		intent_unit(state, state->phase == JOURNAL_TRIAL && switched ? state->active ^ state->images : state->active);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (state->sectors[i] != 0)
			units[count++] = (struct log_unit) { UNIT_SECTORS, i, state->sectors[i] };
	count += snapshot_steps(state, units + count, moved);
	if (moved)
		units[count++] = (struct log_unit) { switched ? UNIT_SWITCH : UNIT_TRIAL, 0, 0 };
	if (moved && state->attempts_used > 0)
		units[count++] = (struct log_unit) { UNIT_ATTEMPT, 0, state->attempts_used };
	if (state->phase == JOURNAL_REVERTING) {
		units[count++] = (struct log_unit) { UNIT_REVERT, state->refused_image, (uint16_t)state->refusal };
		count += snapshot_steps(state, units + count, false);
	}
	return count;
}

static const struct log_client client = { .apply = apply, .snapshot = snapshot };

psa_status_t journal_open(struct journal *journal, const struct medium *medium)
{
	journal->state = (struct journal_state) { .phase = JOURNAL_IDLE };
	return log_open(&journal->log, medium, &client, &journal->state);
}

/* A move appends at once; every other phase may see many boots that append nothing. */
psa_status_t journal_settle(struct journal *journal)
{
	enum journal_phase phase = journal->state.phase;
	return phase == JOURNAL_SWAPPING || phase == JOURNAL_REVERTING ? log_settle(&journal->log) : log_seal(&journal->log);
}

/* Tried on a copy first: after the first write only the device may fail. */
static psa_status_t append_unit(struct journal *journal, struct log_unit unit)
{
	struct journal_state trial = journal->state;
	if ((rules[unit.type].phases >> trial.phase & 1) == 0)
		return PSA_ERROR_BAD_STATE;
	return apply(&trial, &unit) ? log_append(&journal->log, &unit) : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t append(struct journal *journal, enum unit_type type, uint8_t argument, uint16_t value)
{
	return append_unit(journal, (struct log_unit) { (uint8_t)type, argument, value });
}

/* States that outlive a boot are sealed: the next boots find nothing in doubt and write nothing. */
static psa_status_t append_sealed(struct journal *journal, struct log_unit unit)
{
	psa_status_t status = append_unit(journal, unit);
	return status == PSA_SUCCESS ? log_seal(&journal->log) : status;
}

/* The unit by which the set ends, in the only phase from which it may: as a snapshot it may also stand in IDLE. */
static psa_status_t append_end(struct journal *journal, enum journal_phase phase, enum unit_type type, uint8_t low, uint16_t value)
{
	const struct journal_state *state = &journal->state;
	if (state->phase != phase)
		return PSA_ERROR_BAD_STATE;
	return append_sealed(journal, end_unit(state, type, low, (uint16_t)(value | state->set << SET_SHIFT)));
}

uint8_t journal_next_set(const struct journal *journal)
{
	return (uint8_t)(journal->state.set % JOURNAL_SET_MAX + 1);
}

static psa_status_t request(struct journal *journal, struct journal_state set)
{
	if (journal->state.phase != JOURNAL_IDLE)
		return PSA_ERROR_BAD_STATE;
	if (set.images == 0 || set.images > IMAGES_ALL || set.attempts_allowed == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = log_reserve(&journal->log, UNITS_OF_REQUEST);
	if (status != PSA_SUCCESS)
		return status;
	set.set = journal_next_set(journal);
	return append_sealed(journal, intent_unit(&set, journal->state.active));
}

psa_status_t journal_request(struct journal *journal, uint8_t images, bool permanent, uint8_t attempts)
{
	return request(journal, (struct journal_state) { .images = images, .permanent = permanent, .attempts_allowed = attempts });
}

psa_status_t journal_fall_back(struct journal *journal, uint8_t images)
{
	return request(journal,
		       (struct journal_state) { .images = images, .permanent = true, .fallback = true, .attempts_allowed = 1 });
}

psa_status_t journal_refuse(struct journal *journal, uint8_t image, enum refusal why)
{
	return append_end(journal, JOURNAL_INTENT, UNIT_REFUSED, image, (uint16_t)(why | journal->state.images << IMAGES_SHIFT));
}

psa_status_t journal_withdraw(struct journal *journal)
{
	return append_end(journal, JOURNAL_INTENT, UNIT_WITHDRAWN, 0, 0);
}

psa_status_t journal_switch(struct journal *journal)
{
	return append(journal, UNIT_SWITCH, 0, 0);
}

psa_status_t journal_begin_swap(struct journal *journal, const uint16_t sectors[IMAGE_COUNT])
{
	const struct journal_state *state = &journal->state;
	uint32_t units = UNITS_OF_TRIAL;
	if (state->phase != JOURNAL_INTENT)
		return PSA_ERROR_BAD_STATE;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		if (takes_part(state, i) && (sectors[i] == 0 || sectors[i] > SECTORS_MAX))
			return PSA_ERROR_INVALID_ARGUMENT;
		units += takes_part(state, i) ? 1 + 2u * sectors[i] : 0;
	}
	psa_status_t status = log_reserve(&journal->log, units);
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		if (takes_part(state, i) && state->sectors[i] != sectors[i])
			status = append(journal, UNIT_SECTORS, i, sectors[i]);
	return status;
}

psa_status_t journal_step(struct journal *journal, uint8_t image)
{
	if (image >= IMAGE_COUNT)
		return PSA_ERROR_INVALID_ARGUMENT;
	return append(journal, UNIT_STEP, image, (uint16_t)(journal->state.steps_done[image] + 1));
}

psa_status_t journal_begin_trial(struct journal *journal)
{
	return all_steps_done(&journal->state) ? append(journal, UNIT_TRIAL, 0, 0) : PSA_ERROR_BAD_STATE;
}

psa_status_t journal_attempt(struct journal *journal)
{
	if (journal->state.attempts_used >= journal->state.attempts_allowed)
		return PSA_ERROR_BAD_STATE;
	return append_sealed(journal, (struct log_unit) { UNIT_ATTEMPT, 0, (uint16_t)(journal->state.attempts_used + 1) });
}

psa_status_t journal_confirm(struct journal *journal)
{
	return append_end(journal, JOURNAL_TRIAL, UNIT_CONFIRMED, journal->state.images, 0);
}

psa_status_t journal_begin_revert(struct journal *journal, uint8_t image, enum refusal why)
{
	return append_sealed(journal, (struct log_unit) { UNIT_REVERT, image, (uint16_t)why });
}

psa_status_t journal_end_revert(struct journal *journal)
{
	if (!all_steps_done(&journal->state))
		return PSA_ERROR_BAD_STATE;
	return append_end(journal, JOURNAL_REVERTING, UNIT_REVERTED, journal->state.refused_image, end_value(&journal->state));
}
