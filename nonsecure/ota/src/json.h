/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A strict reader for a small part of JSON: objects with known members, arrays, strings of printable ASCII without escapes, and
 * numbers that are 32-bit naturals. Nothing is stored; the first error sticks, and every later call fails. Source: RFC 8259.
 */
#ifndef MERLON_OTA_JSON_H
#define MERLON_OTA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	const char *next, *end;
	bool failed;
};

struct json_member {
	const char *name;
	void (*read)(struct json *json, void *target);
};

/** Read an object that has exactly these members (at most 32), each once, in any order. */
void json_read_object(struct json *json, const struct json_member *members, size_t count, void *target);
/** Read a string of 1 to `capacity` - 1 characters; terminated. */
void json_read_string(struct json *json, char *out, size_t capacity);
uint32_t json_read_number(struct json *json);
/** True when `c` comes next (after white space); it is taken. */
bool json_accept(struct json *json, char c);
void json_expect(struct json *json, char c);
void json_fail(struct json *json);
/** True when all was read and nothing failed. */
bool json_is_done(struct json *json);

#endif
