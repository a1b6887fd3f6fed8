/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"
#include <merlon/test.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct world world;

static jmp_buf power;
enum { LIFE_ENDS = 1 };

/* Called before and after each change: the cut falls on either side. */
static void change(void)
{
	world.changes++;
	if (world.cut_after >= 0 && world.cut_after-- == 0) {
		world.is_cold = true;
		longjmp(power, LIFE_ENDS);
	}
}

/* ---- the update service ---- */

static psa_fwu_component_info_t *component(psa_fwu_component_t id)
{
	return id < MERLON_FWU_COMPONENT_COUNT ? &world.components[id] : NULL;
}

psa_status_t psa_fwu_query(psa_fwu_component_t id, psa_fwu_component_info_t *info)
{
	*info = *component(id);
	return PSA_SUCCESS;
}

/* From `from` (a mask of states) to `to`. */
static psa_status_t move(psa_fwu_component_t id, unsigned from, uint8_t to)
{
	psa_fwu_component_info_t *info = component(id);
	if (info == NULL)
		return PSA_ERROR_DOES_NOT_EXIST;
	if ((from & 1u << info->state) == 0)
		return PSA_ERROR_BAD_STATE;
	change();
	info->state = to;
	info->error = PSA_SUCCESS;
	info->impl = (psa_fwu_impl_info_t) { 0 };
	change();
	return PSA_SUCCESS;
}

psa_status_t psa_fwu_start(psa_fwu_component_t id, const void *manifest, size_t manifest_size)
{
	if (manifest != NULL || manifest_size != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return move(id, 1u << PSA_FWU_READY, PSA_FWU_WRITING);
}

psa_status_t psa_fwu_write(psa_fwu_component_t id, size_t offset, const void *block, size_t size)
{
	psa_fwu_component_info_t *info = component(id);
	CHECK_EQ(info->state, PSA_FWU_WRITING);
	CHECK_THAT(offset % 8 == 0 && size > 0 && size <= PSA_FWU_MAX_WRITE_SIZE, "offset %zu, size %zu", offset, size);
	CHECK_THAT(offset + size <= world.sizes[id], "offset %zu, size %zu", offset, size);
	CHECK_THAT(offset <= world.written[id] || offset <= info->impl.resume_offset, "a hole before offset %zu", offset);
	change();
	memcpy(world.staging[id] + offset, block, size);
	uint32_t end = (uint32_t)(offset + size);
	world.written[id] = end;
	/* The service commits whole sectors of 4096 bytes, and the end. */
	end = end == world.sizes[id] ? end : end / 4096 * 4096;
	if (end > info->impl.resume_offset)
		info->impl.resume_offset = end;
	world.writes++;
	change();
	return PSA_SUCCESS;
}

psa_status_t psa_fwu_finish(psa_fwu_component_t id)
{
	psa_status_t verdict = world.finish_verdict;
	if (memcmp(world.staging[id], world.files[id], world.sizes[id]) != 0)
		verdict = PSA_ERROR_INVALID_SIGNATURE;
	psa_status_t status = move(id, 1u << PSA_FWU_WRITING, verdict == PSA_SUCCESS ? PSA_FWU_CANDIDATE : PSA_FWU_FAILED);
	if (status == PSA_SUCCESS && verdict != PSA_SUCCESS) {
		component(id)->error = verdict;
		component(id)->impl.refusal = world.finish_refusal;
	}
	return status == PSA_SUCCESS ? verdict : status;
}

psa_status_t psa_fwu_cancel(psa_fwu_component_t id)
{
	return move(id, 1u << PSA_FWU_WRITING | 1u << PSA_FWU_CANDIDATE, PSA_FWU_FAILED);
}

psa_status_t psa_fwu_clean(psa_fwu_component_t id)
{
	return move(id, 1u << PSA_FWU_FAILED | 1u << PSA_FWU_UPDATED, PSA_FWU_READY);
}

/* All components in state `from` go on to `to` at once. @return whether there was one. */
static bool move_set(uint8_t from, uint8_t to, psa_status_t error)
{
	bool moved = false;
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		if (world.components[i].state != from)
			continue;
		world.components[i].state = to;
		world.components[i].error = error;
		moved = true;
	}
	return moved;
}

psa_status_t psa_fwu_install(void)
{
	if (world.install_verdict != PSA_SUCCESS)
		return world.install_verdict;
	change();
	if (!move_set(PSA_FWU_CANDIDATE, PSA_FWU_STAGED, PSA_SUCCESS))
		return PSA_ERROR_BAD_STATE;
	change();
	return PSA_SUCCESS_REBOOT;
}

psa_status_t psa_fwu_accept(void)
{
	change();
	if (!move_set(PSA_FWU_TRIAL, PSA_FWU_UPDATED, PSA_SUCCESS))
		return PSA_ERROR_BAD_STATE;
	change();
	return PSA_SUCCESS;
}

psa_status_t psa_fwu_reject(psa_status_t error)
{
	change();
	return move_set(PSA_FWU_TRIAL, PSA_FWU_REJECTED, error) ? PSA_SUCCESS_REBOOT : PSA_ERROR_BAD_STATE;
}

psa_status_t psa_fwu_request_reboot(void)
{
	world.reboots++;
	world.is_cold = false;
	longjmp(power, LIFE_ENDS);
}

void world_reset(void)
{
	static const psa_fwu_image_version_t old = { 1, 0, 0, 0 };
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		psa_fwu_component_info_t *info = &world.components[i];
		if (info->state == PSA_FWU_STAGED && !world.is_set_bad) {
			info->state = PSA_FWU_TRIAL;
			info->version = world.staged_version;
		} else if (info->state == PSA_FWU_STAGED || info->state == PSA_FWU_TRIAL || info->state == PSA_FWU_REJECTED) {
			info->state = PSA_FWU_FAILED;
			info->version = old;
		}
	}
}

psa_status_t merlon_audit_state(struct merlon_audit_state *state)
{
	*state = (struct merlon_audit_state) { world.audit_next - world.audit_first, world.audit_next, 3 };
	return PSA_SUCCESS;
}

psa_status_t merlon_audit_read(uint32_t after, struct merlon_audit_record *record)
{
	*record = (struct merlon_audit_record) { .sequence = after < world.audit_first ? world.audit_first : after + 1,
						 .kind = MERLON_AUDIT_STORAGE };
	record->data.storage.uid = record->sequence;
	return record->sequence < world.audit_next ? PSA_SUCCESS : PSA_ERROR_DOES_NOT_EXIST;
}

/* Nothing is given up that the server does not have. */
psa_status_t merlon_audit_acknowledge(uint32_t sequence)
{
	CHECK(sequence >= world.audit_first && sequence < world.audit_next);
	CHECK_THAT(sequence <= world.audit_told, "record %u of %u told", sequence, world.audit_told);
	world.audit_first = sequence + 1;
	return PSA_SUCCESS;
}

psa_status_t merlon_platform_boot_report(struct merlon_boot_report *report)
{
	*report = world.boot;
	report->reset_cause = world.is_cold ? MERLON_RESET_POWER_ON : MERLON_RESET_REQUESTED;
	return PSA_SUCCESS;
}

/* ---- what the configuration gives ---- */

static uint32_t now_ms(void)
{
	return world.now;
}

static uint32_t next_random(void *context)
{
	(void)context;
	return (uint32_t)rand();
}

static psa_status_t load(void *context, uint8_t record[OTA_RECORD_SIZE])
{
	(void)context;
	memcpy(record, world.record, OTA_RECORD_SIZE);
	return world.has_record ? PSA_SUCCESS : PSA_ERROR_DOES_NOT_EXIST;
}

static psa_status_t save(void *context, const uint8_t record[OTA_RECORD_SIZE])
{
	(void)context;
	change();
	memcpy(world.record, record, OTA_RECORD_SIZE);
	world.has_record = true;
	change();
	return PSA_SUCCESS;
}

static psa_status_t self_check(void *context)
{
	(void)context;
	return world.health;
}

static void observe(void *context, const struct ota_news *news)
{
	(void)context;
	world.events[news->event]++;
	if (news->event == OTA_EVENT_RESUMED)
		world.first_offset = news->offset;
}

/* ---- the server, at the other end of a stream ---- */

static struct {
	bool is_open;
	char answer[2 * WORLD_IMAGE_MAX];
	size_t size, taken;
	bool closes, is_endless;
} line;

static void say(const void *data, size_t size)
{
	CHECK(line.size + size <= sizeof line.answer);
	memcpy(line.answer + line.size, data, size);
	line.size += size;
}

static void say_text(const char *text)
{
	say(text, strlen(text));
}

static void say_file(const uint8_t *data, size_t size, const char *status, const char *header)
{
	char head[256];
	snprintf(head, sizeof head, "HTTP/1.1 %s\r\nServer: test\r\n%sContent-Length: %zu\r\n\r\n", status, header, size);
	say_text(head);
	say(data, size);
}

static void serve_range(const uint8_t *file, uint32_t size, uint32_t first, uint32_t last)
{
	char header[128];
	uint32_t count = last - first + 1, shown = first, end = last, total = size;
	CHECK_THAT(first <= last && last < size, "asked for %u-%u of %u", first, last, size);
	world.ranges_served++;
	world.bytes_served += count;
	if (world.mood == SERVER_SHIFTS_RANGE) {
		shown = first >= 8 ? first - 8 : first + 8;
		end = last + shown - first < size ? last + shown - first : size - 1;
		count = end - shown + 1;
	} else if (world.mood == SERVER_SHORT_RANGE && count > 8) {
		count -= 8;
		end -= 8;
	} else if (world.mood == SERVER_LIES_TOTAL) {
		total += 1;
	}
	snprintf(header, sizeof header, "Content-Range: bytes %u-%u/%u\r\n", shown, end, total);
	if (world.mood == SERVER_LENGTH_LONGER || world.mood == SERVER_LENGTH_SHORTER) {
		char head[256];
		uint32_t length = world.mood == SERVER_LENGTH_LONGER ? count + 8 : count - 1;
		snprintf(head, sizeof head, "HTTP/1.1 206 Partial Content\r\n%sContent-Length: %u\r\n\r\n", header, length);
		say_text(head);
		say(file + shown, count);
		say_text("12345678");
		return;
	}
	if (world.mood == SERVER_IGNORES_RANGE)
		say_file(file, size, "200 OK", "");
	else
		say_file(file + shown, count, "206 Partial Content", header);
	if (world.mood == SERVER_CUTS_BODY) {
		line.size -= count / 2 + 1;
		line.closes = true;
	}
}

static void serve_report(const char *request)
{
	const char *body = strstr(request, "\r\n\r\n");
	CHECK(body != NULL);
	const char *event = strstr(body, "\"event\":\"");
	CHECK(event != NULL);
	snprintf(world.last_report, sizeof world.last_report, "%s", body + 4);
	unsigned path_number, number;
	CHECK_EQ(sscanf(request, "PUT /reports/SN-1/%u.json HTTP/1.1\r\n", &path_number), 1);
	CHECK_EQ(sscanf(strstr(body, "\"number\":"), "\"number\":%u", &number), 1);
	CHECK_EQ(path_number, number);
	/* A gap: the power went after the number was recorded. The same number again: the answer was lost, so it is the same report. */
	CHECK_THAT(number < 64 && number + 1 >= world.reports, "number %u after %u reports", number, world.reports);
	char name[16] = "";
	sscanf(event + 9, "%15[a-z]", name);
	CHECK_THAT(number >= world.reports || strcmp(name, world.events_reported[number]) == 0, "number %u: %s", number, name);
	strcpy(world.events_reported[number], name);
	world.reports = number + 1;
	for (const char *record = body; (record = strstr(record, "{\"sequence\":")) != NULL && world.report_status == 0; record++)
		CHECK_EQ(sscanf(record, "{\"sequence\":%u,\"kind\":\"storage\",\"data\":", &world.audit_told), 1);
	if (world.report_status != 0) {
		say_text("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
		return;
	}
	say_text(world.reports % 2 == 0 ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
}

/* Moods that spoil any answer. @return whether this one did. */
static bool serve_badly(void)
{
	static const char *const answers[SERVER_MOOD_COUNT] = {
		[SERVER_NO_LENGTH] = "HTTP/1.1 206 Partial Content\r\n\r\nabc",
		[SERVER_TWO_LENGTHS] = "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
		[SERVER_CHUNKED] = "HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n",
		[SERVER_LONG_HEAD] = "HTTP/1.1 200 OK\r\nX: ",
		[SERVER_500] = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nboom",
		[SERVER_404] = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope",
		[SERVER_GARBAGE] = "\x16\x03\x01 HTTP/1.1 200\n\n",
	};
	line.is_endless = world.mood == SERVER_CHUNKED || world.mood == SERVER_LONG_HEAD;
	if (world.mood == SERVER_SILENT)
		return true;
	if (answers[world.mood] == NULL)
		return false;
	say_text(answers[world.mood]);
	return true;
}

/* Requests come with one write for the head and one for the body; a PUT is answered when its body is there. */
static char request[2048];

static void serve(void)
{
	unsigned component_id, first, last;
	if (serve_badly())
		return;
	if (strncmp(request, "PUT ", 4) == 0) {
		serve_report(request);
	} else if (strncmp(request, "GET /catalogue.json HTTP/1.1\r\nHost: updates.example\r\n", 52) == 0) {
		world.catalogue_gets++;
		say_file((const uint8_t *)world.catalogue, strlen(world.catalogue), "200 OK", "");
	} else {
		CHECK_EQ(sscanf(request, "GET /images/%u.bin HTTP/1.1\r\n", &component_id), 1);
		CHECK(component_id < MERLON_FWU_COMPONENT_COUNT && strstr(request, "Range: bytes=") != NULL);
		CHECK_EQ(sscanf(strstr(request, "Range: bytes="), "Range: bytes=%u-%u\r\n", &first, &last), 2);
		serve_range(world.files[component_id], world.sizes[component_id], first, last);
	}
}

static psa_status_t line_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	(void)stream;
	(void)timeout_ms;
	CHECK(strcmp(host, "10.0.2.2") == 0 && port == 8443);
	if (world.mood == SERVER_REFUSES)
		return PSA_ERROR_CONNECTION_REFUSED;
	if (world.mood == SERVER_IMPOSTOR)
		return PSA_ERROR_INVALID_SIGNATURE;
	memset(&line, 0, sizeof line);
	request[0] = '\0';
	line.is_open = true;
	world.connections++;
	return PSA_SUCCESS;
}

static psa_status_t line_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	(void)stream;
	(void)timeout_ms;
	CHECK(line.is_open);
	change();
	if (line.closes)
		return PSA_ERROR_COMMUNICATION_FAILURE;
	CHECK(strlen(request) + size < sizeof request);
	strncat(request, data, size);
	if (strstr(request, "Content-Type") != NULL && memcmp(data, "{", 1) != 0)
		return PSA_SUCCESS;
	line.size = line.taken = 0;
	serve();
	request[0] = '\0';
	change();
	return PSA_SUCCESS;
}

static psa_status_t line_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	(void)stream;
	CHECK(line.is_open);
	size_t left = line.size - line.taken;
	if (left == 0 && line.is_endless) {
		memset(data, 'x', capacity);
		*size = capacity;
		world.now += 1;
		return PSA_SUCCESS;
	}
	if (left == 0 && line.closes)
		return PSA_SUCCESS;
	if (left == 0 || (world.mood == SERVER_SLOW && timeout_ms < 2000)) {
		world.now += timeout_ms;
		return STREAM_ERROR_TIMEOUT;
	}
	size_t count = world.mood == SERVER_SLOW ? 1 : 1 + (size_t)rand() % 1460;
	world.now += world.mood == SERVER_SLOW ? 2000 : 1;
	count = count < left ? count : left;
	*size = count < capacity ? count : capacity;
	memcpy(data, line.answer + line.taken, *size);
	line.taken += *size;
	return PSA_SUCCESS;
}

static void line_close(struct stream *stream)
{
	(void)stream;
	line.is_open = false;
}

static const struct stream_ops line_ops = { line_connect, line_read, line_write, line_close };
static struct stream line_stream = { &line_ops };

struct ota_config world_config = {
	.stream = &line_stream,
	.url = "https://10.0.2.2:8443",
	.server_name = "updates.example",
	.serial = "SN-1",
	.poll_ms = 60000,
	.backoff_ms = 500,
	.backoff_max_ms = 64000,
	.now_ms = now_ms,
	.random = next_random,
	.load = load,
	.save = save,
	.self_check = self_check,
	.observe = observe,
};

/* ---- scenes ---- */

void world_offer(unsigned mask, const char *version)
{
	size_t size =
		(size_t)snprintf(world.catalogue, sizeof world.catalogue, "{\"format\":1,\"version\":\"%s\",\"images\":[", version);
	unsigned major, minor, patch;
	CHECK_EQ(sscanf(version, "%u.%u.%u", &major, &minor, &patch), 3);
	world.staged_version = (psa_fwu_image_version_t) { (uint8_t)major, (uint8_t)minor, (uint16_t)patch, 0 };
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		if ((mask & 1u << i) == 0)
			continue;
		for (uint32_t j = 0; j < world.sizes[i]; j++)
			world.files[i][j] = (uint8_t)(j * 7 + j / 251 + i + minor + patch);
		size += (size_t)snprintf(
			world.catalogue + size, sizeof world.catalogue - size,
			"%s{\"component\":%u,\"version\":\"%s\",\"path\":\"/images/%u.bin\",\"size\":%u,\"sha256\":\"%02x%062x\"}",
			world.catalogue[size - 1] == '[' ? "" : ",", i, version, i, world.sizes[i], minor + 1, patch);
	}
	snprintf(world.catalogue + size, sizeof world.catalogue - size, "]}");
}

void world_init(void)
{
	memset(&world, 0, sizeof world);
	world.cut_after = -1;
	world.sizes[0] = 70001;
	world.sizes[1] = 40000;
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		world.components[i].version = (psa_fwu_image_version_t) { 1, 0, 0, 0 };
		world.components[i].max_size = WORLD_IMAGE_MAX;
		world.components[i].location = i;
	}
	world.boot.lifecycle = 0x3000;
	world.boot.refusal_count = 1;
	world.boot.refusals[0] =
		(struct merlon_refusal) { .code = 16, .image = 1, .version = { 9, 8, 7, 6 }, .digest_prefix = { 0xab } };
	world_offer(3, "1.1.0");
	line.is_open = false;
}

/* What was written and not committed is lost. */
static void forget_uncommitted(void)
{
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		world.written[i] = world.components[i].impl.resume_offset;
		memset(world.staging[i] + world.written[i], 0, WORLD_IMAGE_MAX - world.written[i]);
	}
}

void world_run(unsigned steps)
{
	static struct ota_agent agent;
	static volatile unsigned left;
	left = steps;
	if (setjmp(power) != 0)
		world_reset();
	if (left == 0)
		return;
	line.is_open = false;
	forget_uncommitted();
	CHECK_EQ(ota_agent_init(&agent, &world_config), PSA_SUCCESS);
	while (left > 0) {
		uint32_t before = world.now;
		left--;
		uint32_t pause = ota_agent_step(&agent);
		CHECK_THAT(world.now - before <= OTA_EXCHANGE_MS * OTA_QUEUE_MAX + OTA_RANGE_SIZE / OTA_RATE_MIN, "a step of %u ms",
			   world.now - before);
		world.now += pause;
	}
}

bool world_is_at(const char *version)
{
	unsigned major, minor, patch;
	CHECK_EQ(sscanf(version, "%u.%u.%u", &major, &minor, &patch), 3);
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++) {
		const psa_fwu_component_info_t *info = &world.components[i];
		if (info->state != PSA_FWU_READY || info->version.major != major || info->version.minor != minor ||
		    info->version.patch != patch)
			return false;
	}
	return true;
}

unsigned world_reported(const char *event)
{
	unsigned count = 0;
	for (unsigned i = 0; i < world.reports && i < 64; i++)
		count += strcmp(world.events_reported[i], event) == 0;
	return count;
}
