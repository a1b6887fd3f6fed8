/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The error chain of the host tools: *outer step: inner step: cause*, and a line that says what to try.
 *
 * The function that finds a cause sets it; each caller may put its own step in front; the command prints the chain once.
 */
#ifndef MERLON_TOOL_ERROR_H
#define MERLON_TOOL_ERROR_H

#include <stdbool.h>

struct error {
	char text[1024];
	char remedy[512]; /* "" when there is none */
};

/** Set the cause; clears the remedy. @return false, so that a function can end with `return error_set(...)`. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Say what to try. @return false. */
bool error_try(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Put "step: " in front of the chain. @return false. */
bool error_within(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Print the chain and the remedy to stderr. @return EXIT_ERROR. */
int error_print(const struct error *error);

#endif
