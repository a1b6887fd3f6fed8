/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/demo/demo.h>
#include <merlon/lib/text.h>
#include <string.h>

enum { STEP_MS = 50, STEPS_PER_BEAT = 20 };

static void help(void)
{
	demo_say("app: commands: help, status, read-secure");
}

static void status(void)
{
	char line[96];
	struct text text = { .data = line, .capacity = sizeof line };
	text_add(&text, "app: serial ");
	text_add(&text, demo.serial);
	text_add(&text, ", beats ");
	text_add_number(&text, demo.beats);
	demo_say(line);
}

static void read_secure(void)
{
	demo_say("app: reading Secure memory");
	(void)*(volatile const uint32_t *)demo.hardware->secure_address;
	demo_say("app: Secure memory was readable");
}

static const struct {
	const char *name;
	void (*run)(void);
} commands[] = { { "help", help }, { "status", status }, { "read-secure", read_secure } };

static void command_run(void)
{
	demo.command[demo.command_size] = '\0';
	demo.command_size = 0;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(demo.command, commands[i].name) == 0) {
			commands[i].run();
			return;
		}
	}
	help();
}

static void commands_read(void)
{
	char c;
	while (console_read(demo.hardware->console, &c, 1) == 1) {
		if (c != '\n' && c != '\r' && demo.command_size + 1 < sizeof demo.command)
			demo.command[demo.command_size++] = c;
		else if (demo.command_size > 0)
			command_run();
	}
}

void demo_application(void *argument)
{
	(void)argument;
	for (unsigned step = 0;; step++) {
		demo_sign_of_life(DEMO_APPLICATION);
		commands_read();
		if (step % STEPS_PER_BEAT == 0) {
			char line[32];
			struct text text = { .data = line, .capacity = sizeof line };
			text_add(&text, "app: beat ");
			text_add_number(&text, ++demo.beats);
			demo_say(line);
		}
		(void)osDelay(STEP_MS);
	}
}
