/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include <string.h>

void json_fail(struct json *json)
{
	json->failed = true;
	json->next = json->end;
}

static void skip_space(struct json *json)
{
	while (json->next < json->end && (*json->next == ' ' || *json->next == '\t' || *json->next == '\r' || *json->next == '\n'))
		json->next++;
}

bool json_accept(struct json *json, char c)
{
	skip_space(json);
	if (json->next == json->end || *json->next != c)
		return false;
	json->next++;
	return true;
}

void json_expect(struct json *json, char c)
{
	if (!json_accept(json, c))
		json_fail(json);
}

bool json_is_done(struct json *json)
{
	skip_space(json);
	return !json->failed && json->next == json->end;
}

void json_read_string(struct json *json, char *out, size_t capacity)
{
	size_t size = 0;
	json_expect(json, '"');
	while (json->next < json->end && *json->next != '"') {
		char c = *json->next++;
		if (c < ' ' || c > '~' || c == '\\' || size + 1 >= capacity) {
			json_fail(json);
			break;
		}
		out[size++] = c;
	}
	out[size] = '\0';
	json_expect(json, '"');
	if (size == 0)
		json_fail(json);
}

uint32_t json_read_number(struct json *json)
{
	uint64_t number = 0;
	skip_space(json);
	const char *first = json->next;
	while (json->next < json->end && *json->next >= '0' && *json->next <= '9' && number <= UINT32_MAX)
		number = number * 10 + (uint64_t)(*json->next++ - '0');
	bool has_leading_zero = json->next - first > 1 && *first == '0';
	if (json->next == first || has_leading_zero || number > UINT32_MAX)
		json_fail(json);
	return (uint32_t)number;
}

void json_read_object(struct json *json, const struct json_member *members, size_t count, void *target)
{
	uint32_t seen = 0;
	json_expect(json, '{');
	do {
		char name[16];
		size_t i = 0;
		json_read_string(json, name, sizeof name);
		json_expect(json, ':');
		while (i < count && strcmp(members[i].name, name) != 0)
			i++;
		if (json->failed || i == count || (seen & 1u << i) != 0) {
			json_fail(json);
			return;
		}
		seen |= 1u << i;
		members[i].read(json, target);
	} while (json_accept(json, ','));
	json_expect(json, '}');
	if (seen != (uint32_t)((uint64_t)1 << count) - 1)
		json_fail(json);
}
