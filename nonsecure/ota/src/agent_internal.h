/* SPDX-License-Identifier: Apache-2.0 */
/** What the agent's files share. */
#ifndef MERLON_OTA_AGENT_INTERNAL_H
#define MERLON_OTA_AGENT_INTERNAL_H

#include <merlon/ota/agent.h>

struct text;

/** What a state's work came to. */
enum ota_result {
	OTA_DONE,
	OTA_MORE,    /* the same again */
	OTA_RETRY,   /* did not work this time */
	OTA_REFUSED, /* will never work with this set */
	OTA_NOTHING, /* there is nothing to do */
	OTA_TRIAL,   /* the running set is on trial */
	OTA_ENDED,   /* an update has come to an end */
	OTA_STAGED,  /* a reboot is due */
	OTA_FULL,    /* all bytes of `current` are stored */
	OTA_RESULT_COUNT,
};

enum ota_pause { OTA_PAUSE_NONE, OTA_PAUSE_POLL, OTA_PAUSE_BACKOFF };

struct ota_rule {
	enum ota_state state;
	enum ota_result result;
	enum ota_state next;
	enum ota_pause pause;
};
extern const struct ota_rule ota_rules[];
extern const size_t ota_rule_count;

/** The work of each state, and the results that it may have, a mask over enum ota_result. */
struct ota_work {
	enum ota_result (*run)(struct ota_agent *agent);
	unsigned results;
};
extern const struct ota_work ota_works[OTA_STATE_COUNT];

/** Tell the observer, and queue a report if the event is one that the server hears of. */
void ota_tell(struct ota_agent *agent, const struct ota_news *news);
/** Send all queued reports. @return the error of the first exchange that failed; an answer of any status counts as sent. */
psa_status_t ota_reports_send(struct ota_agent *agent);

/** Send the oldest records of the audit log, and acknowledge them there when the server took them. Errors as for ota_reports_send(). */
psa_status_t ota_audit_send(struct ota_agent *agent);
/* What both kinds of report are made of: a number that stays, what every body begins with, and the exchange. */
psa_status_t ota_report_number(struct ota_agent *agent, struct ota_report *report);
void ota_report_begin(const struct ota_agent *agent, uint32_t number, const char *event, struct text *text);
psa_status_t ota_report_put(struct ota_agent *agent, uint32_t number, const struct text *body, struct http_head *head);

/** @retval PSA_ERROR_DOES_NOT_EXIST  The server has no such thing (404, 410). PSA_ERROR_DATA_INVALID: not what was asked for. */
psa_status_t ota_catalogue_fetch(struct ota_agent *agent, struct catalogue *catalogue);
/** Fetch the range of `image` at `offset` and hand it to the update service; agent->written follows. */
psa_status_t ota_range_fetch(struct ota_agent *agent, const struct catalogue_image *image, uint32_t offset);

psa_status_t ota_record_load(struct ota_agent *agent);
psa_status_t ota_record_save(struct ota_agent *agent);
void ota_record_encode(const struct ota_record *record, uint8_t out[OTA_RECORD_SIZE]);
/** @retval PSA_ERROR_DATA_INVALID  Another format. */
psa_status_t ota_record_decode(const uint8_t in[OTA_RECORD_SIZE], struct ota_record *record);

#endif
