/* SPDX-License-Identifier: Apache-2.0 */
#include "partitions.h"
#include "commands.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static bool write_svg(const struct partitions *partitions, const char *path, struct error *error)
{
	FILE *out = fopen(path, "w");
	if (out == NULL)
		return error_set(error, "%s: %s", path, strerror(errno));
	partitions_write_svg(partitions, out);
	bool written = !ferror(out);
	written = fclose(out) == 0 && written;
	return written ? true : error_set(error, "%s: %s", path, strerror(errno));
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "svg", required_argument, NULL, 's' },   { "json", no_argument, NULL, 'j' },
		{ "board", required_argument, NULL, 'b' }, { "product", required_argument, NULL, 'p' },
		{ "root", required_argument, NULL, 'r' },  { NULL, 0, NULL, 0 },
	};
	static struct partitions partitions = { .root = ".", .board = "an521", .product = "default" };
	const char *svg = NULL;
	bool json = false;
	struct error error;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 's':
			svg = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'b':
			partitions.board = optarg;
			break;
		case 'p':
			partitions.product = optarg;
			break;
		case 'r':
			partitions.root = optarg;
			break;
		default:
			return command_misused(&command_partitions, "there is no such option");
		}
	}
	if (optind < argc)
		return command_misused(&command_partitions, "'%s' is one word too many", argv[optind]);
	if (!partitions_read(&partitions, &error) || (svg != NULL && !write_svg(&partitions, svg, &error))) {
		error_within(&error, "merlon partitions");
		return error_print(&error);
	}
	if (json)
		partitions_write_json(&partitions);
	else
		partitions_write_text(&partitions, stdout);
	return EXIT_OK;
}

const struct command command_partitions = {
	.name = "partitions",
	.summary = "every partition: type, model, memory, devices, services, who may call whom",
	.usage = "usage: merlon partitions [--svg FILE] [--json] [--board B] [--product P] [--root DIR]\n"
		 "  Shows the partitions of a firmware build.\n"
		 "  --svg FILE    draw them, too\n"
		 "  --json        one JSON object instead of a table\n"
		 "  --board B     default: an521\n"
		 "  --product P   default: default\n"
		 "  --root DIR    the tree whose build/ is read; default: the current folder\n"
		 "  example: merlon partitions --svg partitions.svg\n",
	.run = run,
};
