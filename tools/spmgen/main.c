/* SPDX-License-Identifier: Apache-2.0 */
/* spmgen: manifests in, the partition manager's table, headers and linker scripts out. */
#include "model.h"
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_MAX_SIZE = 512, BLOB_MAX = 1 << 20 };

static int usage(void)
{
	fputs("usage: spmgen [options] -o OUT [MANIFEST[=FILE,...]]... [--outside MANIFEST[=FILE,...]]...\n"
	      "  Writes the partition table, psa_manifest headers and linker scripts of an image's partitions into OUT.\n"
	      "  FILE,...        static libraries and objects that are the partition's alone\n"
	      "  --outside M     a partition that is not of this tree\n"
	      "  --absent M      a partition of this tree that the image leaves out: its SIDs and its id are known all the same\n"
	      "  --board DTB     the board, compiled with `dtc -@`: devices and interrupts by label\n"
	      "  --isolation N   isolation level, 1 to 3; default 1\n"
	      "  --arotless      refuse APPLICATION-ROT partitions\n"
	      "  --layout        firmware: each partition has memory of its own\n"
	      "  example: spmgen --board board.dtb -o build/generated/spm secure/flash/manifest.yaml secure/its/manifest.yaml\n",
	      stderr);
	return 2;
}

static bool open_output(const char *folder, const char *name, FILE **file)
{
	char path[PATH_MAX_SIZE];
	bool fits = snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path;
	*file = fits ? fopen(path, "w") : NULL;
	if (*file == NULL)
		fprintf(stderr, "spmgen: %s/%s: cannot be written\n  try: make the folder, in a place with a shorter name\n",
			folder, name);
	return *file != NULL;
}

static bool close_output(FILE *file)
{
	bool good = !ferror(file);
	return fclose(file) == 0 && good;
}

static bool write_files(const char *folder, const struct model *model)
{
	static const struct {
		const char *name;
		void (*emit)(FILE *file, const struct model *model);
		bool layout; /* for firmware only */
	} outputs[] = {
		{ "include/psa_manifest/sid.h", emit_sid, false },
		{ "include/psa_manifest/pid.h", emit_pid, false },
		{ "include/psa_manifest/vectors.h", emit_vectors, false },
		{ "spm_table.c", emit_table, false },
		{ "partitions.json", emit_json, false },
		{ "ld/isolation_code.ld", emit_code_layout, true },
		{ "ld/isolation_data.ld", emit_data_layout, true },
		{ "ld/data_input.ld", emit_data_input, true },
		{ "ld/bss_input.ld", emit_bss_input, true },
	};
	for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
		FILE *file;
		if (outputs[i].layout && !model->options.layout)
			continue;
		if (!open_output(folder, outputs[i].name, &file))
			return false;
		outputs[i].emit(file, model);
		if (!close_output(file))
			return false;
	}
	return true;
}

/* OUT/partition/<folder>/psa_manifest/<file>.h: only the partition itself includes it, and file names need not differ. */
static bool write_manifests(const char *out, const struct model *model)
{
	for (size_t i = 0; i < model->partition_count; i++) {
		const struct partition *partition = &model->partitions[i];
		char folder[PATH_MAX_SIZE], name[2 * WORD_MAX_SIZE];
		const char *const parts[] = { "partition", partition->folder, "psa_manifest" };
		size_t used = (size_t)snprintf(folder, sizeof folder, "%s", out);
		for (size_t j = 0; j < sizeof parts / sizeof parts[0] && used < sizeof folder; j++) {
			used += (size_t)snprintf(folder + used, sizeof folder - used, "/%s", parts[j]);
			(void)mkdir(folder, 0777); /* what matters is said when the file cannot be opened */
		}
		FILE *file;
		snprintf(name, sizeof name, "%s.h", partition->file);
		if (!open_output(folder, name, &file))
			return false;
		emit_manifest(file, model, i);
		if (!close_output(file))
			return false;
	}
	return true;
}

static bool resolve(struct model *model, const char *path, struct report *report)
{
	static uint8_t blob[BLOB_MAX];
	FILE *file = fopen(path, "rb");
	size_t size = file != NULL ? fread(blob, 1, sizeof blob, file) : 0;
	bool good = file != NULL && !ferror(file) && size > 0 && size < sizeof blob;
	if (file != NULL)
		fclose(file);
	if (!good) {
		report_error(report, path, NULL, "compile the board's source with `dtc -@ -O dtb`", "cannot be read");
		return false;
	}
	return model_resolve(model, blob, size, path, report);
}

/* MANIFEST[=FILE,...] */
static bool add(struct model *model, char *word, bool outside, struct report *report)
{
	char *files = strchr(word, '=');
	if (files != NULL)
		*files++ = '\0';
	return manifest_read(model, word, files != NULL ? files : "", outside, report);
}

struct request {
	struct model *model, *absent;
	struct report *report;
	const char *board, *out;
};

static bool read_isolation(struct model *model, const char *text)
{
	bool good = text[0] >= '1' && text[0] <= '3' && text[1] == '\0';
	if (good)
		model->options.isolation = (unsigned)(text[0] - '0');
	return good;
}

enum outcome { READ, REFUSED, MISUSED };

/* Options before the manifests: what a manifest may say depends on them. */
static enum outcome read_words(struct request *request, int argc, char **argv)
{
	enum { WORD = 1, BOARD = 256, ISOLATION, AROTLESS, LAYOUT, OUTSIDE, ABSENT };
	static const struct option options[] = {
		{ "board", required_argument, NULL, BOARD },
		{ "isolation", required_argument, NULL, ISOLATION },
		{ "arotless", no_argument, NULL, AROTLESS },
		{ "layout", no_argument, NULL, LAYOUT },
		{ "outside", required_argument, NULL, OUTSIDE },
		{ "absent", required_argument, NULL, ABSENT },
		{ NULL, 0, NULL, 0 },
	};
	enum outcome outcome = READ;
	for (int option; outcome == READ && (option = getopt_long(argc, argv, "-o:", options, NULL)) != -1;)
		switch (option) {
		case 'o':
			request->out = optarg;
			break;
		case BOARD:
			request->board = optarg;
			break;
		case ISOLATION:
			outcome = read_isolation(request->model, optarg) ? READ : MISUSED;
			break;
		case AROTLESS:
			request->model->options.arotless = true;
			break;
		case LAYOUT:
			request->model->options.layout = true;
			break;
		case ABSENT:
			outcome = add(request->absent, optarg, false, request->report) ? READ : REFUSED;
			break;
		case WORD:
		case OUTSIDE:
			outcome = add(request->model, optarg, option == OUTSIDE, request->report) ? READ : REFUSED;
			break;
		default:
			outcome = MISUSED;
		}
	return outcome;
}

int main(int argc, char **argv)
{
	static struct model model, absent;
	struct report report = { .program = "spmgen", .source = "", .separator = "", .stream = stderr };
	struct request request = { &model, &absent, &report, NULL, NULL };
	model.options.isolation = absent.options.isolation = 1;
	model.absent = &absent;
	enum outcome outcome = read_words(&request, argc, argv);
	if (outcome == MISUSED || (outcome == READ && (request.out == NULL || model.partition_count == 0)))
		return usage();
	if (outcome == REFUSED || !model_check(&model, &report) ||
	    (request.board != NULL && !resolve(&model, request.board, &report)))
		return 2;
	model_plan(&model);
	model_give_ids(&absent);
	return write_files(request.out, &model) && write_manifests(request.out, &model) ? 0 : 2;
}
