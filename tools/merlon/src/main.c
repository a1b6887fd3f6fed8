/* SPDX-License-Identifier: Apache-2.0 */
/* merlon: the host tool. Finds the command, runs it; `merlon help` explains. */
#include "commands.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_device_flash, &command_device_lifecycle, &command_device_provision, &command_device_show,  &command_image_info,
	&command_image_sign,   &command_image_verify,     &command_key_generate,     &command_key_public,   &command_key_revoke,
	&command_partitions,   &command_report,           &command_token_debug,      &command_token_verify,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* How many of the words the command's name takes; 0 when they do not begin with it. */
static int words_matched(const struct command *command, int count, char **words)
{
	const char *space = strchr(command->name, ' ');
	if (space == NULL)
		return count >= 1 && strcmp(words[0], command->name) == 0 ? 1 : 0;
	size_t first = (size_t)(space - command->name);
	bool matches = count >= 2 && strlen(words[0]) == first && strncmp(words[0], command->name, first) == 0 &&
		       strcmp(words[1], space + 1) == 0;
	return matches ? 2 : 0;
}

static const struct command *find(int count, char **words, int *used)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		*used = words_matched(commands[i], count, words);
		if (*used > 0)
			return commands[i];
	}
	return NULL;
}

static bool starts_with_word(const struct command *command, const char *word)
{
	size_t size = strlen(word);
	return strncmp(command->name, word, size) == 0 && (command->name[size] == ' ' || command->name[size] == '\0');
}

/* List every command, or those of one group such as "image". Returns how many. */
static int list(FILE *out, const char *group)
{
	int count = 0;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (group != NULL && !starts_with_word(commands[i], group))
			continue;
		fprintf(out, "  %-18s %s\n", commands[i]->name, commands[i]->summary);
		count++;
	}
	return count;
}

static int unknown(int count, char **words)
{
	fprintf(stderr, "merlon: there is no command '%s%s%s'\n", words[0], count > 1 ? " " : "", count > 1 ? words[1] : "");
	if (list(stderr, words[0]) == 0)
		fprintf(stderr, "  try: merlon help\n");
	return EXIT_ERROR;
}

static int help(int count, char **words)
{
	int used;
	if (count == 0) {
		printf("usage: merlon COMMAND [options]        example: merlon help image sign\n\n");
		list(stdout, NULL);
		printf("\nExit status: 0 done or accepted, 1 refused, 2 wrong usage or another error.\n");
		return EXIT_OK;
	}
	const struct command *command = find(count, words, &used);
	if (command != NULL)
		fputs(command->usage, stdout);
	else if (list(stdout, words[0]) == 0)
		return unknown(count, words);
	return EXIT_OK;
}

int command_misused(const struct command *command, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "merlon %s: ", command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n  try: merlon help %s\n", command->name);
	return EXIT_ERROR;
}

static int flush(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("merlon: standard output");
	return EXIT_ERROR;
}

int main(int argc, char **argv)
{
	int used;
	char **words = argv + 1;
	int count = argc - 1;
	if (count == 0) {
		fprintf(stderr, "merlon: no command\n  try: merlon help\n");
		return EXIT_ERROR;
	}
	if (strcmp(words[0], "help") == 0 || strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0)
		return flush(help(count - 1, words + 1));
	const struct command *command = find(count, words, &used);
	if (command == NULL)
		return unknown(count, words);
	if (count > used && (strcmp(words[used], "--help") == 0 || strcmp(words[used], "-h") == 0))
		return flush(help(used, words));
	return flush(command->run(count - used + 1, words + used - 1));
}
