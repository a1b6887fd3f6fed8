/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <stdarg.h>

static void say(const struct report *report, const char *kind, const char *place, const char *item, const char *remedy,
		const char *format, va_list arguments)
{
	fprintf(report->stream, "%s: %s%s%s: %s", report->program, report->source, report->separator, place, kind);
	if (item != NULL)
		fprintf(report->stream, "%s: ", item);
	vfprintf(report->stream, format, arguments);
	fprintf(report->stream, "\n  try: %s\n", remedy);
}

void report_error(struct report *report, const char *place, const char *item, const char *remedy, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say(report, "", place, item, remedy, format, arguments);
	va_end(arguments);
	report->errors++;
}

void report_warning(struct report *report, const char *place, const char *item, const char *remedy, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say(report, "warning: ", place, item, remedy, format, arguments);
	va_end(arguments);
	report->warnings++;
}
