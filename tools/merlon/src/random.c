/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"
#include <mbedtls/entropy.h>
#include <sys/random.h>

int random_bytes(void *unused, unsigned char *output, size_t size)
{
	(void)unused;
	while (size > 0) {
		ssize_t count = getrandom(output, size < 256 ? size : 256, 0);
		if (count <= 0)
			return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
		output += count;
		size -= (size_t)count;
	}
	return 0;
}
