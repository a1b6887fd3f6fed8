/* SPDX-License-Identifier: Apache-2.0 */
/** Messages of boardgen: file, node, property, what is wrong, and what to try. */
#ifndef BOARDGEN_REPORT_H
#define BOARDGEN_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report {
	const char *source; /* the file that a person edits */
	FILE *stream;
	unsigned errors;
};

/**
 * One message: `boardgen: SOURCE: NODE: PROPERTY: text` and, indented, `try: remedy`.
 * @param property  May be NULL when the node as a whole is wrong.
 */
void report_error(struct report *report, const char *node, const char *property, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
