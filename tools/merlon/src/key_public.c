/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "key.h"
#include <getopt.h>
#include <merlon/lib/policy.h>
#include <stdio.h>
#include <string.h>

static bool print_pem(const struct key *key, struct error *error)
{
	struct buffer pem;
	if (!key_encode(key, false, &pem, error))
		return false;
	fwrite(pem.data, 1, pem.size, stdout);
	buffer_free(&pem);
	return true;
}

static bool print_hash(const struct key *key, struct error *error)
{
	uint8_t hash[IMAGE_DIGEST_SIZE];
	char text[2 * sizeof hash + 1];
	(void)error;
	key_hash(key, sizeof hash, hash);
	hex_encode(hash, sizeof hash, text);
	printf("%s\n", text);
	return true;
}

static bool print_c(const struct key *key, struct error *error)
{
	(void)error;
	printf("/* SubjectPublicKeyInfo of %s%s key. Made by merlon key public. */\n", key->development ? "a development " : "an ",
	       key_type(key));
	printf("const unsigned char ecdsa_pub_key[] = {");
	for (size_t i = 0; i < key->der_size; i++)
		printf("%s0x%02x,", i % 8 == 0 ? "\n\t" : " ", key->der[i]);
	printf("\n};\nconst unsigned int ecdsa_pub_key_len = %zu;\n", key->der_size);
	return true;
}

static bool print_json(const struct key *key, struct error *error)
{
	(void)error;
	key_print_json(key);
	return true;
}

static const struct {
	const char *name;
	bool (*print)(const struct key *key, struct error *error);
} formats[] = { { "pem", print_pem }, { "c", print_c }, { "hash", print_hash }, { "json", print_json } };
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "format", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL, *format = "pem";
	for (int option; (option = getopt_long(argc, argv, "k:", options, NULL)) != -1;) {
		if (option == 'k')
			path = optarg;
		else if (option == 'f')
			format = optarg;
		else if (option == 'j')
			format = "json";
		else
			return command_misused(&command_key_public, "wrong option");
	}
	if (optind != argc)
		return command_misused(&command_key_public, "'%s' is too much", argv[optind]);
	if (path == NULL)
		return command_misused(&command_key_public, "-k KEY is missing");
	unsigned i = 0;
	while (i < FORMAT_COUNT && strcmp(formats[i].name, format) != 0)
		i++;
	if (i == FORMAT_COUNT)
		return command_misused(&command_key_public, "there is no format '%s'", format);

	struct error error;
	struct key key;
	bool done = key_load(path, &key, &error);
	if (done) {
		done = formats[i].print(&key, &error);
		key_free(&key);
	}
	if (done)
		return EXIT_OK;
	error_within(&error, "merlon key public");
	return error_print(&error);
}

const struct command command_key_public = {
	.name = "key public",
	.summary = "print the public half of a key, or its hash",
	.usage = "usage: merlon key public -k KEY.pem [--format pem|c|hash] [--json]\n"
		 "\n"
		 "Prints the public key of a private or public PEM file on standard output.\n"
		 "\n"
		 "  --format pem     SubjectPublicKeyInfo in PEM, with the development mark if there is one (the default)\n"
		 "  --format c       the same as a C array\n"
		 "  --format hash    SHA-256 of the SubjectPublicKeyInfo, in hexadecimal: how images and OTP name the key\n"
		 "  --json           type, development mark, hash and DER as one JSON object\n"
		 "\n"
		 "example: merlon key public -k build/keys/maker.pem --format hash\n",
	.run = run,
};
