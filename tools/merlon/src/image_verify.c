/* SPDX-License-Identifier: Apache-2.0 */
/* merlon image verify: BL2's own judgement of a file. */
#include "commands.h"
#include "image_text.h"
#include "json.h"
#include "key.h"
#include <getopt.h>
#include <inttypes.h>
#include <merlon/board/flash_map.h>
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/policy.h>
#include <stdio.h>
#include <string.h>

struct verify {
	struct image_key keys[IMAGE_KEY_MAX];
	struct image_policy policy;
	uint32_t slot_size;
	bool is_secondary, json;
	const char *path;
};

enum option_code {
	OPTION_SLOT = 256,
	OPTION_COUNTER,
	OPTION_KEY_POLICY,
	OPTION_IMAGE,
	OPTION_ADDRESS,
	OPTION_LIFECYCLE,
	OPTION_JSON
};

static const struct option options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "slot", required_argument, NULL, OPTION_SLOT },
	{ "slot-size", required_argument, NULL, 'S' },
	{ "counter", required_argument, NULL, OPTION_COUNTER },
	{ "key-policy", required_argument, NULL, OPTION_KEY_POLICY },
	{ "image", required_argument, NULL, OPTION_IMAGE },
	{ "address", required_argument, NULL, OPTION_ADDRESS },
	{ "lifecycle", required_argument, NULL, OPTION_LIFECYCLE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

/* A word of an option and what it stands for. */
struct word {
	const char *name;
	uint8_t value;
};
static const struct word slot_words[] = { { "primary", 0 }, { "secondary", 1 }, { NULL, 0 } };
static const struct word form_words[] = {
	{ "hash", IMAGE_KEY_FORM_HASH },
	{ "full", IMAGE_KEY_FORM_FULL },
	{ "both", IMAGE_KEY_FORM_BOTH },
	{ NULL, 0 },
};
static const struct word image_words[] = {
	{ "0", IMAGE_SECURE }, { "1", IMAGE_NONSECURE }, { "secure", IMAGE_SECURE }, { "nonsecure", IMAGE_NONSECURE }, { NULL, 0 },
};
static const struct word lifecycle_words[] = { { "assembly", 1 }, { "secured", 0 }, { NULL, 0 } };

static bool choose(const struct word *words, const char *option, const char *text, uint8_t *value, struct error *error)
{
	for (const struct word *word = words; word->name != NULL; word++) {
		if (strcmp(word->name, text) == 0) {
			*value = word->value;
			return true;
		}
	}
	return error_set(error, "%s: '%s' is not one of its words", option, text);
}

static bool set_number(uint32_t *value, const char *option, const char *text, struct error *error)
{
	uint64_t number;
	if (!number_decode(text, UINT32_MAX, &number))
		return error_set(error, "%s: '%s' is no number up to 0xffffffff", option, text);
	*value = (uint32_t)number;
	return true;
}

static bool set_option(struct verify *verify, int option, const char *value, struct error *error)
{
	struct image_policy *policy = &verify->policy;
	uint8_t word = 0;
	switch (option) {
	case OPTION_SLOT:
		if (!choose(slot_words, "--slot", value, &word, error))
			return false;
		verify->is_secondary = word;
		return true;
	case 'S':
		return set_number(&verify->slot_size, "--slot-size", value, error);
	case OPTION_COUNTER:
		policy->counter_checked = true;
		return set_number(&policy->counter_minimum, "--counter", value, error);
	case OPTION_KEY_POLICY:
		return choose(form_words, "--key-policy", value, &policy->key_forms, error);
	case OPTION_IMAGE:
		return choose(image_words, "--image", value, &policy->image, error);
	case OPTION_ADDRESS:
		policy->address_checked = true;
		return set_number(&policy->address, "--address", value, error);
	case OPTION_LIFECYCLE:
		if (!choose(lifecycle_words, "--lifecycle", value, &word, error))
			return false;
		policy->development_allowed = word;
		return true;
	case OPTION_JSON:
		verify->json = true;
		return true;
	default:
		return error_set(error, "wrong option");
	}
}

/* The key as provisioning would put it into OTP. */
static bool add_key(struct verify *verify, const char *path, struct error *error)
{
	struct key key;
	if (verify->policy.key_count == IMAGE_KEY_MAX)
		return error_set(error, "a device trusts at most %d keys", IMAGE_KEY_MAX);
	if (!key_load(path, &key, error))
		return false;
	bool fits = key.scalar_size == 32;
	struct image_key *trusted = &verify->keys[verify->policy.key_count];
	memcpy(trusted->der, key.der, key.der_size);
	trusted->der_size = (uint8_t)key.der_size;
	trusted->role = IMAGE_KEY_FOR_BOTH;
	trusted->development = key.development;
	key_hash(&key, IMAGE_DIGEST_SIZE, trusted->hash);
	key_free(&key);
	if (!fits)
		return error_set(error, "%s: %s: BL2 verifies ecdsa-p256", path, key_type(&key));
	verify->policy.key_count++;
	return true;
}

static int judge(const struct verify *verify, const struct buffer *file, struct image_verdict *verdict)
{
	struct file_slot slot;
	struct sha256 hash;
	struct image_crypto crypto;
	file_slot_init(&slot, file->data, file->size, verify->slot_size);
	image_crypto_init(&crypto, &hash, NULL);
	if (file->size <= verify->slot_size)
		return image_judge(&slot.medium, &verify->policy, &crypto, verdict);
	*verdict = (struct image_verdict) { .refusal = REFUSAL_SIZE }; /* it could not have been written there */
	return verdict->refusal;
}

/* What the trailer of a secondary slot asks BL2 for. */
static const char *request(const struct verify *verify, const struct buffer *file)
{
	struct file_slot slot;
	struct trailer trailer;
	file_slot_init(&slot, file->data, file->size, verify->slot_size);
	if (!verify->is_secondary || trailer_read(&slot.medium, verify->slot_size, &trailer) != PSA_SUCCESS ||
	    trailer.magic != TRAILER_MAGIC_GOOD)
		return "none";
	return trailer.image_ok == TRAILER_FLAG_SET ? "permanent" : "test";
}

static void print_json(const struct verify *verify, const struct buffer *file, const struct image_verdict *verdict)
{
	char version[VERSION_TEXT_SIZE];
	version_print(&verdict->header.version, version);
	json_begin(NULL);
	json_bool("accepted", verdict->refusal == REFUSAL_NONE);
	json_string("code", refusal_name(verdict->refusal));
	json_number("number", verdict->refusal);
	json_string("reason", refusal_reason(verdict->refusal));
	json_bool("hash_matches", verdict->hash_matches);
	json_bool("signature_matches", verdict->signature_matches);
	if (verdict->header.header_size != 0) {
		json_string("version", version);
		json_number("size", verdict->image_size);
		json_hex("digest", verdict->digest, IMAGE_DIGEST_SIZE);
	}
	if (verdict->has_counter)
		json_number("counter", verdict->counter);
	if (verdict->signature_matches)
		json_hex("key", verify->keys[verdict->key_index].hash, IMAGE_DIGEST_SIZE);
	json_string("request", request(verify, file));
	json_end();
}

static void print_text(const struct verify *verify, const struct buffer *file, const struct image_verdict *verdict)
{
	char version[VERSION_TEXT_SIZE];
	if (verdict->refusal != REFUSAL_NONE) {
		printf("rejected: %s %s\n", refusal_name(verdict->refusal), refusal_reason(verdict->refusal));
		return;
	}
	version_print(&verdict->header.version, version);
	printf("accepted: version %s, %" PRIu32 " bytes", version, verdict->image_size);
	if (verdict->has_counter)
		printf(", counter %" PRIu32, verdict->counter);
	if (verify->is_secondary)
		printf(", request %s", request(verify, file));
	printf("\n");
}

static bool parse(struct verify *verify, int argc, char **argv, const char *keys[IMAGE_KEY_MAX + 1], struct error *error)
{
	unsigned count = 0;
	for (int option; (option = getopt_long(argc, argv, "k:S:", options, NULL)) != -1;) {
		if (option == 'k' && count <= IMAGE_KEY_MAX)
			keys[count++] = optarg;
		else if (option != 'k' && !set_option(verify, option, optarg, error))
			return false;
	}
	if (argc - optind != 1)
		return error_set(error, "needs one FILE");
	if (count == 0)
		return error_set(error, "-k PUB.pem is missing");
	if (verify->slot_size <= BOARD_FLASH_ERASE_SIZE)
		return error_set(error, "--slot-size: a slot holds an image and a trailer sector of %u bytes",
				 BOARD_FLASH_ERASE_SIZE);
	verify->path = argv[optind];
	verify->policy.limit = verify->slot_size - BOARD_FLASH_ERASE_SIZE;
	verify->policy.keys = verify->keys;
	return true;
}

static int run(int argc, char **argv)
{
	struct error error;
	struct buffer file = { 0 };
	struct image_verdict verdict;
	const char *keys[IMAGE_KEY_MAX + 1] = { NULL };
	struct verify verify = {
		.policy = { .key_forms = IMAGE_KEY_FORM_BOTH, .development_allowed = true },
		.slot_size = BOARD_SLOT_SIZE,
	};
	if (!parse(&verify, argc, argv, keys, &error))
		return command_misused(&command_image_verify, "%s", error.text);
	bool ready = true;
	for (unsigned i = 0; ready && i <= IMAGE_KEY_MAX && keys[i] != NULL; i++)
		ready = add_key(&verify, keys[i], &error);
	if (!ready || !file_read(verify.path, &file, &error)) {
		error_within(&error, "merlon image verify");
		return error_print(&error);
	}
	int refusal = judge(&verify, &file, &verdict);
	if (verify.json)
		print_json(&verify, &file, &verdict);
	else
		print_text(&verify, &file, &verdict);
	buffer_free(&file);
	return refusal == REFUSAL_NONE ? EXIT_OK : EXIT_REFUSED;
}

const struct command command_image_verify = {
	.name = "image verify",
	.summary = "judge an image as BL2 would",
	.usage = "usage: merlon image verify -k PUB.pem [options] FILE\n"
		 "\n"
		 "Runs BL2's own code over a slot that holds FILE. Prints `accepted: ...` or `rejected: CODE REASON`; exit status "
		 "1 when\n"
		 "rejected. Dependencies on other images are not judged.\n"
		 "\n"
		 "  -k, --key PUB.pem                a trusted key, public or private; up to four\n"
		 "  --slot primary|secondary         secondary: also tell what update the trailer asks for (primary)\n"
		 "  -S, --slot-size N                bytes of the slot; its last sector is the trailer's (that of the an521)\n"
		 "  --counter N                      the stored rollback counter; without it, no rollback check\n"
		 "  --key-policy hash|full|both      which key references are accepted (both)\n"
		 "  --image 0|1|secure|nonsecure     whose slot it is (0)\n"
		 "  --address ADDR                   where the slot runs; an image with --rom-fixed must be linked for it\n"
		 "  --lifecycle assembly|secured     secured: refuse keys marked for development (assembly)\n"
		 "  --json                           the verdict as one JSON object\n"
		 "\n"
		 "example: merlon image verify -k maker.pub.pem --counter 3 secure.signed.bin\n",
	.run = run,
};
