/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/text.h>

static void add_char(struct text *text, char c)
{
	if (text->size + 1 < text->capacity) {
		text->data[text->size] = c;
		text->data[text->size + 1] = '\0';
	}
	text->size++;
}

void text_add(struct text *text, const char *piece)
{
	while (*piece != '\0')
		add_char(text, *piece++);
}

void text_add_number(struct text *text, uint32_t number)
{
	if (number >= 10)
		text_add_number(text, number / 10);
	add_char(text, (char)('0' + number % 10));
}

void text_add_signed(struct text *text, int32_t number)
{
	if (number < 0)
		add_char(text, '-');
	text_add_number(text, number < 0 ? 0u - (uint32_t)number : (uint32_t)number);
}

void text_add_hex(struct text *text, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < size; i++) {
		add_char(text, digits[bytes[i] >> 4]);
		add_char(text, digits[bytes[i] & 15]);
	}
}

bool text_is_whole(const struct text *text)
{
	return text->size < text->capacity;
}
