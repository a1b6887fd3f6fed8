/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MERLON_TOOL_RANDOM_H
#define MERLON_TOOL_RANDOM_H

#include <stddef.h>

/** Random bytes of the operating system, in the shape that mbedTLS asks for. @return 0, or the library's entropy error. */
int random_bytes(void *unused, unsigned char *output, size_t size);

#endif
