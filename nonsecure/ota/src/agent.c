/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_internal.h"
#include <string.h>

static bool is_serial(const char *serial)
{
	size_t size = 0;
	for (const char *c = serial; *c != '\0'; c++, size++) {
		bool good = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
			    strchr("._-", *c) != NULL;
		if (!good || size == OTA_SERIAL_MAX)
			return false;
	}
	return size > 0 && serial[0] != '.';
}

/* A name that may stand in a header line. */
static bool is_name(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (name[i] <= ' ' || name[i] > '~' || strchr("/@?#%:\\", name[i]) != NULL)
			return false;
	return size > 0 && size <= STREAM_HOST_MAX;
}

/* https://HOST[:PORT] with at most one slash behind it. */
static bool url_parse(const char *url, char host[STREAM_HOST_MAX + 1], uint16_t *port)
{
	static const char scheme[] = "https://";
	if (strncmp(url, scheme, sizeof scheme - 1) != 0)
		return false;
	url += sizeof scheme - 1;
	size_t size = strcspn(url, ":/");
	if (!is_name(url, size))
		return false;
	memcpy(host, url, size);
	host[size] = '\0';
	url += size;
	uint32_t number = 443;
	if (*url == ':') {
		number = 0;
		for (url++; *url >= '0' && *url <= '9' && number <= UINT16_MAX; url++)
			number = number * 10 + (uint32_t)(*url - '0');
	}
	*port = (uint16_t)number;
	return number > 0 && number <= UINT16_MAX && (strcmp(url, "") == 0 || strcmp(url, "/") == 0);
}

psa_status_t ota_agent_init(struct ota_agent *agent, const struct ota_config *config)
{
	memset(agent, 0, sizeof *agent);
	agent->config = config;
	agent->http = (struct http_client) {
		.stream = config->stream, .host = agent->host, .name = config->server_name, .now_ms = config->now_ms
	};
	if (!url_parse(config->url, agent->host, &agent->http.port) || !is_serial(config->serial) ||
	    !is_name(config->server_name, strlen(config->server_name)))
		return PSA_ERROR_INVALID_ARGUMENT;
	return PSA_SUCCESS;
}

static uint32_t between(struct ota_agent *agent, uint32_t low, uint32_t high)
{
	return low + agent->config->random(agent->config->context) % (high - low + 1);
}

static uint32_t pause_ms(struct ota_agent *agent, enum ota_pause pause)
{
	const struct ota_config *config = agent->config;
	if (pause != OTA_PAUSE_BACKOFF) {
		agent->failures = 0;
		return pause == OTA_PAUSE_NONE
			       ? 0
			       : between(agent, config->poll_ms - config->poll_ms / 8, config->poll_ms + config->poll_ms / 8);
	}
	uint32_t delay = config->backoff_ms;
	for (unsigned i = 0; i < agent->failures && delay < config->backoff_max_ms; i++)
		delay *= 2;
	agent->failures++;
	delay = delay < config->backoff_max_ms ? delay : config->backoff_max_ms;
	return between(agent, delay / 2, delay);
}

/* Always finds a row: a test proves it. */
static const struct ota_rule *rule_of(enum ota_state state, enum ota_result result)
{
	size_t i = 0;
	while (i + 1 < ota_rule_count && (ota_rules[i].state != state || ota_rules[i].result != result))
		i++;
	return &ota_rules[i];
}

uint32_t ota_agent_step(struct ota_agent *agent)
{
	/* What has happened is told before anything else happens: a report that waits is lost with the next reset. */
	if (agent->state != OTA_STATE_START && ota_reports_send(agent) != PSA_SUCCESS)
		return pause_ms(agent, OTA_PAUSE_BACKOFF);
	enum ota_result result = ota_works[agent->state].run(agent);
	const struct ota_rule *rule = rule_of(agent->state, result);
	agent->state = rule->next;
	return pause_ms(agent, rule->pause);
}
