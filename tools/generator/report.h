/* SPDX-License-Identifier: Apache-2.0 */
/** Messages of the generators: file, place in it, what is concerned, what is wrong, and what to try. */
#ifndef GENERATOR_REPORT_H
#define GENERATOR_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report {
	const char *program;
	const char *source;    /* the file that a person edits */
	const char *separator; /* between file and place */
	FILE *stream;
	unsigned errors, warnings;
};

/**
 * One message: `PROGRAM: SOURCE<separator>PLACE: ITEM: text` and, indented, `try: remedy`.
 * @param item  May be NULL when the place as a whole is wrong.
 */
void report_error(struct report *report, const char *place, const char *item, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/** The same for what a person has to know, and the build goes on. */
void report_warning(struct report *report, const char *place, const char *item, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
