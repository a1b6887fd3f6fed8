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
	uint8_t piece[16384];
	struct stat facts;
	*buffer = (struct buffer) { 0 };
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		error_set(error, "%s: %s", path, strerror(errno));
		return error_try(error, "check the name, and that you may read it");
	}
	/* A regular file at once; what has no size, such as a pipe, piece by piece. */
	bool has_size = fstat(fileno(file), &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size <= FILE_SIZE_MAX;
	buffer_init(buffer, has_size ? (size_t)facts.st_size : 0, 0);
	size_t size = fread(buffer->data, 1, buffer->size, file);
	buffer->size = size;
	buffer->data[size] = 0;
	while (buffer->size <= FILE_SIZE_MAX && (size = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(buffer, piece, size);
	bool failed = ferror(file) != 0;
	mem_wipe(piece, sizeof piece); /* it may have been a key */
	if (failed)
		error_set(error, "%s: %s", path, strerror(errno));
	else if (buffer->size > FILE_SIZE_MAX)
		failed = !error_set(error, "%s: longer than %d bytes, which no file of this tool is", path, FILE_SIZE_MAX);
	fclose(file);
	if (failed)
		buffer_free(buffer);
	return !failed;
}

static bool write_whole(int fd, const void *data, size_t size)
{
	const char *at = data;
	while (size > 0) {
		ssize_t count = write(fd, at, size);
		if (count <= 0)
			return false;
		at += count;
		size -= (size_t)count;
	}
	return true;
}

/* Through a new file and a rename: the rights are those asked for, and a reader never sees half of it. */
static bool replace_file(const char *path, const void *data, size_t size, unsigned mode)
{
	char name[4096];
	if (snprintf(name, sizeof name, "%s.XXXXXX", path) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return false;
	}
	int fd = mkstemp(name);
	if (fd < 0)
		return false;
	mode_t mask = umask(0);
	umask(mask);
	bool done = write_whole(fd, data, size) && fchmod(fd, mode & ~mask) == 0;
	done = close(fd) == 0 && done && rename(name, path) == 0;
	int cause = errno;
	if (!done)
		unlink(name);
	errno = cause;
	return done;
}

/* A device, a pipe or a link is written to, never replaced. */
static bool write_through(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool done = write_whole(fd, data, size);
	return close(fd) == 0 && done;
}

bool file_write(const char *path, const void *data, size_t size, unsigned mode, struct error *error)
{
	struct stat facts;
	bool replaces = lstat(path, &facts) != 0 || S_ISREG(facts.st_mode);
	if (replaces ? replace_file(path, data, size, mode) : write_through(path, data, size))
		return true;
	error_set(error, "%s: %s", path, strerror(errno));
	return error_try(error, "check the folder, and that you may write there");
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
