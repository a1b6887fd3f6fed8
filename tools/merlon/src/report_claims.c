/* SPDX-License-Identifier: Apache-2.0 */
/* Claims, the results of their tests and the negative controls of these tests. */
#include "report.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static struct report_claim *claim_named(const struct report *report, const char *id)
{
	for (size_t i = 0; i < report->claim_count; i++)
		if (strcmp(report->claim[i].id, id) == 0)
			return &report->claim[i];
	return NULL;
}

/*
 * The value of "name": "text" or "name": word in one line of JSON that our own harness wrote, cut out of the line in place.
 * Fields are cut from the last to the first, so that a cut does not hide the field before it.
 */
static char *cut_field(char *line, const char *name)
{
	char key[64];
	snprintf(key, sizeof key, "\"%s\": ", name);
	char *value = strstr(line, key);
	if (value == NULL)
		return NULL;
	value += strlen(key);
	bool quoted = *value == '"';
	value += quoted;
	value[strcspn(value, quoted ? "\"" : ",}")] = '\0';
	return value;
}

/* Take the quotation marks of CSV off a field, in place. */
static char *unquote(char *field)
{
	if (*field != '"')
		return field;
	char *to = field;
	for (const char *from = field + 1; *from != '\0' && (*from != '"' || from[1] == '"'); from++) {
		from += *from == '"';
		*to++ = *from;
	}
	*to = '\0';
	return field;
}

static bool read_list(struct report *report, struct error *error)
{
	char path[4096], *rest;
	snprintf(path, sizeof path, "%s/evidence/claims.csv", report->root);
	if (!report_load(report, path, &rest, error))
		return false;
	if (rest == NULL) {
		error_set(error, "%s: there is no such file", path);
		return error_try(error, "merlon report --root TREE");
	}
	(void)report_next_line(&rest); /* the names of the columns */
	for (char *line; (line = report_next_line(&rest)) != NULL;) {
		char *comma = strchr(line, ',');
		if (comma == NULL)
			return error_set(error, "%s: no id,title: %s", path, line);
		*comma = '\0';
		report->claim = report_grow(report->claim, report->claim_count, sizeof *report->claim);
		report->claim[report->claim_count++] = (struct report_claim) { .id = line, .title = unquote(comma + 1) };
	}
	return true;
}

static bool read_results(struct report *report, struct error *error)
{
	char path[4096], *rest;
	snprintf(path, sizeof path, "%s/build/test/results.jsonl", report->root);
	if (!report_load(report, path, &rest, error))
		return false;
	for (char *line; (line = report_next_line(&rest)) != NULL;) {
		const char *passed = cut_field(line, "passed"), *test = cut_field(line, "test"), *id = cut_field(line, "claim");
		if (passed == NULL || test == NULL || id == NULL)
			return error_set(error, "%s: no result of a test: %s", path, line);
		struct report_claim *claim = claim_named(report, id);
		if (claim == NULL)
			continue;
		bool has_passed = strcmp(passed, "true") == 0;
		claim->passed += has_passed;
		claim->failed += !has_passed;
		report->result = report_grow(report->result, report->result_count, sizeof *report->result);
		report->result[report->result_count++] = (struct report_result) { test, claim };
	}
	return true;
}

/* The controls that turned their test red in the last run. */
static bool read_red_controls(struct report *report, struct error *error)
{
	char path[4096], *rest;
	snprintf(path, sizeof path, "%s/build/test/negative.jsonl", report->root);
	if (!report_load(report, path, &rest, error))
		return false;
	for (char *line; (line = report_next_line(&rest)) != NULL;) {
		const char *red = cut_field(line, "turned_red"), *control = cut_field(line, "control");
		if (red == NULL || control == NULL)
			return error_set(error, "%s: no result of a control: %s", path, line);
		if (strcmp(red, "true") != 0)
			continue;
		report->control = report_grow(report->control, report->control_count, sizeof *report->control);
		report->control[report->control_count++] = control;
	}
	return true;
}

static bool has_turned_red(const struct report *report, const char *control)
{
	for (size_t i = 0; i < report->control_count; i++)
		if (strcmp(report->control[i], control) == 0)
			return true;
	return false;
}

/* Is `ran` the test `wanted`, or one of its parameters? Paths of the C harness begin with "./". */
static bool is_test(const char *ran, const char *wanted)
{
	if (strncmp(ran, "./", 2) == 0)
		ran += 2;
	size_t size = strlen(wanted);
	return strncmp(ran, wanted, size) == 0 && (ran[size] == '\0' || ran[size] == '[');
}

static struct report_claim *claim_of_test(const struct report *report, const char *test)
{
	for (size_t i = 0; i < report->result_count; i++)
		if (is_test(report->result[i].test, test))
			return report->result[i].claim;
	return NULL;
}

/* A control counts for the claim of the test that it must turn red. */
static bool add_control(struct report *report, const char *path, const char *name, struct error *error)
{
	static const char head[] = "Turns-red: ";
	char *text;
	if (!report_load(report, path, &text, error))
		return false;
	const char *line = report_next_line(&text);
	if (line == NULL || strncmp(line, head, sizeof head - 1) != 0)
		return error_set(error, "%s: does not begin with `%s`", path, head);
	struct report_claim *claim = claim_of_test(report, line + sizeof head - 1);
	if (claim == NULL)
		return true;
	bool is_red = has_turned_red(report, name);
	claim->controls++;
	claim->controls_red += is_red;
	if (!is_red)
		claim->idle_control = name;
	return true;
}

static bool read_controls(struct report *report, struct error *error)
{
	char folder[4096], path[4096 + 256];
	snprintf(folder, sizeof folder, "%s/tests/negative", report->root);
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	bool done = true;
	for (int i = 0; i < count; i++) {
		const char *name = done ? report_keep_stem(report, entries[i]->d_name, ".patch") : NULL;
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		if (name != NULL)
			done = add_control(report, path, name, error);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return done;
}

bool report_read_claims(struct report *report, struct error *error)
{
	return read_list(report, error) && read_results(report, error) && read_red_controls(report, error) &&
	       read_controls(report, error);
}

enum report_status report_claim_status(const struct report_claim *claim)
{
	if (claim->failed > 0)
		return REPORT_FAILED;
	if (claim->passed == 0)
		return REPORT_UNTESTED;
	if (claim->controls == 0)
		return REPORT_PASSED;
	return claim->controls_red < claim->controls ? REPORT_CONTROL_IDLE : REPORT_PROVED;
}

size_t report_count(const struct report *report, enum report_status status)
{
	size_t count = 0;
	for (size_t i = 0; i < report->claim_count; i++)
		count += report_claim_status(&report->claim[i]) == status;
	return count;
}
