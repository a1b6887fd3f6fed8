/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include <stdarg.h>

void report_error(struct report *report, const char *node, const char *property, const char *remedy, const char *format, ...)
{
	va_list arguments;
	fprintf(report->stream, "boardgen: %s: %s: ", report->source, node);
	if (property != NULL)
		fprintf(report->stream, "%s: ", property);
	va_start(arguments, format);
	vfprintf(report->stream, format, arguments);
	va_end(arguments);
	fprintf(report->stream, "\n  try: %s\n", remedy);
	report->errors++;
}
