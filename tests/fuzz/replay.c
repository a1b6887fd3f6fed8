/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for libFuzzer's main: runs a fuzz target over every file of a corpus folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return 2;
	}
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	uint8_t *data = malloc(size > 0 ? (size_t)size : 1); /* exactly as long as the input: a sanitizer sees one byte too far */
	int status = 0;
	if (data == NULL || size < 0 || fread(data, 1, (size_t)size, file) != (size_t)size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		status = 2;
	} else {
		(void)LLVMFuzzerTestOneInput(data, (size_t)size);
	}
	free(data);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	unsigned files = 0;
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		if (folder == NULL) {
			perror(argv[i]);
			return 2;
		}
		for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
			char path[4096];
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
			if (replay(path) != 0)
				return 2;
			files++;
		}
		closedir(folder);
	}
	printf("%u inputs replayed\n", files);
	return files == 0; /* an empty corpus proves nothing */
}
