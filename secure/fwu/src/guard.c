/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#define IN(state) (1u << PSA_FWU_##state)

/* The state model of psa/update.h. On components: `needs` is what the component must be in. On the set: at least one component is in
 * `needs`, none in `forbids`. A call that is not here is allowed in every state, to everybody. */
static const struct {
	uint8_t needs, forbids;
	bool free; /* the caller need not be the owner: there is none yet */
} rules[FWU_CALL_COUNT] = {
	[FWU_CALL_START] = { IN(READY), 0, true },
	[FWU_CALL_WRITE] = { IN(WRITING), 0, false },
	[FWU_CALL_FINISH] = { IN(WRITING), 0, false },
	[FWU_CALL_CANCEL] = { IN(WRITING) | IN(CANDIDATE), 0, false },
	[FWU_CALL_CLEAN] = { IN(FAILED) | IN(UPDATED), 0, false },
	[FWU_CALL_INSTALL] = { IN(CANDIDATE), IN(STAGED) | IN(TRIAL) | IN(REJECTED), false },
	[FWU_CALL_REJECT] = { IN(STAGED) | IN(TRIAL), 0, false },
	[FWU_CALL_ACCEPT] = { IN(TRIAL), 0, false },
};

/* What the journal makes of a component that takes part in its set; IDLE is told apart by how the set ended. */
static const uint8_t state_in_set[JOURNAL_PHASE_COUNT] = {
	[JOURNAL_IDLE] = PSA_FWU_FAILED,                                        /* refused, reverted or withdrawn */
	[JOURNAL_INTENT] = PSA_FWU_STAGED, [JOURNAL_SWAPPING] = PSA_FWU_STAGED, /* BL2's business; no image runs in this phase */
	[JOURNAL_TRIAL] = PSA_FWU_TRIAL,   [JOURNAL_REVERTING] = PSA_FWU_REJECTED,
};

uint8_t fwu_state_of(const struct fwu *fwu, uint8_t component)
{
	const struct fwu_record *record = &fwu->records[component];
	const struct journal_state *set = &fwu->journal.state;
	bool takes_part = (set->images >> component & 1) != 0;
	if (record->state != PSA_FWU_STAGED) /* a set that was put into the slots from outside has no record here */
		return takes_part && set->phase != JOURNAL_IDLE ? state_in_set[set->phase] : record->state;
	if (record->set != set->set)
		return PSA_FWU_CANDIDATE; /* power was cut before the journal had the request */
	if (set->phase == JOURNAL_IDLE && set->confirmed)
		return PSA_FWU_UPDATED;
	return state_in_set[set->phase];
}

uint8_t guard_images(const struct fwu *fwu, uint32_t states)
{
	uint8_t images = 0;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		images |= (uint8_t)((states >> fwu_state_of(fwu, i) & 1) << i);
	return images;
}

/* Nobody owns a component that nobody started. */
static bool may(const struct fwu *fwu, int32_t client, uint8_t component)
{
	int32_t owner = fwu->records[component].owner;
	return owner == 0 || owner == client;
}

psa_status_t guard_component(const struct fwu *fwu, enum fwu_call call, int32_t client, uint32_t component)
{
	if (component >= IMAGE_COUNT)
		return PSA_ERROR_DOES_NOT_EXIST;
	if ((rules[call].needs >> fwu_state_of(fwu, (uint8_t)component) & 1) == 0)
		return PSA_ERROR_BAD_STATE;
	return rules[call].free || may(fwu, client, (uint8_t)component) ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
}

psa_status_t guard_set(const struct fwu *fwu, enum fwu_call call, int32_t client, uint8_t *images)
{
	*images = guard_images(fwu, rules[call].needs);
	if (*images == 0 || guard_images(fwu, rules[call].forbids) != 0)
		return PSA_ERROR_BAD_STATE;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if ((*images >> i & 1) != 0 && !may(fwu, client, i))
			return PSA_ERROR_NOT_PERMITTED;
	return PSA_SUCCESS;
}
