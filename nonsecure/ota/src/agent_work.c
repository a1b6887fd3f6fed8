/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_internal.h"
#include <merlon/lib/mem.h>
#include <string.h>

#define FOR_EACH_COMPONENT(i) for (psa_fwu_component_t i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++)

static psa_status_t components_query(struct ota_agent *agent)
{
	psa_status_t status = PSA_SUCCESS;
	FOR_EACH_COMPONENT(i)
	if (status == PSA_SUCCESS)
		status = psa_fwu_query(i, &agent->components[i]);
	return status;
}

static const psa_fwu_component_info_t *component_in(const struct ota_agent *agent, uint8_t state)
{
	FOR_EACH_COMPONENT(i)
	if (agent->components[i].state == state)
		return &agent->components[i];
	return NULL;
}

static void tell_of_set(struct ota_agent *agent, enum ota_event event, psa_status_t status, uint32_t refusal)
{
	struct ota_news news = { .event = event,
				 .component = OTA_COMPONENT_NONE,
				 .version = agent->record.version,
				 .status = status,
				 .refusal = refusal };
	ota_tell(agent, &news);
}

static void tell_of_image(struct ota_agent *agent, enum ota_event event, const struct catalogue_image *image, psa_status_t status)
{
	const psa_fwu_component_info_t *info = &agent->components[image->component];
	struct ota_news news = { .event = event,
				 .component = image->component,
				 .version = image->version,
				 .offset = info->impl.resume_offset,
				 .size = image->size,
				 .status = status,
				 .refusal = info->impl.refusal };
	ota_tell(agent, &news);
}

static enum ota_result failed(struct ota_agent *agent, psa_status_t status)
{
	tell_of_set(agent, OTA_EVENT_FAILED, status, 0);
	return OTA_RETRY;
}

static enum ota_result start(struct ota_agent *agent)
{
	psa_status_t status = components_query(agent);
	if (status == PSA_SUCCESS)
		status = ota_record_load(agent);
	if (status == PSA_SUCCESS)
		status = merlon_platform_boot_report(&agent->boot);
	if (status != PSA_SUCCESS)
		return failed(agent, status);
	const psa_fwu_component_info_t *trial = component_in(agent, PSA_FWU_TRIAL);
	if (!agent->is_announced) {
		agent->is_announced = true;
		tell_of_set(agent, OTA_EVENT_BOOT, PSA_SUCCESS, 0);
		if (trial != NULL)
			tell_of_set(agent, OTA_EVENT_TRIAL, PSA_SUCCESS, 0);
	}
	if (trial != NULL)
		return OTA_TRIAL;
	if (component_in(agent, PSA_FWU_STAGED) != NULL || component_in(agent, PSA_FWU_REJECTED) != NULL)
		return OTA_STAGED;
	if (component_in(agent, PSA_FWU_UPDATED) != NULL || component_in(agent, PSA_FWU_FAILED) != NULL)
		return OTA_ENDED;
	return OTA_DONE;
}

static enum ota_result check(struct ota_agent *agent)
{
	psa_status_t status = agent->config->self_check(agent->config->context);
	if (status == PSA_ERROR_BAD_STATE || (status == PSA_SUCCESS && !agent->has_contact))
		return OTA_RETRY;
	if (status == PSA_SUCCESS)
		return OTA_DONE;
	tell_of_set(agent, OTA_EVENT_REJECTED, status, 0);
	return OTA_REFUSED;
}

static enum ota_result accept(struct ota_agent *agent)
{
	psa_status_t status = psa_fwu_accept();
	return status == PSA_SUCCESS ? OTA_DONE : failed(agent, status);
}

static enum ota_result reject(struct ota_agent *agent)
{
	psa_status_t status = psa_fwu_reject(PSA_ERROR_SERVICE_FAILURE);
	return status == PSA_SUCCESS_REBOOT ? OTA_DONE : failed(agent, status);
}

/* How the last update ended: the states say what happened, the record says what had been asked for. */
static enum ota_result settle(struct ota_agent *agent)
{
	const psa_fwu_component_info_t *bad = component_in(agent, PSA_FWU_FAILED);
	enum ota_phase phase = agent->record.phase;
	agent->outcome = OTA_PHASE_NONE;
	if (bad == NULL) {
		tell_of_set(agent, OTA_EVENT_CONFIRMED, PSA_SUCCESS, 0);
	} else if (phase == OTA_PHASE_INSTALLING) {
		tell_of_set(agent, OTA_EVENT_REVERTED, bad->error, bad->impl.refusal);
		/* A power cut on trial reverts too and says nothing against the set: such a one is tried again, a few times. */
		bool may_try_again = agent->boot.reset_cause == MERLON_RESET_POWER_ON && agent->record.tries < OTA_TRIES_MAX;
		agent->outcome = may_try_again ? OTA_PHASE_NONE : OTA_PHASE_REFUSED;
	} else if (phase == OTA_PHASE_REFUSED) {
		agent->outcome = OTA_PHASE_REFUSED; /* told before */
	} else if (bad->error != PSA_SUCCESS || bad->impl.refusal != 0) {
		tell_of_set(agent, OTA_EVENT_REFUSED, bad->error, bad->impl.refusal);
		agent->outcome = OTA_PHASE_REFUSED;
	}
	return OTA_DONE;
}

/* Whatever the component holds, make it READY. */
static psa_status_t component_clear(psa_fwu_component_t component, uint8_t state)
{
	psa_status_t status = PSA_SUCCESS;
	if (state == PSA_FWU_READY)
		return PSA_SUCCESS;
	if (state == PSA_FWU_WRITING || state == PSA_FWU_CANDIDATE)
		status = psa_fwu_cancel(component);
	return status == PSA_SUCCESS ? psa_fwu_clean(component) : status;
}

static enum ota_result clean(struct ota_agent *agent)
{
	agent->record.phase = agent->outcome;
	psa_status_t status = ota_record_save(agent);
	if (status == PSA_SUCCESS)
		status = components_query(agent);
	FOR_EACH_COMPONENT(i)
	if (status == PSA_SUCCESS)
		status = component_clear(i, agent->components[i].state);
	return status == PSA_SUCCESS ? OTA_DONE : failed(agent, status);
}

static bool is_same_version(const psa_fwu_image_version_t *a, const psa_fwu_image_version_t *b)
{
	return a->major == b->major && a->minor == b->minor && a->patch == b->patch && a->build == b->build;
}

/* Is this image what the record speaks of? An image that is not part of the recorded set has digest 0 there. */
static bool is_recorded(const struct ota_agent *agent, const struct catalogue_image *image)
{
	return memcmp(agent->record.digests[image->component], image->sha256, CATALOGUE_DIGEST_SIZE) == 0;
}

static bool is_set_recorded(const struct ota_agent *agent)
{
	unsigned wanted = 0, recorded = 0;
	for (unsigned i = 0; i < agent->wanted.count; i++) {
		if (!is_recorded(agent, &agent->wanted.images[i]))
			return false;
		wanted |= 1u << agent->wanted.images[i].component;
	}
	FOR_EACH_COMPONENT(i)
	recorded |= mem_is_filled(agent->record.digests[i], 0, CATALOGUE_DIGEST_SIZE) ? 0 : 1u << i;
	return wanted == recorded;
}

static enum ota_result poll(struct ota_agent *agent)
{
	struct catalogue *wanted = &agent->wanted;
	psa_status_t status = ota_catalogue_fetch(agent, wanted);
	if (status == PSA_SUCCESS)
		status = components_query(agent);
	if (status != PSA_SUCCESS)
		return failed(agent, status);
	unsigned count = 0;
	for (unsigned i = 0; i < wanted->count; i++) {
		const psa_fwu_component_info_t *info = &agent->components[wanted->images[i].component];
		if (is_same_version(&wanted->images[i].version, &info->version))
			continue; /* runs already */
		if (wanted->images[i].size > info->max_size)
			return failed(agent, PSA_ERROR_INSUFFICIENT_STORAGE);
		wanted->images[count++] = wanted->images[i];
	}
	wanted->count = (uint8_t)count;
	if (count == 0 || (agent->record.phase == OTA_PHASE_REFUSED && is_set_recorded(agent)))
		return OTA_NOTHING;
	return OTA_DONE;
}

/* Clear what belongs to another set, then record the wanted one, then start: a power cut between any two of these leaves a
 * record that speaks of what is stored, or stores nothing. */
static psa_status_t wanted_adopt(struct ota_agent *agent)
{
	psa_status_t status = PSA_SUCCESS;
	FOR_EACH_COMPONENT(i)
	if (status == PSA_SUCCESS)
		status = component_clear(i, agent->components[i].state);
	if (status != PSA_SUCCESS)
		return status;
	agent->has_fetched = false;
	if (!is_set_recorded(agent))
		agent->record.tries = 0;
	agent->record.phase = OTA_PHASE_FETCHING;
	agent->record.version = agent->wanted.version;
	memset(agent->record.digests, 0, sizeof agent->record.digests);
	for (unsigned i = 0; i < agent->wanted.count; i++)
		memcpy(agent->record.digests[agent->wanted.images[i].component], agent->wanted.images[i].sha256,
		       CATALOGUE_DIGEST_SIZE);
	status = ota_record_save(agent);
	if (status == PSA_SUCCESS)
		tell_of_set(agent, OTA_EVENT_FOUND, PSA_SUCCESS, 0);
	return status;
}

static enum ota_result prepare(struct ota_agent *agent)
{
	bool is_kept = (agent->record.phase == OTA_PHASE_FETCHING || agent->record.phase == OTA_PHASE_INSTALLING) &&
		       is_set_recorded(agent);
	psa_status_t status = is_kept ? PSA_SUCCESS : wanted_adopt(agent);
	memset(agent->written, 0, sizeof agent->written);
	if (status == PSA_SUCCESS)
		status = components_query(agent);
	for (unsigned i = 0; i < agent->wanted.count && status == PSA_SUCCESS; i++) {
		const struct catalogue_image *image = &agent->wanted.images[i];
		const psa_fwu_component_info_t *info = &agent->components[image->component];
		if (info->state == PSA_FWU_READY)
			status = psa_fwu_start(image->component, NULL, 0);
		else if (info->state == PSA_FWU_WRITING && info->impl.resume_offset > 0 && !agent->has_fetched)
			tell_of_image(agent, OTA_EVENT_RESUMED, image, PSA_SUCCESS);
	}
	return status == PSA_SUCCESS ? OTA_DONE : failed(agent, status);
}

static enum ota_result fetch(struct ota_agent *agent)
{
	psa_status_t status = components_query(agent);
	if (status != PSA_SUCCESS)
		return failed(agent, status);
	for (unsigned i = 0; i < agent->wanted.count; i++) {
		const struct catalogue_image *image = &agent->wanted.images[i];
		const psa_fwu_component_info_t *info = &agent->components[image->component];
		if (info->state == PSA_FWU_CANDIDATE)
			continue;
		if (info->state != PSA_FWU_WRITING)
			return failed(agent, PSA_ERROR_BAD_STATE);
		agent->current = image;
		uint32_t written = agent->written[image->component];
		uint32_t offset = written > info->impl.resume_offset ? written : info->impl.resume_offset;
		if (offset >= image->size)
			return OTA_FULL;
		status = ota_range_fetch(agent, image, offset);
		return status == PSA_SUCCESS ? OTA_MORE : failed(agent, status);
	}
	return OTA_DONE;
}

static enum ota_result finish(struct ota_agent *agent)
{
	psa_fwu_component_t component = agent->current->component;
	psa_status_t verdict = psa_fwu_finish(component);
	psa_status_t status = psa_fwu_query(component, &agent->components[component]);
	if (status != PSA_SUCCESS)
		return failed(agent, status);
	if (verdict == PSA_SUCCESS) {
		tell_of_image(agent, OTA_EVENT_VERIFIED, agent->current, PSA_SUCCESS);
		return OTA_DONE;
	}
	if (agent->components[component].state != PSA_FWU_FAILED)
		return failed(agent, verdict);
	tell_of_image(agent, OTA_EVENT_REFUSED, agent->current, verdict);
	agent->outcome = OTA_PHASE_REFUSED;
	return OTA_REFUSED;
}

static enum ota_result install(struct ota_agent *agent)
{
	/* Recorded first: after a reset in between, what comes of it is told as the end of an installation. */
	agent->record.phase = OTA_PHASE_INSTALLING;
	agent->record.tries++;
	psa_status_t status = ota_record_save(agent);
	if (status != PSA_SUCCESS)
		return failed(agent, status);
	psa_status_t verdict = psa_fwu_install();
	if (verdict == PSA_SUCCESS_REBOOT) {
		tell_of_set(agent, OTA_EVENT_STAGED, PSA_SUCCESS, 0);
		return OTA_DONE;
	}
	if (verdict == PSA_ERROR_BAD_STATE || components_query(agent) != PSA_SUCCESS)
		return failed(agent, verdict);
	const psa_fwu_component_info_t *bad = component_in(agent, PSA_FWU_FAILED);
	if (bad == NULL && verdict != PSA_ERROR_DEPENDENCY_NEEDED)
		return failed(agent, verdict);
	tell_of_set(agent, OTA_EVENT_REFUSED, verdict, bad == NULL ? 0 : bad->impl.refusal);
	agent->outcome = OTA_PHASE_REFUSED;
	return OTA_REFUSED;
}

static enum ota_result restart(struct ota_agent *agent)
{
	http_close(&agent->http);
	return failed(agent, psa_fwu_request_reboot()); /* does not return on success */
}

#define MAY(result) (1u << OTA_##result)
const struct ota_work ota_works[OTA_STATE_COUNT] = {
	[OTA_STATE_START] = { start, MAY(DONE) | MAY(TRIAL) | MAY(ENDED) | MAY(STAGED) | MAY(RETRY) },
	[OTA_STATE_CHECK] = { check, MAY(DONE) | MAY(RETRY) | MAY(REFUSED) },
	[OTA_STATE_ACCEPT] = { accept, MAY(DONE) | MAY(RETRY) },
	[OTA_STATE_REJECT] = { reject, MAY(DONE) | MAY(RETRY) },
	[OTA_STATE_SETTLE] = { settle, MAY(DONE) },
	[OTA_STATE_CLEAN] = { clean, MAY(DONE) | MAY(RETRY) },
	[OTA_STATE_POLL] = { poll, MAY(DONE) | MAY(NOTHING) | MAY(RETRY) },
	[OTA_STATE_PREPARE] = { prepare, MAY(DONE) | MAY(RETRY) },
	[OTA_STATE_FETCH] = { fetch, MAY(MORE) | MAY(FULL) | MAY(DONE) | MAY(RETRY) },
	[OTA_STATE_FINISH] = { finish, MAY(DONE) | MAY(REFUSED) | MAY(RETRY) },
	[OTA_STATE_INSTALL] = { install, MAY(DONE) | MAY(REFUSED) | MAY(RETRY) },
	[OTA_STATE_REBOOT] = { restart, MAY(RETRY) },
};
