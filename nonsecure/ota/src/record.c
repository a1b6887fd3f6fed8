/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's record: docs/format/ota_record.md. */
#include "agent_internal.h"
#include <merlon/lib/le.h>
#include <string.h>

enum {
	RECORD_FORMAT = 1,
	AT_FORMAT = 0,
	AT_PHASE = 1,
	AT_TRIES = 2,
	AT_REPORT = 4,
	AT_MAJOR = 8,
	AT_MINOR = 9,
	AT_PATCH = 10,
	AT_BUILD = 12,
	AT_DIGESTS = 20
};

_Static_assert(AT_DIGESTS + sizeof((struct ota_record *)0)->digests == OTA_RECORD_SIZE, "the page says 84");

void ota_record_encode(const struct ota_record *record, uint8_t out[OTA_RECORD_SIZE])
{
	memset(out, 0, OTA_RECORD_SIZE);
	out[AT_FORMAT] = RECORD_FORMAT;
	out[AT_PHASE] = (uint8_t)record->phase;
	out[AT_TRIES] = record->tries;
	le32_store(out + AT_REPORT, record->report_next);
	out[AT_MAJOR] = record->version.major;
	out[AT_MINOR] = record->version.minor;
	le16_store(out + AT_PATCH, record->version.patch);
	le32_store(out + AT_BUILD, record->version.build);
	memcpy(out + AT_DIGESTS, record->digests, sizeof record->digests);
}

psa_status_t ota_record_decode(const uint8_t in[OTA_RECORD_SIZE], struct ota_record *record)
{
	if (in[AT_FORMAT] != RECORD_FORMAT || in[AT_PHASE] >= OTA_PHASE_COUNT)
		return PSA_ERROR_DATA_INVALID;
	record->phase = (enum ota_phase)in[AT_PHASE];
	record->tries = in[AT_TRIES];
	record->report_next = le32_load(in + AT_REPORT);
	record->version.major = in[AT_MAJOR];
	record->version.minor = in[AT_MINOR];
	record->version.patch = le16_load(in + AT_PATCH);
	record->version.build = le32_load(in + AT_BUILD);
	memcpy(record->digests, in + AT_DIGESTS, sizeof record->digests);
	return PSA_SUCCESS;
}

psa_status_t ota_record_load(struct ota_agent *agent)
{
	uint8_t bytes[OTA_RECORD_SIZE];
	if (agent->is_record_loaded)
		return PSA_SUCCESS;
	psa_status_t status = agent->config->load(agent->config->context, bytes);
	if (status == PSA_SUCCESS)
		status = ota_record_decode(bytes, &agent->record);
	/* Without a record, or with one of another format, the agent begins anew: at worst it fetches a refused set once more. */
	if (status == PSA_ERROR_DOES_NOT_EXIST || status == PSA_ERROR_DATA_INVALID) {
		memset(&agent->record, 0, sizeof agent->record);
		status = PSA_SUCCESS;
	}
	agent->is_record_loaded = status == PSA_SUCCESS;
	return status;
}

psa_status_t ota_record_save(struct ota_agent *agent)
{
	uint8_t bytes[OTA_RECORD_SIZE];
	ota_record_encode(&agent->record, bytes);
	return agent->config->save(agent->config->context, bytes);
}
