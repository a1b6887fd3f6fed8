/* SPDX-License-Identifier: Apache-2.0 */
/** Memory helpers that the compiler may not undo. */
#ifndef MERLON_LIB_MEM_H
#define MERLON_LIB_MEM_H

#include <stdbool.h>
#include <stddef.h>

/** Overwrite `size` bytes with zero in a way that the optimizer keeps. */
void mem_wipe(void *data, size_t size);

/** Compare `size` bytes in a time that depends on `size` only. */
bool mem_equal(const void *a, const void *b, size_t size);

/** True when all `size` bytes are `value` (0xFF: erased). Not constant time. */
bool mem_is_filled(const void *data, unsigned char value, size_t size);

#endif
