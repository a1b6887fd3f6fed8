/* SPDX-License-Identifier: Apache-2.0 */
/** Text built in a buffer that the caller owns. What does not fit is dropped and remembered: text_is_whole() tells. */
#ifndef MERLON_LIB_TEXT_H
#define MERLON_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *data;            /* terminated by a zero while capacity > 0 */
	size_t capacity, size; /* size may exceed what the buffer holds */
};

void text_add(struct text *text, const char *piece);
void text_add_number(struct text *text, uint32_t number);
void text_add_signed(struct text *text, int32_t number);
void text_add_hex(struct text *text, const uint8_t *bytes, size_t size);
bool text_is_whole(const struct text *text);

#endif
