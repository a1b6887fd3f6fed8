/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A command of `merlon`. One file per command; main.c lists them. To add one: write `NAME.c` that defines `command_NAME`, declare it
 * in commands.h, add a line to the table in main.c and to CMakeLists.txt.
 */
#ifndef MERLON_TOOL_COMMAND_H
#define MERLON_TOOL_COMMAND_H

/** Exit statuses, everywhere. */
enum exit_code {
	EXIT_OK = 0,      /* done, or accepted */
	EXIT_REFUSED = 1, /* the image, token, bundle or evidence was refused */
	EXIT_ERROR = 2,   /* wrong usage, unreadable file, or another error */
};

struct command {
	const char *name;    /* one word or two, separated by a space: "image sign" */
	const char *summary; /* one line, for the list of commands */
	const char *usage;   /* printed by `merlon help NAME`: "usage: ..." , options, an example; ends with a newline */
	/** argv[0] is the last word of the name, so that getopt_long() works as usual. @return enum exit_code. */
	int (*run)(int argc, char **argv);
};

/** Refuse wrong usage of `command`: the reason and where help is, on stderr. @return EXIT_ERROR. */
int command_misused(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
