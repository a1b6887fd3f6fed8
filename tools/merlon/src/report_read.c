/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *report_grow(void *array, size_t count, size_t size)
{
	void *grown = realloc(array, (count + 1) * size);
	if (grown == NULL) {
		perror("merlon report");
		exit(2);
	}
	return grown;
}

static char *keep(struct report *report, struct buffer buffer)
{
	report->texts = report_grow(report->texts, report->text_count, sizeof *report->texts);
	report->texts[report->text_count++] = buffer;
	return (char *)buffer.data;
}

char *report_keep_stem(struct report *report, const char *file, const char *suffix)
{
	size_t size = strlen(file), tail = strlen(suffix);
	if (size <= tail || strcmp(file + size - tail, suffix) != 0)
		return NULL;
	struct buffer stem;
	buffer_init(&stem, size - tail, 0);
	memcpy(stem.data, file, size - tail);
	return keep(report, stem);
}

bool report_load(struct report *report, const char *path, char **text, struct error *error)
{
	*text = NULL;
	if (access(path, F_OK) != 0)
		return true;
	struct buffer buffer;
	if (!file_read(path, &buffer, error))
		return false;
	*text = keep(report, buffer);
	return true;
}

char *report_next_line(char **rest)
{
	char *line = *rest;
	if (line == NULL || *line == '\0')
		return NULL;
	char *end = line + strcspn(line, "\n");
	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	return line;
}

static void add_pair(struct report_pairs *pairs, const char *name, const char *value)
{
	pairs->pair = report_grow(pairs->pair, pairs->count, sizeof *pairs->pair);
	pairs->pair[pairs->count++] = (struct report_pair) { name, value };
}

/* set(NAME value) lines, as productgen writes them. */
static bool read_config(struct report *report, struct error *error)
{
	char path[4096], *rest;
	snprintf(path, sizeof path, "%s/build/%s-%s/generated/product/config.cmake", report->root, report->board, report->product);
	if (!report_load(report, path, &rest, error))
		return false;
	for (char *line; (line = report_next_line(&rest)) != NULL;) {
		char *name = strncmp(line, "set(", 4) == 0 ? line + 4 : NULL;
		if (name == NULL)
			continue;
		char *value = name + strcspn(name, " "), *end = strrchr(name, ')');
		if (*value == '\0' || end == NULL || end < value)
			return error_set(error, "%s: no set(NAME value): %s", path, line);
		*value++ = '\0';
		*end = '\0';
		if (*value == '"' && end > value + 1 && end[-1] == '"') {
			value++;
			end[-1] = '\0';
		}
		add_pair(&report->config, name, value);
	}
	return true;
}

static bool read_version(struct report *report, struct error *error)
{
	char path[4096], *text;
	snprintf(path, sizeof path, "%s/build/%s-%s/generated/version.txt", report->root, report->board, report->product);
	if (!report_load(report, path, &text, error))
		return false;
	report->version = report_next_line(&text);
	return true;
}

/* build/deps/NAME.fetched holds the version that was unpacked and the SHA-256 of its .dsc. */
static bool read_dependencies(struct report *report, struct error *error)
{
	char folder[4096], path[4096 + 256];
	snprintf(folder, sizeof folder, "%s/build/deps", report->root);
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	bool done = true;
	for (int i = 0; i < count; i++) {
		char *name = done ? report_keep_stem(report, entries[i]->d_name, ".fetched") : NULL, *text = NULL;
		if (name != NULL) {
			snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
			done = report_load(report, path, &text, error);
		}
		char *line = report_next_line(&text);
		if (line != NULL)
			add_pair(&report->dependencies, name, line);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return done;
}

/* The lines of BL2 since it last started. Secure lines carry the prefix of ./dev qemu. */
static bool read_boot(struct report *report, struct error *error)
{
	char path[4096], *rest;
	if (report->device == NULL)
		return true;
	snprintf(path, sizeof path, "%s/console.log", report->device);
	if (!report_load(report, path, &rest, error))
		return false;
	for (char *line; (line = report_next_line(&rest)) != NULL;) {
		const char *said = strstr(line, "BL2: ");
		if (said == NULL)
			continue;
		if (strstr(said, "reset cause") != NULL)
			report->boot.count = 0;
		report->boot.line = report_grow(report->boot.line, report->boot.count, sizeof *report->boot.line);
		report->boot.line[report->boot.count++] = said + strlen("BL2: ");
	}
	return true;
}

bool report_read(struct report *report, struct error *error)
{
	return read_config(report, error) && read_version(report, error) && read_dependencies(report, error) &&
	       read_boot(report, error) && report_read_claims(report, error);
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->text_count; i++)
		buffer_free(&report->texts[i]);
	free(report->texts);
	free(report->claim);
	free(report->result);
	free(report->control);
	free(report->boot.line);
	free(report->config.pair);
	free(report->dependencies.pair);
}

const char *report_config(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->config.count; i++)
		if (strcmp(report->config.pair[i].name, name) == 0)
			return report->config.pair[i].value;
	return NULL;
}
