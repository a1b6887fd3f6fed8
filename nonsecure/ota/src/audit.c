/* SPDX-License-Identifier: Apache-2.0 */
/* What the Secure world's audit log holds goes to the server, and is acknowledged when the server has it. */
#include "agent_internal.h"
#include <merlon/audit.h>
#include <merlon/lib/text.h>

enum { STATUS_OK = 200, STATUS_OK_END = 300 };

static const char *const kind_names[MERLON_AUDIT_KIND_COUNT] = {
	[MERLON_AUDIT_REFUSED] = "refused",     [MERLON_AUDIT_STORAGE] = "storage", [MERLON_AUDIT_PANIC] = "panic",
	[MERLON_AUDIT_LIFECYCLE] = "lifecycle", [MERLON_AUDIT_COUNTER] = "counter", [MERLON_AUDIT_EPOCH] = "epoch",
};

static void add_record(struct text *text, const struct merlon_audit_record *record, psa_status_t status)
{
	bool is_known = record->kind < MERLON_AUDIT_KIND_COUNT && kind_names[record->kind] != NULL;
	text_add(text, "{\"sequence\":");
	text_add_number(text, record->sequence);
	text_add(text, ",\"kind\":\"");
	text_add(text, is_known ? kind_names[record->kind] : "unknown");
	text_add(text, "\"");
	if (status == PSA_SUCCESS) {
		text_add(text, ",\"data\":\"");
		text_add_hex(text, record->data.bytes, sizeof record->data.bytes);
		text_add(text, "\"");
	}
	text_add(text, "}");
}

/* The oldest records, as many as one report takes, or up to what the same report carried when it was sent before. */
static psa_status_t add_records(struct text *text, uint32_t *last)
{
	uint32_t limit = *last != 0 ? *last : UINT32_MAX, after = 0;
	for (unsigned i = 0; i < OTA_AUDIT_MAX; i++) {
		struct merlon_audit_record record;
		psa_status_t status = merlon_audit_read(after, &record);
		if (status == PSA_ERROR_DOES_NOT_EXIST || (status == PSA_SUCCESS && record.sequence > limit))
			break;
		if (status != PSA_SUCCESS && status != PSA_ERROR_DATA_CORRUPT)
			return status;
		text_add(text, i == 0 ? "" : ",");
		add_record(text, &record, status);
		after = record.sequence;
	}
	*last = after;
	return PSA_SUCCESS;
}

psa_status_t ota_audit_send(struct ota_agent *agent)
{
	struct merlon_audit_state state;
	struct http_head head;
	struct text text = { .data = (char *)agent->scratch, .capacity = sizeof agent->scratch };
	/* A product without an audit log has nothing to tell. */
	if (merlon_audit_state(&state) != PSA_SUCCESS || state.waiting == 0)
		return PSA_SUCCESS;
	psa_status_t status = ota_report_number(agent, &agent->audit);
	if (status != PSA_SUCCESS)
		return status;
	ota_report_begin(agent, agent->audit.number, "audit", &text);
	text_add(&text, ",\"dropped\":");
	text_add_number(&text, state.dropped);
	text_add(&text, ",\"records\":[");
	status = add_records(&text, &agent->audit_last);
	text_add(&text, "]}\n");
	if (status == PSA_SUCCESS)
		status = ota_report_put(agent, agent->audit.number, &text, &head);
	if (status != PSA_SUCCESS)
		return status;
	/* An answer that is not "I have it" ends this report, and no record. */
	agent->audit.is_numbered = false;
	uint32_t last = agent->audit_last;
	agent->audit_last = 0;
	return head.status >= STATUS_OK && head.status < STATUS_OK_END ? merlon_audit_acknowledge(last) : PSA_SUCCESS;
}
