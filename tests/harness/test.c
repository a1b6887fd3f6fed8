/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/test.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
	[FUNCTIONAL] = "functional", [MALFORMED] = "malformed", [POWER_CUT] = "power-cut",
	[ATTACK] = "attack",         [PROPERTY] = "property",
};

static struct test *first, **last = &first;
static jmp_buf failed;
static const struct test *running;

void test_register(struct test *test)
{
	*last = test;
	last = &test->next;
}

_Noreturn void test_fail(const char *file, int line, const char *condition, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "%s:%d: %s: ", file, line, condition);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	if (running == NULL)
		exit(1);
	longjmp(failed, 1);
}

static bool is_chosen(const struct test *test, int count, char **names)
{
	for (int i = 1; i < count; i++)
		if (strcmp(names[i], test->name) == 0)
			return true;
	return count <= 1;
}

static void record(const struct test *test, bool passed)
{
	const char *path = getenv("MERLON_TEST_RESULTS");
	printf("%s %s %s %s:%s\n", passed ? "pass" : "FAIL", test->claim, kind_names[test->kind], test->file, test->name);
	fflush(stdout);
	if (path == NULL)
		return;
	FILE *file = fopen(path, "a");
	if (file == NULL) {
		perror(path);
		exit(2);
	}
	fprintf(file, "{\"claim\": \"%s\", \"kind\": \"%s\", \"test\": \"%s:%s\", \"passed\": %s}\n", test->claim,
		kind_names[test->kind], test->file, test->name, passed ? "true" : "false");
	fclose(file);
}

static bool survives(const struct test *test)
{
	if (setjmp(failed) != 0)
		return false;
	test->run();
	return true;
}

int main(int argc, char **argv)
{
	unsigned passes = 0, failures = 0;
	for (struct test *test = first; test != NULL; test = test->next) {
		if (!is_chosen(test, argc, argv))
			continue;
		running = test;
		bool passed = survives(test);
		running = NULL;
		record(test, passed);
		passes += passed;
		failures += !passed;
	}
	printf("%u passed, %u failed\n", passes, failures);
	return failures > 0 || passes == 0; /* a program that tested nothing proves nothing */
}
