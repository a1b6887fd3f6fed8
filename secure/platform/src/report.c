/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <merlon/lib/journal.h>
#include <merlon/lib/le.h>
#include <string.h>

/* The causes that clients see are those of the shared data. */
_Static_assert((int)MERLON_RESET_POWER_ON == (int)RESET_CAUSE_POWER_ON &&
		       (int)MERLON_RESET_REQUESTED == (int)RESET_CAUSE_REQUESTED &&
		       (int)MERLON_RESET_WATCHDOG == (int)RESET_CAUSE_WATCHDOG &&
		       (int)MERLON_RESET_CONFIRM_WINDOW == (int)RESET_CAUSE_CONFIRM_WINDOW &&
		       (int)MERLON_RESET_SECURE_FAULT == (int)RESET_CAUSE_SECURE_FAULT &&
		       (int)MERLON_RESET_NONSECURE_FAULT == (int)RESET_CAUSE_NONSECURE_FAULT &&
		       (int)MERLON_RESET_PANIC == (int)RESET_CAUSE_PANIC && (int)MERLON_RESET_PANIC + 1 == (int)RESET_CAUSE_COUNT,
	       "merlon/platform.h and lib/handover.h differ");
_Static_assert((int)MERLON_IMAGE_COUNT == (int)IMAGE_COUNT && (int)MERLON_REFUSAL_MAX == (int)HANDOVER_REFUSAL_MAX &&
		       (int)MERLON_DIGEST_SIZE == (int)IMAGE_DIGEST_SIZE &&
		       (int)MERLON_DIGEST_PREFIX_SIZE == (int)HANDOVER_DIGEST_PREFIX,
	       "merlon/platform.h and lib/ differ");

static struct merlon_version version_of(const struct image_version *version)
{
	return (struct merlon_version) { version->major, version->minor, version->revision, version->build };
}

/* An entry that BL2 left out is no error: the field stays 0. */
static psa_status_t optional(psa_status_t status)
{
	return status == PSA_ERROR_DOES_NOT_EXIST ? PSA_SUCCESS : status;
}

static psa_status_t fill_set(const struct platform_config *config, struct merlon_boot_report *report)
{
	struct handover_set set;
	psa_status_t status = handover_find_set(config->handover, config->handover_size, &set);
	if (status != PSA_SUCCESS || set.phase != JOURNAL_TRIAL)
		return optional(status);
	report->set_phase = MERLON_SET_TRIAL;
	report->set_images = set.images;
	report->attempts_left = set.attempts_left;
	return PSA_SUCCESS;
}

static psa_status_t fill_refusals(const struct platform_config *config, struct merlon_boot_report *report)
{
	for (uint8_t i = 0; i < MERLON_REFUSAL_MAX; i++) {
		struct handover_refusal refusal;
		psa_status_t status = handover_find_refusal(config->handover, config->handover_size, i, &refusal);
		if (status != PSA_SUCCESS)
			return optional(status);
		report->refusals[i].code = refusal.code;
		report->refusals[i].image = refusal.image;
		report->refusals[i].version = version_of(&refusal.version);
		memcpy(report->refusals[i].digest_prefix, refusal.digest, MERLON_DIGEST_PREFIX_SIZE);
		report->refusal_count = (uint8_t)(i + 1);
	}
	return PSA_SUCCESS;
}

static psa_status_t fill_counters(const struct platform_config *config, struct merlon_boot_report *report)
{
	const uint8_t *data;
	uint16_t size;
	psa_status_t status = handover_find(config->handover, config->handover_size,
					    HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), &data, &size);
	if (status == PSA_SUCCESS && size != 4 * IMAGE_COUNT)
		return PSA_ERROR_DATA_INVALID;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		report->images[i].security_counter = le32_load(data + 4 * i);
	return optional(status);
}

static psa_status_t fill_image(const struct platform_config *config, uint8_t image, struct merlon_image_report *report)
{
	struct handover_measurement measurement;
	psa_status_t status = handover_find_measurement(config->handover, config->handover_size, image, &measurement);
	if (status != PSA_SUCCESS)
		return optional(status);
	report->version = version_of(&measurement.version);
	memcpy(report->measurement, measurement.digest, MERLON_DIGEST_SIZE);
	return PSA_SUCCESS;
}

psa_status_t report_fill(const struct platform_config *config, struct merlon_boot_report *report)
{
	memset(report, 0, sizeof *report);
	psa_status_t status =
		optional(handover_find_u32(config->handover, config->handover_size,
					   HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), &report->reset_cause));
	if (status == PSA_SUCCESS)
		status = optional(handover_find_u32(config->handover, config->handover_size,
						    HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), &report->lifecycle));
	if (status == PSA_SUCCESS)
		status = fill_set(config, report);
	if (status == PSA_SUCCESS)
		status = fill_counters(config, report);
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		status = fill_image(config, i, &report->images[i]);
	return status == PSA_SUCCESS ? fill_refusals(config, report) : status;
}

bool report_on_trial(const struct platform_config *config)
{
	struct handover_set set;
	psa_status_t status = handover_find_set(config->handover, config->handover_size, &set);
	return status == PSA_SUCCESS ? set.phase == JOURNAL_TRIAL : status != PSA_ERROR_DOES_NOT_EXIST;
}
