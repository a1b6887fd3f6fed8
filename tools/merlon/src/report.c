/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include "commands.h"
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

static const struct format {
	const char *name, *file;
	void (*write)(const struct report *report, FILE *out);
} formats[] = {
	{ "text", "report.txt", report_write_text },
	{ "json", "report.json", report_write_json },
	{ "html", "report.html", report_write_html },
};
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

static const struct format *format_named(const char *name)
{
	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

/* Write to FOLDER/report.EXTENSION, or to standard output when there is no folder. */
static bool write_report(const struct report *report, const struct format *format, const char *folder, struct error *error)
{
	char path[4096];
	if (folder == NULL) {
		format->write(report, stdout);
		return true;
	}
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return error_set(error, "%s: %s", folder, strerror(errno));
	snprintf(path, sizeof path, "%s/%s", folder, format->file);
	FILE *out = fopen(path, "w");
	if (out == NULL)
		return error_set(error, "%s: %s", path, strerror(errno));
	format->write(report, out);
	bool written = !ferror(out);
	written = fclose(out) == 0 && written;
	return written ? true : error_set(error, "%s: %s", path, strerror(errno));
}

static int make_report(struct report *report, const struct format *format, const char *folder, bool strict)
{
	struct error error;
	bool done = report_read(report, &error) && write_report(report, format, folder, &error);
	bool complete = report_count(report, REPORT_PROVED) + report_count(report, REPORT_PASSED) == report->claim_count;
	report_free(report);
	if (!done) {
		error_within(&error, "merlon report");
		return error_print(&error);
	}
	return strict && !complete ? EXIT_REFUSED : EXIT_OK;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },  { "output", required_argument, NULL, 'o' },
		{ "root", required_argument, NULL, 'r' },    { "board", required_argument, NULL, 'b' },
		{ "product", required_argument, NULL, 'p' }, { "device", required_argument, NULL, 'd' },
		{ "strict", no_argument, NULL, 's' },        { NULL, 0, NULL, 0 },
	};
	struct report report = { .root = ".", .board = "an521", .product = "default" };
	const struct format *format = &formats[0];
	const char *folder = NULL;
	bool strict = false;
	for (int option; (option = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		switch (option) {
		case 'f':
			format = format_named(optarg);
			if (format == NULL)
				return command_misused(&command_report, "there is no format '%s'", optarg);
			break;
		case 'o':
			folder = optarg;
			break;
		case 'r':
			report.root = optarg;
			break;
		case 'b':
			report.board = optarg;
			break;
		case 'p':
			report.product = optarg;
			break;
		case 'd':
			report.device = optarg;
			break;
		case 's':
			strict = true;
			break;
		default:
			return command_misused(&command_report, "wrong option");
		}
	}
	if (optind != argc)
		return command_misused(&command_report, "'%s' is too much", argv[optind]);
	return make_report(&report, format, folder, strict);
}

const struct command command_report = {
	.name = "report",
	.summary = "the evidence: what is built, what was tested, which claim it answers",
	.usage = "usage: merlon report [--format text|json|html] [-o DIR] [--board B] [--product P] [--device DIR] [--root DIR] "
		 "[--strict]\n"
		 "\n"
		 "Answers five questions about a build: the PSA Certified Level it targets, its isolation level, its boot chain, "
		 "its\n"
		 "update pipeline and its exact version; then says of each claim whether its tests passed in the last ./dev test "
		 "and whether\n"
		 "its negative controls turned them red. What was not built, booted or tested is shown as missing.\n"
		 "\n"
		 "  -o, --output DIR    write DIR/report.txt, .json or .html instead of standard output\n"
		 "  --board, --product  which build, default an521 and default\n"
		 "  --device DIR        a device whose console.log shows the boot chain\n"
		 "  --root DIR          the tree, default the current folder\n"
		 "  --strict            exit status 1 when a claim is missing evidence\n"
		 "\n"
		 "example: merlon report --format html -o build/report --product demo --device build/run/device\n",
	.run = run,
};
