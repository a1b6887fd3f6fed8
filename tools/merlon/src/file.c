/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <merlon/lib/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void buffer_init(struct buffer *buffer, size_t size, uint8_t fill)
{
	buffer->data = malloc(size + 1);
	buffer->size = size;
	if (buffer->data == NULL) {
		fprintf(stderr, "merlon: no memory for %zu bytes\n", size);
		exit(2);
	}
	memset(buffer->data, fill, size);
	buffer->data[size] = 0;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
	struct buffer longer;
	buffer_init(&longer, buffer->size + size, 0);
	if (buffer->size > 0)
		memcpy(longer.data, buffer->data, buffer->size);
	if (size > 0)
		memcpy(longer.data + buffer->size, data, size);
	buffer_free(buffer);
	*buffer = longer;
}

void buffer_free(struct buffer *buffer)
{
	if (buffer->data != NULL)
		mem_wipe(buffer->data, buffer->size);
	free(buffer->data);
	*buffer = (struct buffer) { 0 };
}

bool file_read(const char *path, struct buffer *buffer, struct error *error)
{
	struct stat facts;
	*buffer = (struct buffer) { 0 };
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		error_set(error, "%s: %s", path, strerror(errno));
		return error_try(error, "check the name, and that you may read it");
	}
	if (fstat(fileno(file), &facts) != 0 || !S_ISREG(facts.st_mode)) {
		fclose(file);
		return error_set(error, "%s: not a regular file", path);
	}
	if (facts.st_size > FILE_SIZE_MAX) {
		fclose(file);
		return error_set(error, "%s: %lld bytes; no file of this tool is larger than %d", path, (long long)facts.st_size,
				 FILE_SIZE_MAX);
	}
	buffer_init(buffer, (size_t)facts.st_size, 0);
	size_t size = fread(buffer->data, 1, buffer->size, file);
	fclose(file);
	if (size == buffer->size)
		return true;
	buffer_free(buffer);
	return error_set(error, "%s: cannot be read whole", path);
}

bool file_write(const char *path, const void *data, size_t size, unsigned mode, struct error *error)
{
	/* Through a new file and a rename: the rights are those asked for, and a reader never sees half of it. */
	char name[4096];
	if (snprintf(name, sizeof name, "%s.XXXXXX", path) >= (int)sizeof name)
		return error_set(error, "%s: the name is too long", path);
	int fd = mkstemp(name);
	if (fd < 0)
		return error_set(error, "%s: %s", path, strerror(errno));
	const char *at = data;
	bool done = true;
	while (done && size > 0) {
		ssize_t count = write(fd, at, size);
		done = count > 0;
		at += done ? count : 0;
		size -= done ? (size_t)count : 0;
	}
	done = done && fchmod(fd, mode) == 0;
	done = close(fd) == 0 && done;
	done = done && rename(name, path) == 0;
	if (done)
		return true;
	error_set(error, "%s: %s", path, strerror(errno));
	unlink(name);
	return false;
}

void hex_encode(const uint8_t *data, size_t size, char *text)
{
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", data[i]);
	text[2 * size] = '\0';
}

static int digit_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	return at == NULL ? -1 : (int)(at - digits);
}

bool hex_decode(const char *text, uint8_t *data, size_t capacity, size_t *size)
{
	size_t digits = strlen(text);
	if (digits % 2 != 0 || digits / 2 > capacity)
		return false;
	for (size_t i = 0; i < digits; i += 2) {
		int high = digit_value(text[i]), low = digit_value(text[i + 1]);
		if (high < 0 || low < 0)
			return false;
		data[i / 2] = (uint8_t)(high << 4 | low);
	}
	*size = digits / 2;
	return true;
}

bool number_decode(const char *text, uint64_t maximum, uint64_t *value)
{
	char *end;
	if (text[0] < '0' || text[0] > '9') /* strtoull() would take blanks and signs */
		return false;
	errno = 0;
	*value = strtoull(text, &end, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
	return errno == 0 && *end == '\0' && *value <= maximum;
}
