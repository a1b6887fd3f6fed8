/* SPDX-License-Identifier: Apache-2.0 */
/* Reports to the server: docs/format/ota_report.md. */
#include "agent_internal.h"
#include <merlon/lib/refusal.h>
#include <merlon/lib/text.h>
#include <string.h>

/* NULL: only the observer hears of it. */
static const char *const event_names[OTA_EVENT_COUNT] = {
	[OTA_EVENT_BOOT] = "boot",         [OTA_EVENT_FOUND] = "found",         [OTA_EVENT_RESUMED] = "resumed",
	[OTA_EVENT_VERIFIED] = "verified", [OTA_EVENT_REFUSED] = "refused",     [OTA_EVENT_STAGED] = "staged",
	[OTA_EVENT_TRIAL] = "trial",       [OTA_EVENT_CONFIRMED] = "confirmed", [OTA_EVENT_REVERTED] = "reverted",
	[OTA_EVENT_REJECTED] = "rejected",
};

static const char *const cause_names[] = {
	[MERLON_RESET_POWER_ON] = "power-on",
	[MERLON_RESET_REQUESTED] = "requested",
	[MERLON_RESET_WATCHDOG] = "watchdog",
	[MERLON_RESET_CONFIRM_WINDOW] = "confirm-window",
	[MERLON_RESET_SECURE_FAULT] = "secure-fault",
	[MERLON_RESET_NONSECURE_FAULT] = "nonsecure-fault",
	[MERLON_RESET_PANIC] = "panic",
};

void ota_tell(struct ota_agent *agent, const struct ota_news *news)
{
	agent->config->observe(agent->config->context, news);
	if (event_names[news->event] == NULL)
		return;
	if (agent->queue_count == OTA_QUEUE_MAX)
		memmove(&agent->queue[0], &agent->queue[1], --agent->queue_count * sizeof agent->queue[0]);
	agent->queue[agent->queue_count++] = (struct ota_report) { .news = *news };
}

static void add_version(struct text *text, const char *name, uint8_t major, uint8_t minor, uint16_t patch, uint32_t build)
{
	text_add(text, "\"");
	text_add(text, name);
	text_add(text, "\":\"");
	text_add_number(text, major);
	text_add(text, ".");
	text_add_number(text, minor);
	text_add(text, ".");
	text_add_number(text, patch);
	text_add(text, "+");
	text_add_number(text, build);
	text_add(text, "\"");
}

static void add_running(struct text *text, const struct ota_agent *agent)
{
	static const char *const names[MERLON_FWU_COMPONENT_COUNT] = { "secure", "nonsecure" };
	text_add(text, ",\"running\":{");
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		const psa_fwu_image_version_t *version = &agent->components[i].version;
		text_add(text, i == 0 ? "" : ",");
		add_version(text, names[i], version->major, version->minor, version->patch, version->build);
	}
	text_add(text, "}");
}

static void add_refusal(struct text *text, uint32_t code)
{
	text_add(text, ",\"refusal\":");
	text_add_number(text, code);
	text_add(text, ",\"reason\":\"");
	text_add(text, refusal_name((enum refusal)code));
	text_add(text, "\"");
}

/* What BL2 found at this start. */
static void add_boot(struct text *text, const struct merlon_boot_report *boot)
{
	bool is_known = boot->reset_cause < sizeof cause_names / sizeof cause_names[0];
	text_add(text, ",\"reset_cause\":\"");
	text_add(text, is_known ? cause_names[boot->reset_cause] : "unknown");
	text_add(text, "\",\"lifecycle\":");
	text_add_number(text, boot->lifecycle);
	text_add(text, ",\"refusals\":[");
	for (unsigned i = 0; i < boot->refusal_count && i < MERLON_REFUSAL_MAX; i++) {
		const struct merlon_refusal *refusal = &boot->refusals[i];
		text_add(text, i == 0 ? "{\"image\":" : ",{\"image\":");
		text_add_number(text, refusal->image);
		text_add(text, ",");
		add_version(text, "version", refusal->version.major, refusal->version.minor, refusal->version.revision,
			    refusal->version.build);
		add_refusal(text, refusal->code);
		text_add(text, ",\"digest\":\"");
		text_add_hex(text, refusal->digest_prefix, sizeof refusal->digest_prefix);
		text_add(text, "\"}");
	}
	text_add(text, "]");
}

void ota_report_begin(const struct ota_agent *agent, uint32_t number, const char *event, struct text *text)
{
	text_add(text, "{\"format\":1,\"serial\":\"");
	text_add(text, agent->config->serial);
	text_add(text, "\",\"number\":");
	text_add_number(text, number);
	text_add(text, ",\"event\":\"");
	text_add(text, event);
	text_add(text, "\"");
}

static void report_encode(const struct ota_agent *agent, const struct ota_report *report, struct text *text)
{
	const struct ota_news *news = &report->news;
	ota_report_begin(agent, report->number, event_names[news->event], text);
	add_running(text, agent);
	if (news->event == OTA_EVENT_BOOT) {
		add_boot(text, &agent->boot);
	} else {
		text_add(text, ",");
		add_version(text, "version", news->version.major, news->version.minor, news->version.patch, news->version.build);
	}
	if (news->component != OTA_COMPONENT_NONE) {
		text_add(text, ",\"component\":");
		text_add_number(text, news->component);
		text_add(text, ",\"offset\":");
		text_add_number(text, news->offset);
		text_add(text, ",\"size\":");
		text_add_number(text, news->size);
	}
	if (news->status != PSA_SUCCESS) {
		text_add(text, ",\"status\":");
		text_add_signed(text, news->status);
	}
	if (news->refusal != 0)
		add_refusal(text, news->refusal);
	text_add(text, "}\n");
}

/* A report has its number before it is sent and keeps it when it is sent again: the server sees each once. A power cut leaves a
 * gap in the numbers, never two reports with one number. */
psa_status_t ota_report_number(struct ota_agent *agent, struct ota_report *report)
{
	if (report->is_numbered)
		return PSA_SUCCESS;
	report->number = agent->record.report_next++;
	psa_status_t status = ota_record_save(agent);
	report->is_numbered = status == PSA_SUCCESS;
	return status;
}

psa_status_t ota_report_put(struct ota_agent *agent, uint32_t number, const struct text *body, struct http_head *head)
{
	char path_buffer[HTTP_PATH_MAX + 1];
	struct text path = { .data = path_buffer, .capacity = sizeof path_buffer };
	text_add(&path, "/reports/");
	text_add(&path, agent->config->serial);
	text_add(&path, "/");
	text_add_number(&path, number);
	text_add(&path, ".json");
	if (!text_is_whole(&path) || !text_is_whole(body))
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	struct http_request request = { .method = "PUT", .path = path.data, .body = body->data, .body_size = body->size };
	psa_status_t status = http_exchange_begin(&agent->http, &request, OTA_EXCHANGE_MS, head);
	if (status == PSA_SUCCESS)
		http_exchange_end(&agent->http);
	return status;
}

static psa_status_t report_send(struct ota_agent *agent, struct ota_report *report)
{
	struct text body = { .data = (char *)agent->scratch, .capacity = sizeof agent->scratch };
	struct http_head head;
	psa_status_t status = ota_report_number(agent, report);
	if (status != PSA_SUCCESS)
		return status;
	report_encode(agent, report, &body);
	return ota_report_put(agent, report->number, &body, &head);
}

static psa_status_t tell_failure(struct ota_agent *agent, psa_status_t status)
{
	struct ota_news news = { .event = OTA_EVENT_FAILED, .component = OTA_COMPONENT_NONE, .status = status };
	agent->config->observe(agent->config->context, &news);
	return status;
}

psa_status_t ota_reports_send(struct ota_agent *agent)
{
	while (agent->queue_count > 0) {
		psa_status_t status = report_send(agent, &agent->queue[0]);
		if (status != PSA_SUCCESS)
			return tell_failure(agent, status);
		agent->has_contact = true;
		memmove(&agent->queue[0], &agent->queue[1], --agent->queue_count * sizeof agent->queue[0]);
	}
	/* Between updates, so that a server which does not want the audit log delays nothing. */
	psa_status_t status = agent->state == OTA_STATE_POLL ? ota_audit_send(agent) : PSA_SUCCESS;
	return status == PSA_SUCCESS ? status : tell_failure(agent, status);
}
