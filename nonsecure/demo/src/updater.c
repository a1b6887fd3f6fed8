/* SPDX-License-Identifier: Apache-2.0 */
/* The updater thread: what the update agent needs, put together. */
#include <merlon/demo/demo.h>
#include <merlon/lib/refusal.h>
#include <merlon/lib/text.h>
#include <merlon/platform.h>
#include <psa/crypto.h>
#include <psa/internal_trusted_storage.h>

enum { FLAG_FRAME = 1, RETRY_MS = 1000, ADDRESS_MS = 5000 };
#define RECORD_UID ((psa_storage_uid_t)0x4f544131) /* "OTA1": the agent's record in Internal Trusted Storage */

static void say_status(const char *what, psa_status_t status)
{
	char line[80];
	struct text text = { .data = line, .capacity = sizeof line };
	text_add(&text, "ota: ");
	text_add(&text, what);
	text_add(&text, ": ");
	text_add_signed(&text, status);
	demo_say(line);
}

/* ---- what network and agent ask for ---- */

static uint32_t now_ms(void)
{
	return osKernelGetTickCount();
}

static void sleep(uint32_t ms)
{
	demo_sign_of_life(DEMO_UPDATER);
	demo.hardware->ethernet_listen();
	(void)osThreadFlagsWait(FLAG_FRAME, osFlagsWaitAny, ms);
}

void demo_on_frame(void)
{
	(void)osThreadFlagsSet(demo.updater, FLAG_FRAME);
}

/* Without random numbers there is no network: when the noise source fails for good, liveness ends and the watchdog resets. */
static uint32_t random32(void)
{
	uint32_t value;
	while (psa_generate_random((uint8_t *)&value, sizeof value) != PSA_SUCCESS)
		(void)osDelay(RETRY_MS);
	return value;
}

static uint32_t agent_random(void *context)
{
	(void)context;
	return random32();
}

static psa_status_t record_load(void *context, uint8_t record[OTA_RECORD_SIZE])
{
	size_t size;
	(void)context;
	psa_status_t status = psa_its_get(RECORD_UID, 0, OTA_RECORD_SIZE, record, &size);
	return status == PSA_SUCCESS && size != OTA_RECORD_SIZE ? PSA_ERROR_DATA_INVALID : status;
}

static psa_status_t record_save(void *context, const uint8_t record[OTA_RECORD_SIZE])
{
	(void)context;
	return psa_its_set(RECORD_UID, OTA_RECORD_SIZE, record, PSA_STORAGE_FLAG_NONE);
}

/* The application is well when it has done something since the start. */
static psa_status_t self_check(void *context)
{
	(void)context;
	return demo.beats > 0 ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

static void observe(void *context, const struct ota_news *news)
{
	static const char *const words[OTA_EVENT_COUNT] = {
		[OTA_EVENT_BOOT] = "started",      [OTA_EVENT_FOUND] = "found",       [OTA_EVENT_RESUMED] = "resumes at byte",
		[OTA_EVENT_PROGRESS] = "",         [OTA_EVENT_VERIFIED] = "verified", [OTA_EVENT_REFUSED] = "refused",
		[OTA_EVENT_STAGED] = "staged",     [OTA_EVENT_TRIAL] = "on trial",    [OTA_EVENT_CONFIRMED] = "confirmed",
		[OTA_EVENT_REVERTED] = "reverted", [OTA_EVENT_REJECTED] = "rejected", [OTA_EVENT_FAILED] = "failed",
	};
	static const char *const components[MERLON_FWU_COMPONENT_COUNT] = { "secure: ", "nonsecure: " };
	char line[120];
	struct text text = { .data = line, .capacity = sizeof line };
	(void)context;
	demo_sign_of_life(DEMO_UPDATER);
	text_add(&text, "ota: ");
	text_add(&text, news->component < MERLON_FWU_COMPONENT_COUNT ? components[news->component] : "");
	text_add(&text, words[news->event]);
	if (news->event == OTA_EVENT_PROGRESS || news->event == OTA_EVENT_RESUMED) {
		text_add(&text, news->event == OTA_EVENT_RESUMED ? " " : "");
		text_add_number(&text, news->offset);
		text_add(&text, " of ");
		text_add_number(&text, news->size);
		text_add(&text, " bytes");
	} else if (news->event != OTA_EVENT_BOOT && news->event != OTA_EVENT_FAILED) {
		text_add(&text, " ");
		text_add_number(&text, news->version.major);
		text_add(&text, ".");
		text_add_number(&text, news->version.minor);
		text_add(&text, ".");
		text_add_number(&text, news->version.patch);
	}
	if (news->status != PSA_SUCCESS) {
		text_add(&text, ", status ");
		text_add_signed(&text, news->status);
	}
	if (news->refusal != 0) {
		text_add(&text, ", ");
		text_add(&text, refusal_name((enum refusal)news->refusal));
	}
	demo_say(line);
}

/* ---- bringing it up ---- */

/* A text of the factory data, terminated. */
static psa_status_t factory_text(enum merlon_factory_item item, char *text, size_t capacity)
{
	size_t size;
	psa_status_t status = merlon_platform_factory_read(item, text, capacity - 1, &size);
	text[status == PSA_SUCCESS ? size : 0] = '\0';
	return status;
}

static psa_status_t factory_read(void)
{
	psa_status_t status = factory_text(MERLON_FACTORY_SERIAL, demo.serial, sizeof demo.serial);
	if (status == PSA_SUCCESS)
		status = factory_text(MERLON_FACTORY_SERVER_URL, demo.url, sizeof demo.url);
	if (status == PSA_SUCCESS)
		status = factory_text(MERLON_FACTORY_SERVER_NAME, demo.server_name, sizeof demo.server_name);
	if (status == PSA_SUCCESS)
		status = merlon_platform_factory_read(MERLON_FACTORY_SERVER_CA, demo.ca, sizeof demo.ca, &demo.ca_size);
	return status;
}

static psa_status_t agent_init(void)
{
	demo.config = (struct ota_config) {
		.stream = &demo.tls.stream,
		.url = demo.url,
		.server_name = demo.server_name,
		.serial = demo.serial,
		.poll_ms = DEMO_POLL_MS,
		.backoff_ms = 500,
		.backoff_max_ms = 8000,
		.now_ms = now_ms,
		.random = agent_random,
		.load = record_load,
		.save = record_save,
		.self_check = self_check,
		.observe = observe,
	};
	tcp_stream_init(&demo.tcp);
	psa_status_t status = tls_stream_init(&demo.tls, &demo.tcp.stream, demo.ca, demo.ca_size, demo.server_name, now_ms);
	return status == PSA_SUCCESS ? ota_agent_init(&demo.agent, &demo.config) : status;
}

static psa_status_t network_up(void)
{
	demo.network =
		(struct network_config) { .device = demo.hardware->ethernet, .now_ms = now_ms, .random = random32, .sleep = sleep };
	psa_status_t status = network_init(&demo.network);
	uint8_t address[4];
	if (status != PSA_SUCCESS)
		return status;
	while (network_address_wait(ADDRESS_MS, address) != PSA_SUCCESS)
		demo_say("net: no address yet");
	char line[40];
	struct text text = { .data = line, .capacity = sizeof line };
	text_add(&text, "net: address ");
	for (unsigned i = 0; i < sizeof address; i++) {
		text_add(&text, i == 0 ? "" : ".");
		text_add_number(&text, address[i]);
	}
	demo_say(line);
	return PSA_SUCCESS;
}

static bool never(void *context)
{
	(void)context;
	return false;
}

void demo_updater(void *argument)
{
	(void)argument;
	const char *step = "crypto";
	tls_memory_init(demo.tls_arena, sizeof demo.tls_arena);
	psa_status_t status = psa_crypto_init();
	if (status == PSA_SUCCESS) {
		step = "factory data";
		status = factory_read();
	}
	if (status == PSA_SUCCESS) {
		step = "network";
		status = network_up();
	}
	if (status == PSA_SUCCESS) {
		step = "agent";
		status = agent_init();
	}
	if (status != PSA_SUCCESS)
		say_status(step, status);
	while (status == PSA_SUCCESS) {
		demo_sign_of_life(DEMO_UPDATER);
		(void)network_wait(never, NULL, ota_agent_step(&demo.agent));
	}
	/* A device without network still does its work; it cannot be updated. */
	for (;;)
		sleep(RETRY_MS);
}
