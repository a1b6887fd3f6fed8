/* SPDX-License-Identifier: Apache-2.0 */
/* boardgen: reads a compiled device tree, judges it and writes what firmware and host need to know about the board. */
#include "emit.h"
#include <stdlib.h>
#include <string.h>

enum exit_code { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_ERROR = 2, BLOB_MAX = 1 << 20 };

/* The whole file, or NULL after a message. The caller frees it. */
static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		fprintf(stderr, "boardgen: ");
		perror(path);
		return NULL;
	}
	void *data = malloc(BLOB_MAX);
	*size = data == NULL ? 0 : fread(data, 1, BLOB_MAX, file);
	if (data == NULL || ferror(file) || *size == BLOB_MAX) {
		fprintf(stderr,
			"boardgen: %s: cannot be read, or is larger than a device tree may be\n  try: compile it again with dtc\n",
			path);
		free(data);
		data = NULL;
	}
	fclose(file);
	return data;
}

static enum exit_code write_output(const struct board *board, const struct output *output, const char *folder)
{
	char path[4096];
	if (snprintf(path, sizeof path, "%s/%s", folder, output->path) >= (int)sizeof path) {
		fprintf(stderr, "boardgen: %s: the path is too long\n  try: build in a folder with a shorter name\n", folder);
		return EXIT_ERROR;
	}
	FILE *file = fopen(path, "w");
	if (file == NULL) {
		fprintf(stderr, "boardgen: ");
		perror(path);
		return EXIT_ERROR;
	}
	output->write(file, board);
	bool failed = ferror(file) != 0;
	if (fclose(file) != 0 || failed) {
		fprintf(stderr, "boardgen: %s: cannot be written\n  try: make room on the disk\n", path);
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

static enum exit_code generate(const char *blob, const char *source, const char *folder)
{
	static struct board board;
	struct report report = { "boardgen", source, ": ", stderr, 0, 0 };
	size_t size;
	void *fdt = read_file(blob, &size);
	if (fdt == NULL)
		return EXIT_ERROR;
	bool accepted = board_read(&board, fdt, size, &report) && board_check(&board, &report);
	free(fdt);
	enum exit_code code = accepted ? EXIT_OK : EXIT_REFUSED;
	for (size_t i = 0; i < output_count && code == EXIT_OK; i++)
		code = write_output(&board, &outputs[i], folder);
	return code;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: boardgen BLOB.dtb SOURCE.dts FOLDER\n"
		      "  BLOB      the device tree, compiled with `dtc -@`\n"
		      "  SOURCE    its source: the name that messages give\n"
		      "  FOLDER    where to write; it has the subfolder include/merlon/board\n",
		      stderr);
		return EXIT_ERROR;
	}
	return generate(argv[1], argv[2], argv[3]);
}
