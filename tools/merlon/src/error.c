/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "command.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	error->remedy[0] = '\0';
	return false;
}

bool error_try(struct error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error->remedy, sizeof error->remedy, format, arguments);
	va_end(arguments);
	return false;
}

bool error_within(struct error *error, const char *format, ...)
{
	char step[sizeof error->text];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(step, sizeof step - 2, format, arguments);
	va_end(arguments);
	strcat(step, ": ");
	size_t used = strlen(step), kept = strlen(error->text);
	if (kept > sizeof error->text - 1 - used)
		kept = sizeof error->text - 1 - used; /* a chain that is too long loses its end */
	memmove(error->text + used, error->text, kept);
	memcpy(error->text, step, used);
	error->text[used + kept] = '\0';
	return false;
}

int error_print(const struct error *error)
{
	fprintf(stderr, "%s\n", error->text);
	if (error->remedy[0] != '\0')
		fprintf(stderr, "  try: %s\n", error->remedy);
	return EXIT_ERROR;
}
