/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The evidence of one build, read from what the build, the tests and a device left behind. Nothing here is a constant: what cannot
 * be read is shown as missing.
 *
 * | what | from |
 * |---|---|
 * | configuration | build/BOARD-PRODUCT/generated/product/config.cmake, written by productgen |
 * | exact version | build/BOARD-PRODUCT/generated/version.txt, written by every build; build/deps/\*.fetched, written by ./dev setup |
 * | boot chain | DIR/console.log of a device: the lines of BL2 in its last boot |
 * | claims | evidence/claims.csv; build/test/results.jsonl and negative.jsonl of the last ./dev test; tests/negative/\*.patch |
 */
#ifndef MERLON_TOOL_REPORT_H
#define MERLON_TOOL_REPORT_H

#include "file.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** A growing list of pointers to NUL-terminated text inside the buffers of the report. */
struct report_lines {
	const char **line;
	size_t count;
};

struct report_pair {
	const char *name, *value;
};
struct report_pairs {
	struct report_pair *pair;
	size_t count;
};

struct report_claim {
	const char *id, *title;
	unsigned passed, failed;         /* tests that name it, in the last run */
	unsigned controls, controls_red; /* negative controls of its tests; those that turned their test red */
	const char *idle_control;        /* one that did not, or NULL */
};

/** One test that ran, and the claim it names. */
struct report_result {
	const char *test;
	struct report_claim *claim;
};

struct report {
	const char *root, *board, *product, *device; /* as given on the command line */
	struct report_pairs config, dependencies;
	struct report_lines boot;
	const char *version; /* NULL when nothing was built */
	struct report_claim *claim;
	size_t claim_count;
	struct report_result *result;
	size_t result_count;
	const char **control; /* negative controls that turned their test red */
	size_t control_count;
	struct buffer *texts; /* what all pointers point into */
	size_t text_count;
};

/** Where a claim stands. PASSED: its tests passed, and no negative control shows that they can fail. The rest is missing evidence. */
enum report_status { REPORT_PROVED, REPORT_PASSED, REPORT_UNTESTED, REPORT_FAILED, REPORT_CONTROL_IDLE };

/**
 * Read everything that exists. A file that does not exist leaves its part empty; a file that is malformed is an error.
 *
 * @param report  root, board, product and device are set by the caller. Freed by report_free(), also after an error.
 */
bool report_read(struct report *report, struct error *error);
void report_free(struct report *report);

/* Parts of report_read(), and what they share. */
bool report_read_claims(struct report *report, struct error *error);
/** Room for one more element at the end of an array, or the end of the program: there is nothing to do without memory. */
void *report_grow(void *array, size_t count, size_t size);
/** The text of a file, owned by the report. *text is NULL when there is no such file. */
bool report_load(struct report *report, const char *path, char **text, struct error *error);
/** The name of a file without its suffix, owned by the report; NULL when it has another suffix. */
char *report_keep_stem(struct report *report, const char *file, const char *suffix);
/** The next line of *rest, cut out in place; NULL at the end. */
char *report_next_line(char **rest);

enum report_status report_claim_status(const struct report_claim *claim);
/** How many claims have the status. */
size_t report_count(const struct report *report, enum report_status status);
/** The value of a configuration name, or NULL. */
const char *report_config(const struct report *report, const char *name);

void report_write_text(const struct report *report, FILE *out);
void report_write_json(const struct report *report, FILE *out);
void report_write_html(const struct report *report, FILE *out);

#endif
