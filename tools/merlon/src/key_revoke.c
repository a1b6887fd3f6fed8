/* SPDX-License-Identifier: Apache-2.0 */
/* merlon key revoke: a signed command that BL2 carries out. Page: docs/format/revocation.md. */
#include "commands.h"
#include "image_build.h"
#include "json.h"
#include <getopt.h>
#include <merlon/board/flash_map.h>
#include <merlon/lib/policy.h>
#include <merlon/lib/trailer.h>
#include <string.h>

enum { COMMAND_HEADER_SIZE = IMAGE_HEADER_SIZE };

struct revoke {
	const char *key_path, *output;
	uint8_t hashes[IMAGE_KEY_MAX][IMAGE_DIGEST_SIZE];
	unsigned count;
	bool json;
};

static const struct option options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "revoke", required_argument, NULL, 'r' },
	{ "output", required_argument, NULL, 'o' },
	{ "json", no_argument, NULL, 'j' },
	{ NULL, 0, NULL, 0 },
};

static bool add_hash(struct revoke *revoke, const char *text, struct error *error)
{
	size_t size;
	if (revoke->count == IMAGE_KEY_MAX)
		return error_set(error, "--revoke at most %d times: a device has no more keys", IMAGE_KEY_MAX);
	if (!hex_decode(text, revoke->hashes[revoke->count], IMAGE_DIGEST_SIZE, &size) || size != IMAGE_DIGEST_SIZE) {
		error_set(error, "--revoke: '%s' is no SHA-256 in hexadecimal", text);
		return error_try(error, "merlon key public -k KEY.pem --format hash");
	}
	revoke->count++;
	return true;
}

static bool parse(struct revoke *revoke, int argc, char **argv, struct error *error)
{
	for (int option; (option = getopt_long(argc, argv, "k:o:", options, NULL)) != -1;) {
		if (option == 'k')
			revoke->key_path = optarg;
		else if (option == 'o')
			revoke->output = optarg;
		else if (option == 'j')
			revoke->json = true;
		else if (option != 'r')
			return error_set(error, "wrong option");
		else if (!add_hash(revoke, optarg, error))
			return false;
	}
	if (optind < argc)
		return error_set(error, "'%s' is too much", argv[optind]);
	return (revoke->key_path != NULL && revoke->output != NULL && revoke->count > 0) ||
	       error_set(error, "-k KEY, --revoke HASH and -o CMD are needed");
}

/* Whatever a device would refuse for certain is refused here. */
static bool check(const struct revoke *revoke, const struct key *key, struct error *error)
{
	uint8_t own[IMAGE_DIGEST_SIZE];
	key_hash(key, sizeof own, own);
	for (unsigned i = 0; i < revoke->count; i++)
		if (memcmp(revoke->hashes[i], own, sizeof own) == 0) {
			error_set(error, "a key cannot revoke itself");
			return error_try(error, "sign with a newer key of the device");
		}
	return true;
}

/* An image that does not boot, with nothing in it but what its protected TLVs say. */
static bool write_command(const struct revoke *revoke, struct key *key, struct error *error)
{
	static uint8_t text[] = "Merlon: revoke keys";
	const struct buffer payload = { .data = text, .size = sizeof text - 1 };
	struct build_options build_options = { .header_size = COMMAND_HEADER_SIZE,
					       .slot_size = BOARD_FLASH_REVOCATION_SIZE,
					       .flags = IMAGE_FLAG_NON_BOOTABLE,
					       .pad_header = true,
					       .overwrite_only = true,
					       .align = 1,
					       .max_align = TRAILER_ALIGN };
	struct build build = { 0 };
	uint8_t signature[KEY_SIGNATURE_MAX];
	size_t size;
	for (unsigned i = 0; i < revoke->count; i++)
		build_tlv_append(&build_options.vendor, IMAGE_TLV_KEY_REVOKE, revoke->hashes[i], IMAGE_DIGEST_SIZE);
	bool done = build_begin(&build, &build_options, key, &payload, error) &&
		    key_sign(key, build.digest, build.digest_size, signature, &size, error) &&
		    build_finish(&build, signature, size, error) &&
		    file_write(revoke->output, build.image.data, build.image.size, FILE_PUBLIC, error);
	build_free(&build);
	buffer_free(&build_options.vendor);
	return done;
}

static void print_json(const struct revoke *revoke, const struct key *key)
{
	uint8_t signer[IMAGE_DIGEST_SIZE];
	key_hash(key, sizeof signer, signer);
	json_begin(NULL);
	json_hex("signer", signer, sizeof signer);
	json_array_begin("revokes");
	for (unsigned i = 0; i < revoke->count; i++)
		json_hex(NULL, revoke->hashes[i], IMAGE_DIGEST_SIZE);
	json_array_end();
	json_end();
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct revoke revoke = { 0 };
	struct key key;
	if (!parse(&revoke, argc, argv, &error))
		return command_misused(&command_key_revoke, "%s", error.text);
	bool done = key_load_private(revoke.key_path, &key, &error);
	if (done) {
		done = check(&revoke, &key, &error) && write_command(&revoke, &key, &error);
		if (done && revoke.json)
			print_json(&revoke, &key);
		key_free(&key);
	}
	if (done)
		return EXIT_OK;
	error_within(&error, "merlon key revoke");
	return error_print(&error);
}

const struct command command_key_revoke = {
	.name = "key revoke",
	.summary = "sign a command that revokes keys of devices",
	.usage = "usage: merlon key revoke -k KEY --revoke HASH [--revoke HASH]... -o CMD [--json]\n"
		 "\n"
		 "Writes a signed command. BL2 carries it out at a start at which all that runs is confirmed; it refuses what "
		 "would lock\n"
		 "the device: a key that signed what runs, the last key for an image, a key newer than KEY or trusted for more "
		 "images.\n"
		 "\n"
		 "  -k, --key KEY      a private key that the devices trust, newer than those it revokes: PEM file or pkcs11:URI\n"
		 "  --revoke HASH      the key to revoke, as `merlon key public --format hash` prints it\n"
		 "  -o, --output CMD   the file to write; `merlon device flash --command CMD` puts it on a device\n"
		 "  --json             print signer and revoked keys\n"
		 "\n"
		 "example: merlon key revoke -k new.pem --revoke $(merlon key public -k old.pem --format hash) -o revoke.cmd\n",
	.run = run,
};
