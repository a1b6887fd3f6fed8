/* SPDX-License-Identifier: Apache-2.0 */
/** Whole files in memory, and hexadecimal text. */
#ifndef MERLON_TOOL_FILE_H
#define MERLON_TOOL_FILE_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

enum { FILE_SIZE_MAX = 64 << 20, FILE_PUBLIC = 0644, FILE_SECRET = 0600 };

/** Bytes on the heap of the tool; `size` does not count the NUL that always follows. Free with buffer_free(). */
struct buffer {
	uint8_t *data;
	size_t size;
};

bool file_read(const char *path, struct buffer *buffer, struct error *error);
/**
 * Create or replace; what is no regular file, such as /dev/stdout, is written to instead.
 * @param mode  Less what umask takes away. FILE_SECRET: nobody else can read a regular file, not even while it is written.
 */
bool file_write(const char *path, const void *data, size_t size, unsigned mode, struct error *error);

/** Make room for `size` bytes set to `fill`, or stop the program with a message: there is nothing to do without memory. */
void buffer_init(struct buffer *buffer, size_t size, uint8_t fill);
void buffer_append(struct buffer *buffer, const void *data, size_t size);
/** Wipe and free. */
void buffer_free(struct buffer *buffer);

/** Lower-case hexadecimal with NUL; `text` holds 2 * size + 1. */
void hex_encode(const uint8_t *data, size_t size, char *text);
/** @return false when `text` is no even number of hexadecimal digits or holds more than `capacity` bytes. */
bool hex_decode(const char *text, uint8_t *data, size_t capacity, size_t *size);

/** A whole number, decimal or 0x...; @return false when there is anything else or it is above `maximum`. */
bool number_decode(const char *text, uint64_t maximum, uint64_t *value);

#endif
