/* SPDX-License-Identifier: Apache-2.0 */
/* From the last byte to READY again: verify, install, accept, reject, clean. */
#include "guard.h"
#include "record.h"
#include "verdict.h"
#include <merlon/lib/trailer.h>
#include <string.h>

/* One status per refusal; a test proves the table complete. */
static const psa_status_t statuses[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = PSA_SUCCESS,
	[REFUSAL_EMPTY] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_READ] = PSA_ERROR_STORAGE_FAILURE,
	[REFUSAL_MAGIC] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_HEADER] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_SIZE] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_FLAGS] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_TLV] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_TLV_UNPROTECTED] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_HASH_MISSING] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_HASH] = PSA_ERROR_INVALID_SIGNATURE,
	[REFUSAL_KEY_MISSING] = PSA_ERROR_INVALID_SIGNATURE,
	[REFUSAL_KEY_UNKNOWN] = PSA_ERROR_INVALID_SIGNATURE,
	[REFUSAL_KEY_ROLE] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_KEY_DEVELOPMENT] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_SIGNATURE_FORMAT] = PSA_ERROR_INVALID_SIGNATURE,
	[REFUSAL_SIGNATURE] = PSA_ERROR_INVALID_SIGNATURE,
	[REFUSAL_COUNTER_MISSING] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_COUNTER] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_COUNTER_FULL] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_DEPENDENCY] = PSA_ERROR_DEPENDENCY_NEEDED,
	[REFUSAL_ADDRESS] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_JOURNAL] = PSA_ERROR_STORAGE_FAILURE,
	[REFUSAL_OTP] = PSA_ERROR_STORAGE_FAILURE,
	[REFUSAL_UNCONFIRMED] = PSA_ERROR_GENERIC_ERROR,
	[REFUSAL_NON_BOOTABLE] = PSA_ERROR_INVALID_ARGUMENT,
	[REFUSAL_REJECTED] = PSA_ERROR_GENERIC_ERROR,
	[REFUSAL_KEY_REVOKED] = PSA_ERROR_NOT_PERMITTED,
	[REFUSAL_REVOCATION] = PSA_ERROR_NOT_PERMITTED,
};

psa_status_t fwu_status_of(enum refusal refusal)
{
	return (size_t)refusal < REFUSAL_COUNT ? statuses[refusal] : PSA_ERROR_GENERIC_ERROR;
}

static bool takes_part(uint8_t images, uint8_t component)
{
	return (images >> component & 1) != 0;
}

/* Why a component is FAILED or REJECTED: what was recorded here, else what the journal says of the set. */
static void explain(const struct fwu *fwu, uint32_t component, psa_fwu_component_info_t *info)
{
	const struct fwu_record *record = &fwu->records[component];
	const struct journal_state *set = &fwu->journal.state;
	bool of_set = record->state != PSA_FWU_FAILED && (set->refused || set->reverted || set->phase == JOURNAL_REVERTING);
	info->impl.refusal = of_set ? set->refusal : record->refusal;
	info->error = of_set && record->error == PSA_SUCCESS ? fwu_status_of(set->refusal) : record->error;
}

psa_status_t fwu_query(const struct fwu *fwu, uint32_t component, psa_fwu_component_info_t *info)
{
	struct image_header header;
	memset(info, 0, sizeof *info); /* its padding, too, goes to the client */
	if (component >= IMAGE_COUNT)
		return PSA_ERROR_DOES_NOT_EXIST;
	const struct medium *active = fwu->config->primary[component];
	info->state = fwu_state_of(fwu, (uint8_t)component);
	info->location = component;
	info->max_size = fwu->config->slot_size - fwu_unit(fwu, (uint8_t)component);
	if (image_header_read(active, info->max_size, &header) == REFUSAL_NONE) {
		info->version.major = header.version.major;
		info->version.minor = header.version.minor;
		info->version.patch = header.version.revision;
		info->version.build = header.version.build;
	}
	if (info->state == PSA_FWU_WRITING)
		info->impl.resume_offset = fwu->records[component].sectors * fwu->config->secondary[component]->erase_size;
	if (info->state == PSA_FWU_FAILED || info->state == PSA_FWU_REJECTED)
		explain(fwu, component, info);
	return PSA_SUCCESS;
}

static psa_status_t become(struct fwu *fwu, uint8_t component, uint8_t state, enum refusal refusal)
{
	struct fwu_record record = fwu->records[component];
	record.state = state;
	record.set = 0;
	record.refusal = (uint8_t)refusal;
	record.error = fwu_status_of(refusal);
	return record_write(fwu, component, &record);
}

/* The component fails, and whoever keeps account is told. */
static psa_status_t refuse(struct fwu *fwu, uint8_t component, const struct image_verdict *verdict)
{
	if (fwu->config->refused != NULL)
		fwu->config->refused(component, verdict);
	psa_status_t status = become(fwu, component, PSA_FWU_FAILED, verdict->refusal);
	return status == PSA_SUCCESS ? fwu_status_of(verdict->refusal) : status;
}

psa_status_t fwu_finish(struct fwu *fwu, int32_t client, uint32_t component)
{
	struct image_verdict verdict;
	psa_status_t status = guard_component(fwu, FWU_CALL_FINISH, client, component);
	if (status == PSA_SUCCESS)
		status = verdict_candidate(fwu, (uint8_t)component, &verdict);
	if (status != PSA_SUCCESS)
		return status;
	if (verdict.refusal != REFUSAL_NONE)
		return refuse(fwu, (uint8_t)component, &verdict);
	return become(fwu, (uint8_t)component, PSA_FWU_CANDIDATE, REFUSAL_NONE);
}

psa_status_t fwu_cancel(struct fwu *fwu, int32_t client, uint32_t component)
{
	psa_status_t status = guard_component(fwu, FWU_CALL_CANCEL, client, component);
	return status == PSA_SUCCESS ? become(fwu, (uint8_t)component, PSA_FWU_FAILED, REFUSAL_NONE) : status;
}

psa_status_t fwu_clean(struct fwu *fwu, int32_t client, uint32_t component)
{
	psa_status_t status = guard_component(fwu, FWU_CALL_CLEAN, client, component);
	return status == PSA_SUCCESS ? become(fwu, (uint8_t)component, PSA_FWU_READY, REFUSAL_NONE) : status;
}

/* All candidates, judged again; the first that is refused becomes FAILED and ends it. */
static psa_status_t judge_candidates(struct fwu *fwu, uint8_t images, struct image_verdict candidates[IMAGE_COUNT])
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		if (!takes_part(images, i))
			continue;
		psa_status_t status = verdict_candidate(fwu, i, &candidates[i]);
		if (status == PSA_SUCCESS && candidates[i].refusal != REFUSAL_NONE)
			return refuse(fwu, i, &candidates[i]);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_SUCCESS;
}

psa_status_t fwu_install(struct fwu *fwu, int32_t client)
{
	uint8_t images;
	enum refusal refusal = REFUSAL_NONE;
	struct image_verdict candidates[IMAGE_COUNT];
	psa_status_t status = guard_set(fwu, FWU_CALL_INSTALL, client, &images);
	if (status == PSA_SUCCESS)
		status = judge_candidates(fwu, images, candidates);
	if (status == PSA_SUCCESS)
		status = verdict_dependencies(fwu, images, candidates, &refusal);
	if (status != PSA_SUCCESS || refusal != REFUSAL_NONE)
		return status != PSA_SUCCESS ? status : fwu_status_of(refusal);
	/* Note the number that the set will have; then one unit of the journal decides for all. */
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		struct fwu_record record = fwu->records[i];
		record.state = PSA_FWU_STAGED;
		record.set = journal_next_set(&fwu->journal);
		if (takes_part(images, i))
			status = record_write(fwu, i, &record);
	}
	if (status == PSA_SUCCESS)
		status = journal_request(&fwu->journal, images, false, fwu->config->attempts);
	return status == PSA_SUCCESS ? PSA_SUCCESS_REBOOT : status;
}

psa_status_t fwu_reject(struct fwu *fwu, int32_t client, psa_status_t error)
{
	uint8_t images;
	psa_status_t status = guard_set(fwu, FWU_CALL_REJECT, client, &images);
	uint8_t blamed = takes_part(images, IMAGE_SECURE) ? IMAGE_SECURE : IMAGE_NONSECURE;
	bool on_trial = fwu->journal.state.phase == JOURNAL_TRIAL;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		struct fwu_record record = fwu->records[i];
		record.error = error;
		if (takes_part(images, i) && record.state == PSA_FWU_STAGED)
			status = record_write(fwu, i, &record);
	}
	if (status != PSA_SUCCESS)
		return status;
	if (!on_trial)
		return journal_withdraw(&fwu->journal);
	status = journal_begin_revert(&fwu->journal, blamed, REFUSAL_REJECTED);
	return status == PSA_SUCCESS ? PSA_SUCCESS_REBOOT : status;
}

/* For code that knows MCUboot's trailer. The journal has decided; what fails here changes nothing. */
static void mirror(const struct fwu *fwu, uint8_t component)
{
	const struct medium *slot = fwu->config->primary[component];
	struct trailer trailer;
	if (trailer_read(slot, fwu->config->slot_size, &trailer) == PSA_SUCCESS && trailer.magic == TRAILER_MAGIC_GOOD &&
	    trailer.image_ok == TRAILER_FLAG_UNSET)
		(void)trailer_write_image_ok(slot, fwu->config->slot_size);
}

psa_status_t fwu_accept(struct fwu *fwu, int32_t client)
{
	uint8_t images;
	psa_status_t status = guard_set(fwu, FWU_CALL_ACCEPT, client, &images);
	if (status == PSA_SUCCESS)
		status = journal_confirm(&fwu->journal);
	if (status != PSA_SUCCESS)
		return status;
	if (fwu->config->accepted != NULL)
		fwu->config->accepted();
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (takes_part(images, i))
			mirror(fwu, i);
	return PSA_SUCCESS;
}
