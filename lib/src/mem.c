/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/mem.h>

void mem_wipe(void *data, size_t size)
{
	volatile unsigned char *byte = data;
	while (size-- > 0)
		*byte++ = 0;
}

bool mem_equal(const void *a, const void *b, size_t size)
{
	const volatile unsigned char *left = a, *right = b;
	unsigned char difference = 0;
	for (size_t i = 0; i < size; i++)
		difference |= (unsigned char)(left[i] ^ right[i]);
	return difference == 0;
}

bool mem_is_filled(const void *data, unsigned char value, size_t size)
{
	const unsigned char *byte = data;
	for (size_t i = 0; i < size; i++)
		if (byte[i] != value)
			return false;
	return true;
}
