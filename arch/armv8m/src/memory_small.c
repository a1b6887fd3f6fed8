/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's memory functions where text is scarce: a fourth of newlib's size, a word at a time where both sides are aligned. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((may_alias)) word;
enum { WORD = sizeof(word) };

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	if (((uintptr_t)out | (uintptr_t)in) % WORD == 0) {
		for (; size >= WORD; size -= WORD, in += WORD, out += WORD)
			*(word *)(void *)out = *(const word *)(const void *)in;
	}
	while (size-- > 0)
		*out++ = *in++;
	return to;
}

void *memset(void *to, int value, size_t size)
{
	uint8_t *out = to;
	for (; size > 0 && (uintptr_t)out % WORD != 0; size--)
		*out++ = (uint8_t)value;
	for (; size >= WORD; size -= WORD, out += WORD)
		*(word *)(void *)out = (uint8_t)value * 0x01010101u;
	while (size-- > 0)
		*out++ = (uint8_t)value;
	return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
	const uint8_t *a = left, *b = right;
	for (; size > 0; size--, a++, b++)
		if (*a != *b)
			return *a - *b;
	return 0;
}

size_t strlen(const char *text)
{
	const char *end = text;
	while (*end != '\0')
		end++;
	return (size_t)(end - text);
}
