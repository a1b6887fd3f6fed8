/* SPDX-License-Identifier: Apache-2.0 */
#include "wycheproof.h"
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 24, LINE_MAX_SIZE = 2 * VECTOR_MAX + 64, BUFFERS = 10 };

struct vector {
	struct field {
		char name[32], *value;
		int of_group;
	} fields[FIELDS_MAX];
	size_t count;
	char id[160];
};

static void drop(struct vector *vector, int groups_too)
{
	size_t kept = 0;
	for (size_t i = 0; i < vector->count; i++) {
		if (vector->fields[i].of_group && !groups_too)
			vector->fields[kept++] = vector->fields[i];
		else
			free(vector->fields[i].value);
	}
	vector->count = kept;
}

const char *vector_text(const struct vector *vector, const char *name)
{
	for (size_t i = 0; i < vector->count; i++)
		if (strcmp(vector->fields[i].name, name) == 0)
			return vector->fields[i].value;
	return "";
}

const struct vector_bytes *vector_bytes(const struct vector *vector, const char *name)
{
	static struct vector_bytes buffers[BUFFERS];
	static unsigned next;
	struct vector_bytes *bytes = &buffers[next++ % BUFFERS];
	bytes->size = hex(vector_text(vector, name), bytes->data, sizeof bytes->data);
	return bytes;
}

int vector_number(const struct vector *vector, const char *name)
{
	return atoi(vector_text(vector, name));
}

const char *vector_name(const struct vector *vector)
{
	return vector->id;
}

enum vector_result vector_result(const struct vector *vector)
{
	const char *text = vector_text(vector, "result");
	return strcmp(text, "valid") == 0 ? VECTOR_VALID : strcmp(text, "invalid") == 0 ? VECTOR_INVALID : VECTOR_ACCEPTABLE;
}

static void add(struct vector *vector, char *text, int of_group)
{
	char *equals = strstr(text, " =");
	CHECK(equals != NULL && vector->count < FIELDS_MAX);
	struct field *field = &vector->fields[vector->count++];
	*equals = '\0';
	snprintf(field->name, sizeof field->name, "%s", text);
	equals += 2;
	const char *value = *equals == ' ' ? equals + 1 : equals;
	field->value = malloc(strlen(value) + 1);
	CHECK(field->value != NULL);
	strcpy(field->value, value);
	field->of_group = of_group;
}

/* A test ends with an empty line; a group replaces the one before when its first line comes. */
unsigned vectors_run(const char *file, void (*run)(const struct vector *vector))
{
	static char line[LINE_MAX_SIZE];
	struct vector vector = { .count = 0 };
	unsigned count = 0;
	int in_group = 0, in_test = 0;
	FILE *stream = fopen(file, "r");
	CHECK_THAT(stream != NULL, "%s: try: ./dev setup", file);
	for (int more = 1; more;) {
		more = fgets(line, sizeof line, stream) != NULL;
		if (!more)
			line[0] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '[') {
			if (!in_group)
				drop(&vector, 1);
			in_group = 1;
			line[strlen(line) - 1] = '\0';
			add(&vector, line + 1, 1);
		} else if (line[0] == '\0' && in_test) {
			run(&vector);
			count++;
			drop(&vector, 0);
			in_test = 0;
		} else if (strncmp(line, "# tcId", 6) == 0) {
			snprintf(vector.id, sizeof vector.id, "%s %.40s", strrchr(file, '/') + 1, line + 2);
		} else if (line[0] != '\0' && line[0] != '#') {
			in_group = 0;
			in_test = 1;
			add(&vector, line, 0);
		}
	}
	drop(&vector, 1);
	fclose(stream);
	return count;
}
