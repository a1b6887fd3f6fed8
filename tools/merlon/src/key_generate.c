/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "key.h"
#include <getopt.h>
#include <stdio.h>

static int run(int argc, char **argv)
{
	enum { TYPE = 256, DEVELOPMENT, JSON };
	static const struct option options[] = {
		{ "type", required_argument, NULL, TYPE },
		{ "development", no_argument, NULL, DEVELOPMENT },
		{ "output", required_argument, NULL, 'o' },
		{ "json", no_argument, NULL, JSON },
		{ NULL, 0, NULL, 0 },
	};
	const char *type = "ecdsa-p256", *output = NULL;
	bool development = false, json = false;
	for (int option; (option = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		switch (option) {
		case TYPE:
			type = optarg;
			break;
		case DEVELOPMENT:
			development = true;
			break;
		case JSON:
			json = true;
			break;
		case 'o':
			output = optarg;
			break;
		default:
			return command_misused(&command_key_generate, "wrong option");
		}
	}
	if (optind != argc)
		return command_misused(&command_key_generate, "'%s' is too much", argv[optind]);
	if (output == NULL)
		return command_misused(&command_key_generate, "-o KEY.pem is missing");

	struct error error;
	struct key key;
	struct buffer pem = { 0 };
	if (!key_generate(type, development, &key, &error)) {
		error_within(&error, "merlon key generate");
		return error_print(&error);
	}
	bool written = key_encode(&key, true, &pem, &error) && file_write(output, pem.data, pem.size, FILE_SECRET, &error);
	buffer_free(&pem);
	if (written && json)
		key_print_json(&key);
	key_free(&key);
	if (written)
		return EXIT_OK;
	error_within(&error, "merlon key generate");
	return error_print(&error);
}

const struct command command_key_generate = {
	.name = "key generate",
	.summary = "make a signing key",
	.usage = "usage: merlon key generate [--type ecdsa-p256|ecdsa-p384] [--development] [--json] -o KEY.pem\n"
		 "\n"
		 "Makes a signing key. KEY.pem holds the private key and is readable by its owner only.\n"
		 "\n"
		 "  --type TYPE      ecdsa-p256 (the default) or ecdsa-p384\n"
		 "  --development    mark the key: a device in lifecycle `secured` refuses images signed with it\n"
		 "  -o, --output     the file to write\n"
		 "  --json           print type, mark, hash and DER of the public key as one JSON object\n"
		 "\n"
		 "example: merlon key generate --type ecdsa-p256 -o build/keys/maker.pem\n",
	.run = run,
};
