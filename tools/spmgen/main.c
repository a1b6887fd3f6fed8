/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"
#include <string.h>

static int usage(void)
{
	fprintf(stderr,
		"usage: spmgen OUT MANIFEST...\n"
		"  Writes OUT/spm_table.c and OUT/include/psa_manifest/{sid,pid}.h from the manifests of an image's partitions.\n"
		"  example: spmgen build/generated/spm secure/flash/manifest.yaml secure/its/manifest.yaml\n");
	return 2;
}

static bool write_file(const char *folder, const char *name, void (*emit)(FILE *file, const struct model *model),
		       const struct model *model)
{
	char path[512];
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
		return false;
	FILE *file = fopen(path, "w");
	if (file == NULL) {
		perror(path);
		return false;
	}
	emit(file, model);
	bool good = !ferror(file);
	return fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
	static struct model model;
	struct report report = { .program = "spmgen", .source = "", .separator = "", .stream = stderr };
	if (argc < 3)
		return usage();
	for (int i = 2; i < argc; i++)
		if (!manifest_read(&model, argv[i], &report))
			return 2;
	if (!model_check(&model, &report))
		return 2;
	bool good = write_file(argv[1], "include/psa_manifest/sid.h", emit_sid, &model) &&
		    write_file(argv[1], "include/psa_manifest/pid.h", emit_pid, &model) &&
		    write_file(argv[1], "spm_table.c", emit_table, &model);
	return good ? 0 : 2;
}
