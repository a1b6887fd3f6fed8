/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <string.h>

static const char *const status_words[] = {
	[REPORT_PROVED] = "proved",
	[REPORT_PASSED] = "passed, no negative control",
	[REPORT_UNTESTED] = "missing: no test of it ran",
	[REPORT_FAILED] = "missing: a test failed",
	[REPORT_CONTROL_IDLE] = "missing: a negative control did not turn its test red",
};

static const char missing[] = "missing: not built";

/* The configuration of the update pipeline, in the order in which an update meets it. */
static const struct report_pair pipeline[] = {
	{ "MERLON_UPGRADE_MODE", "upgrade mode" },
	{ "MERLON_CONFIRM_WINDOW_S", "confirm window, seconds" },
	{ "MERLON_TRIAL_ATTEMPTS", "boots on trial at most" },
	{ "MERLON_WATCHDOG_MS", "watchdog, milliseconds" },
};
enum { PIPELINE_COUNT = sizeof pipeline / sizeof pipeline[0] };

static const char *config_or_missing(const struct report *report, const char *name)
{
	const char *value = report_config(report, name);
	return value != NULL ? value : missing;
}

/* How text is made safe for a format, and how the format marks its parts. */
static void put_plain(FILE *out, const char *text)
{
	fputs(text, out);
}

static void put_json(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else if (byte < 0x20)
			fprintf(out, "\\u%04x", byte);
		else
			fputc(byte, out);
	}
	fputc('"', out);
}

static void put_html(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *entity = *text == '&'   ? "&amp;"
				     : *text == '<' ? "&lt;"
				     : *text == '>' ? "&gt;"
				     : *text == '"' ? "&quot;"
						    : NULL;
		if (entity != NULL)
			fputs(entity, out);
		else
			fputc(*text, out);
	}
}

/* A page of answers for people: the same walk for text and HTML. */
struct page {
	void (*put)(FILE *out, const char *text);
	const char *title_begin, *title_end, *row_begin, *row_middle, *row_end, *table_begin, *table_end;
};

static const struct page text_page = { put_plain, "\n", "\n", "   ", "  ", "\n", "", "" };
static const struct page html_page = {
	put_html, "<h2>", "</h2>\n", "<tr><td>", "</td><td>", "</td></tr>\n", "<table>\n", "</table>\n",
};

static void put_title(const struct page *page, FILE *out, const char *title)
{
	fputs(page->title_begin, out);
	page->put(out, title);
	fputs(page->title_end, out);
}

static void put_row(const struct page *page, FILE *out, const char *name, const char *value)
{
	fputs(page->row_begin, out);
	page->put(out, name);
	fputs(page->row_middle, out);
	page->put(out, value);
	fputs(page->row_end, out);
}

/* In direct-XIP the window of the Non-secure world is the slot that it runs from. */
static const char *nonsecure_writes(const struct report *report)
{
	const char *mode = report_config(report, "MERLON_UPGRADE_MODE");
	if (mode == NULL)
		return missing;
	return strcmp(mode, "xip") == 0 ? "yes: it runs in place, and BL2 refuses what it spoilt at the next start"
					: "no: it runs from a copy";
}

static void put_answers(const struct report *report, const struct page *page, FILE *out)
{
	put_title(page, out, "1 PSA Certified Level targeted");
	fputs(page->table_begin, out);
	put_row(page, out, "level", config_or_missing(report, "MERLON_PSA_CERTIFIED_LEVEL"));
	fputs(page->table_end, out);
	put_title(page, out, "2 Isolation level of the partition manager");
	fputs(page->table_begin, out);
	put_row(page, out, "level", config_or_missing(report, "MERLON_ISOLATION_LEVEL"));
	fputs(page->table_end, out);
	put_title(page, out, "3 Boot chain, as BL2 said it at the last boot");
	fputs(page->table_begin, out);
	for (size_t i = 0; i < report->boot.count; i++)
		put_row(page, out, "BL2", report->boot.line[i]);
	if (report->boot.count == 0)
		put_row(page, out, "BL2", "missing: no boot log (--device DIR)");
	fputs(page->table_end, out);
	put_title(page, out, "4 Update pipeline");
	fputs(page->table_begin, out);
	for (size_t i = 0; i < PIPELINE_COUNT; i++)
		put_row(page, out, pipeline[i].value, config_or_missing(report, pipeline[i].name));
	put_row(page, out, "the Non-secure world can write its own image on flash", nonsecure_writes(report));
	fputs(page->table_end, out);
	put_title(page, out, "5 Exact version");
	fputs(page->table_begin, out);
	put_row(page, out, "merlon", report->version != NULL ? report->version : missing);
	for (size_t i = 0; i < report->dependencies.count; i++)
		put_row(page, out, report->dependencies.pair[i].name, report->dependencies.pair[i].value);
	fputs(page->table_end, out);
}

static void put_claims(const struct report *report, const struct page *page, FILE *out)
{
	char line[512];
	put_title(page, out, "Claims");
	fputs(page->table_begin, out);
	for (size_t i = 0; i < report->claim_count; i++) {
		const struct report_claim *claim = &report->claim[i];
		snprintf(line, sizeof line, "%s (%u tests, %u of %u negative controls) %s",
			 status_words[report_claim_status(claim)], claim->passed + claim->failed, claim->controls_red,
			 claim->controls, claim->title);
		put_row(page, out, claim->id, line);
	}
	fputs(page->table_end, out);
	snprintf(line, sizeof line, "%zu of %zu claims proved, %zu passed without a negative control",
		 report_count(report, REPORT_PROVED), report->claim_count, report_count(report, REPORT_PASSED));
	put_title(page, out, line);
}

void report_write_text(const struct report *report, FILE *out)
{
	fprintf(out, "Merlon evidence: board %s, product %s\n", report->board, report->product);
	put_answers(report, &text_page, out);
	put_claims(report, &text_page, out);
}

void report_write_html(const struct report *report, FILE *out)
{
	fputs("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Merlon evidence</title>\n"
	      "<style>body{font:16px sans-serif;max-width:70em;margin:2em auto}td{padding:.1em 1em .1em "
	      "0;vertical-align:top}</style>\n"
	      "<h1>Merlon evidence: board ",
	      out);
	put_html(out, report->board);
	fputs(", product ", out);
	put_html(out, report->product);
	fputs("</h1>\n", out);
	put_answers(report, &html_page, out);
	put_claims(report, &html_page, out);
	fputs("</html>\n", out);
}

static void put_json_value(FILE *out, const char *value)
{
	if (value == NULL)
		fputs("null", out);
	else
		put_json(out, value);
}

static void put_json_pairs(const struct report_pairs *pairs, FILE *out)
{
	fputc('{', out);
	for (size_t i = 0; i < pairs->count; i++) {
		fputs(i > 0 ? ", " : "", out);
		put_json(out, pairs->pair[i].name);
		fputs(": ", out);
		put_json(out, pairs->pair[i].value);
	}
	fputc('}', out);
}

static void put_json_claim(const struct report_claim *claim, FILE *out)
{
	fputs("{\"id\": ", out);
	put_json(out, claim->id);
	fputs(", \"title\": ", out);
	put_json(out, claim->title);
	fputs(", \"status\": ", out);
	put_json(out, status_words[report_claim_status(claim)]);
	fprintf(out, ", \"passed\": %u, \"failed\": %u, \"controls\": %u, \"controls_red\": %u, \"idle_control\": ", claim->passed,
		claim->failed, claim->controls, claim->controls_red);
	put_json_value(out, claim->idle_control);
	fputc('}', out);
}

void report_write_json(const struct report *report, FILE *out)
{
	fputs("{\"board\": ", out);
	put_json(out, report->board);
	fputs(", \"product\": ", out);
	put_json(out, report->product);
	fputs(",\n\"psa_certified_level\": ", out);
	put_json_value(out, report_config(report, "MERLON_PSA_CERTIFIED_LEVEL"));
	fputs(", \"isolation_level\": ", out);
	put_json_value(out, report_config(report, "MERLON_ISOLATION_LEVEL"));
	fputs(",\n\"boot_chain\": [", out);
	for (size_t i = 0; i < report->boot.count; i++) {
		fputs(i > 0 ? ", " : "", out);
		put_json(out, report->boot.line[i]);
	}
	fputs("],\n\"configuration\": ", out);
	put_json_pairs(&report->config, out);
	fputs(",\n\"version\": ", out);
	put_json_value(out, report->version);
	fputs(", \"dependencies\": ", out);
	put_json_pairs(&report->dependencies, out);
	fputs(",\n\"claims\": [\n", out);
	for (size_t i = 0; i < report->claim_count; i++) {
		put_json_claim(&report->claim[i], out);
		fputs(i + 1 < report->claim_count ? ",\n" : "\n", out);
	}
	fputs("]}\n", out);
}
