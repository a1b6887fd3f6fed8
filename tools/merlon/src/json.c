/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include <stdio.h>

static unsigned depth;
static bool needs_comma;

static void name(const char *key)
{
	if (needs_comma)
		printf(", ");
	if (key != NULL)
		printf("\"%s\": ", key);
	needs_comma = true;
}

static void open(const char *key, char bracket)
{
	name(key);
	putchar(bracket);
	needs_comma = false;
	depth++;
}

static void close(char bracket)
{
	putchar(bracket);
	needs_comma = true;
	if (--depth == 0) {
		putchar('\n');
		needs_comma = false;
	}
}

void json_begin(const char *key)
{
	open(key, '{');
}

void json_end(void)
{
	close('}');
}

void json_array_begin(const char *key)
{
	open(key, '[');
}

void json_array_end(void)
{
	close(']');
}

void json_string(const char *key, const char *value)
{
	name(key);
	putchar('"');
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			printf("\\%c", *at);
		else if ((unsigned char)*at < 0x20)
			printf("\\u%04x", (unsigned)*at);
		else
			putchar(*at);
	}
	putchar('"');
}

void json_hex(const char *key, const uint8_t *data, size_t size)
{
	name(key);
	putchar('"');
	for (size_t i = 0; i < size; i++)
		printf("%02x", data[i]);
	putchar('"');
}

void json_number(const char *key, uint64_t value)
{
	name(key);
	printf("%llu", (unsigned long long)value);
}

void json_integer(const char *key, int64_t value)
{
	name(key);
	printf("%lld", (long long)value);
}

void json_bool(const char *key, bool value)
{
	name(key);
	printf("%s", value ? "true" : "false");
}
