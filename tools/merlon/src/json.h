/* SPDX-License-Identifier: Apache-2.0 */
/** One JSON object on standard output (RFC 8259). Keys are literals of ours; values are escaped. A NULL key: inside an array. */
#ifndef MERLON_TOOL_JSON_H
#define MERLON_TOOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void json_begin(const char *key);       /* { */
void json_end(void);                    /* } and, at the outermost, a newline */
void json_array_begin(const char *key); /* [ */
void json_array_end(void);              /* ] */
void json_string(const char *key, const char *value);
void json_hex(const char *key, const uint8_t *data, size_t size);
void json_number(const char *key, uint64_t value);
void json_integer(const char *key, int64_t value);
void json_bool(const char *key, bool value);

#endif
