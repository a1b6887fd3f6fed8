/* SPDX-License-Identifier: Apache-2.0 */
/* merlon image sign: options as in MCUboot's imgtool. */
#include "commands.h"
#include "image_build.h"
#include "image_text.h"
#include "json.h"
#include <getopt.h>
#include <mbedtls/base64.h>
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/le.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum vector { VECTOR_NONE, VECTOR_PAYLOAD, VECTOR_DIGEST };

struct sign {
	struct build_options build;
	const char *key_path, *signature_path, *public_path, *input, *output;
	bool has_version, auto_counter, json;
	enum vector vector;
};

enum option_code {
	OPTION_PAD_HEADER = 256,
	OPTION_ALIGN,
	OPTION_MAX_ALIGN,
	OPTION_BOOT_RECORD,
	OPTION_CUSTOM_TLV,
	OPTION_PAD,
	OPTION_TEST,
	OPTION_CONFIRM,
	OPTION_OVERWRITE_ONLY,
	OPTION_PUBLIC_KEY_FORMAT,
	OPTION_NON_BOOTABLE,
	OPTION_VECTOR_TO_SIGN,
	OPTION_FIX_SIG,
	OPTION_FIX_SIG_PUBKEY,
	OPTION_REVOKE,
	OPTION_JSON,
};

static const struct option options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "version", required_argument, NULL, 'v' },
	{ "header-size", required_argument, NULL, 'H' },
	{ "slot-size", required_argument, NULL, 'S' },
	{ "max-sectors", required_argument, NULL, 'M' },
	{ "security-counter", required_argument, NULL, 's' },
	{ "dependencies", required_argument, NULL, 'd' },
	{ "rom-fixed", required_argument, NULL, 'F' },
	{ "pad-header", no_argument, NULL, OPTION_PAD_HEADER },
	{ "align", required_argument, NULL, OPTION_ALIGN },
	{ "max-align", required_argument, NULL, OPTION_MAX_ALIGN },
	{ "boot-record", required_argument, NULL, OPTION_BOOT_RECORD },
	{ "custom-tlv", required_argument, NULL, OPTION_CUSTOM_TLV },
	{ "pad", no_argument, NULL, OPTION_PAD },
	{ "test", no_argument, NULL, OPTION_TEST },
	{ "confirm", no_argument, NULL, OPTION_CONFIRM },
	{ "overwrite-only", no_argument, NULL, OPTION_OVERWRITE_ONLY },
	{ "public-key-format", required_argument, NULL, OPTION_PUBLIC_KEY_FORMAT },
	{ "non-bootable", no_argument, NULL, OPTION_NON_BOOTABLE },
	{ "vector-to-sign", required_argument, NULL, OPTION_VECTOR_TO_SIGN },
	{ "fix-sig", required_argument, NULL, OPTION_FIX_SIG },
	{ "fix-sig-pubkey", required_argument, NULL, OPTION_FIX_SIG_PUBKEY },
	{ "revoke", required_argument, NULL, OPTION_REVOKE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

static bool set_number(uint32_t *value, const char *text, uint32_t minimum, uint32_t maximum, const char *name, struct error *error)
{
	uint64_t number;
	if (!number_decode(text, maximum, &number) || number < minimum)
		return error_set(error, "%s: '%s' is no number from %u to %u", name, text, (unsigned)minimum, (unsigned)maximum);
	*value = (uint32_t)number;
	return true;
}

static bool set_align(uint8_t *align, const char *text, unsigned minimum, const char *name, struct error *error)
{
	uint64_t number;
	if (!number_decode(text, BUILD_ALIGN_MAX, &number) || number < minimum || (number & (number - 1)) != 0)
		return error_set(error, "%s: '%s' is no power of two from %u to %d", name, text, minimum, BUILD_ALIGN_MAX);
	*align = (uint8_t)number;
	return true;
}

static bool set_counter(struct sign *sign, const char *text, struct error *error)
{
	sign->build.has_counter = true;
	sign->auto_counter = strcmp(text, "auto") == 0;
	return sign->auto_counter || set_number(&sign->build.counter, text, 0, UINT32_MAX, "--security-counter", error);
}

static bool add_dependencies(struct sign *sign, const char *text, struct error *error)
{
	struct image_dependency dependency;
	const char *at = text;
	do {
		uint8_t bytes[IMAGE_DEPENDENCY_SIZE] = { 0 };
		if (!dependency_decode(&at, &dependency)) {
			error_set(error, "--dependencies: '%s' is no dependency", text);
			return error_try(error, "-d 1,1.2.0 or -d \"(0, 1.0.0), (1, 1.2.0)\"");
		}
		bytes[0] = dependency.image;
		image_version_encode(&dependency.minimum, bytes + IMAGE_DEPENDENCY_SIZE - IMAGE_VERSION_SIZE);
		build_tlv_append(&sign->build.dependencies, IMAGE_TLV_DEPENDENCY, bytes, sizeof bytes);
	} while (*at != '\0');
	return true;
}

static bool has_vendor_tlv(const struct sign *sign, uint16_t type)
{
	const struct buffer *area = &sign->build.vendor;
	for (size_t at = 0; at < area->size; at += IMAGE_TLV_INFO_SIZE + le16_load(area->data + at + 2))
		if (le16_load(area->data + at) == type)
			return true;
	return false;
}

/* As imgtool: a value with 0x in front is hexadecimal, any other is text. */
static bool add_vendor_tlv(struct sign *sign, const char *id, const char *value, struct error *error)
{
	uint64_t type;
	uint8_t bytes[4096];
	size_t size = strlen(value);
	if (!number_decode(id, BUILD_VENDOR_TLV_MAX, &type) || type < BUILD_VENDOR_TLV_MIN)
		return error_set(error, "--custom-tlv: '%s' is no type from 0x%04x to 0x%04x", id, BUILD_VENDOR_TLV_MIN,
				 BUILD_VENDOR_TLV_MAX);
	if (has_vendor_tlv(sign, (uint16_t)type))
		return error_set(error, "--custom-tlv: type 0x%04x is given twice", (unsigned)type);
	if (strncmp(value, "0x", 2) == 0 ? !hex_decode(value + 2, bytes, sizeof bytes, &size) : size > sizeof bytes)
		return error_set(error, "--custom-tlv: '%s' is not hexadecimal of at most %zu bytes", value, sizeof bytes);
	if (strncmp(value, "0x", 2) != 0)
		memcpy(bytes, value, size);
	build_tlv_append(&sign->build.vendor, (uint16_t)type, bytes, size);
	return true;
}

static bool add_revoked(struct sign *sign, const char *text, struct error *error)
{
	uint8_t hash[IMAGE_DIGEST_SIZE];
	size_t size;
	if (!hex_decode(text, hash, sizeof hash, &size) || size != sizeof hash) {
		error_set(error, "--revoke: '%s' is no SHA-256 in hexadecimal", text);
		return error_try(error, "merlon key public -k KEY.pem --format hash");
	}
	build_tlv_append(&sign->build.vendor, IMAGE_TLV_KEY_REVOKE, hash, sizeof hash);
	return true;
}

static bool choose(const char *name, const char *text, const char *first, const char *second, bool *is_second, struct error *error)
{
	*is_second = strcmp(text, second) == 0;
	return *is_second || strcmp(text, first) == 0 ||
	       error_set(error, "%s: '%s' is neither %s nor %s", name, text, first, second);
}

static void set_pad(struct sign *sign, enum build_pad pad)
{
	if (sign->build.pad < pad)
		sign->build.pad = pad;
}

static bool set_valued(struct sign *sign, int option, const char *value, struct error *error)
{
	struct build_options *build = &sign->build;
	bool second;
	switch (option) {
	case 'v':
		sign->has_version = version_decode(value, &build->version);
		return sign->has_version || error_set(error, "--version: '%s' is no version such as 1.2.3+4", value);
	case 'H':
		return set_number(&build->header_size, value, IMAGE_HEADER_SIZE, UINT16_MAX, "--header-size", error);
	case 'S':
		return set_number(&build->slot_size, value, 1, FILE_SIZE_MAX, "--slot-size", error);
	case 'M':
		return set_number(&build->max_sectors, value, 1, UINT16_MAX, "--max-sectors", error);
	case 's':
		return set_counter(sign, value, error);
	case 'd':
		return add_dependencies(sign, value, error);
	case 'F':
		build->flags |= IMAGE_FLAG_ROM_FIXED;
		return set_number(&build->rom_address, value, 0, UINT32_MAX, "--rom-fixed", error);
	case OPTION_ALIGN:
		return set_align(&build->align, value, 1, "--align", error);
	case OPTION_MAX_ALIGN:
		return set_align(&build->max_align, value, TRAILER_ALIGN, "--max-align", error);
	case OPTION_BOOT_RECORD:
		build->record_name = value;
		return strlen(value) <= BUILD_RECORD_NAME_MAX ||
		       error_set(error, "--boot-record: '%s' is longer than %d characters", value, BUILD_RECORD_NAME_MAX);
	case OPTION_REVOKE:
		return add_revoked(sign, value, error);
	case OPTION_PUBLIC_KEY_FORMAT:
		return choose("--public-key-format", value, "hash", "full", &build->full_key, error);
	case OPTION_VECTOR_TO_SIGN:
		if (!choose("--vector-to-sign", value, "payload", "digest", &second, error))
			return false;
		sign->vector = second ? VECTOR_DIGEST : VECTOR_PAYLOAD;
		return true;
	default:
		return error_set(error, "option %d has no meaning", option);
	}
}

/* Options that only take note of something; false: it is one of the others. */
static bool set_plain(struct sign *sign, int option, const char *value)
{
	switch (option) {
	case 'k':
		sign->key_path = value;
		return true;
	case OPTION_FIX_SIG:
		sign->signature_path = value;
		return true;
	case OPTION_FIX_SIG_PUBKEY:
		sign->public_path = value;
		return true;
	case OPTION_PAD_HEADER:
		sign->build.pad_header = true;
		return true;
	case OPTION_PAD:
	case OPTION_TEST:
		set_pad(sign, BUILD_PAD_TEST);
		return true;
	case OPTION_CONFIRM:
		set_pad(sign, BUILD_PAD_CONFIRM);
		return true;
	case OPTION_OVERWRITE_ONLY:
		sign->build.overwrite_only = true;
		return true;
	case OPTION_NON_BOOTABLE:
		sign->build.flags |= IMAGE_FLAG_NON_BOOTABLE;
		return true;
	case OPTION_JSON:
		sign->json = true;
		return true;
	default:
		return false;
	}
}

static bool parse(struct sign *sign, int argc, char **argv, struct error *error)
{
	for (int option; (option = getopt_long(argc, argv, "k:v:H:S:M:s:d:F:", options, NULL)) != -1;) {
		if (option == '?')
			return error_set(error, "wrong option");
		if (option == OPTION_CUSTOM_TLV) {
			const char *id = optarg;
			if (optind >= argc)
				return error_set(error, "--custom-tlv takes a type and a value");
			if (!add_vendor_tlv(sign, id, argv[optind++], error))
				return false;
		} else if (!set_plain(sign, option, optarg) && !set_valued(sign, option, optarg, error)) {
			return false;
		}
	}
	if (argc - optind != 2)
		return error_set(error, "needs IN and OUT, in this order");
	sign->input = argv[optind];
	sign->output = argv[optind + 1];
	const char *suffix = strrchr(sign->input, '.');
	if (suffix != NULL && strcasecmp(suffix, ".hex") == 0)
		return error_set(error, "%s: Intel HEX is not read: make it binary with objcopy -O binary", sign->input);
	if (!sign->has_version)
		return error_set(error, "--version is missing");
	if (sign->build.header_size == 0)
		return error_set(error, "--header-size is missing");
	if (sign->build.slot_size == 0)
		return error_set(error, "--slot-size is missing");
	if (sign->signature_path != NULL && (sign->public_path == NULL || sign->key_path != NULL))
		return error_set(error, "--fix-sig goes with --fix-sig-pubkey and without -k");
	if (sign->key_path == NULL && sign->signature_path == NULL && sign->vector == VECTOR_NONE)
		return error_set(error, "-k KEY.pem is missing");
	if (sign->build.max_align == 0)
		sign->build.max_align = sign->build.align > TRAILER_ALIGN ? sign->build.align : TRAILER_ALIGN;
	if (sign->auto_counter)
		sign->build.counter = (uint32_t)sign->build.version.major << 24 | (uint32_t)sign->build.version.minor << 16 |
				      sign->build.version.revision;
	return true;
}

/* A signature made elsewhere: base64 of the DER, as imgtool reads it, or the DER itself. */
static bool signature_load(const char *path, const struct key *key, uint8_t signature[KEY_SIGNATURE_MAX], size_t *size,
			   struct error *error)
{
	struct buffer file;
	uint8_t raw[2 * ECDSA_SCALAR_MAX];
	if (!file_read(path, &file, error))
		return false;
	int code = mbedtls_base64_decode(signature, KEY_SIGNATURE_MAX, size, file.data, file.size);
	if (code != 0 && file.size <= KEY_SIGNATURE_MAX) {
		memcpy(signature, file.data, file.size);
		*size = file.size;
		code = 0;
	}
	buffer_free(&file);
	if (code == 0 && ecdsa_signature_decode(signature, *size, (uint8_t)key->scalar_size, raw) == PSA_SUCCESS)
		return true;
	error_set(error, "%s: holds no ECDSA signature", path);
	return error_try(error, "the DER signature of the digest, plain or in base64");
}

/* Never write an image that its own key would refuse. */
static bool signature_check(struct key *key, const struct build *build, const uint8_t *signature, size_t size, struct error *error)
{
	mbedtls_md_type_t hash = build->digest_size == 48 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA256;
	if (mbedtls_pk_verify(&key->pk, hash, build->digest, build->digest_size, signature, size) == 0)
		return true;
	error_set(error, "the signature is not of this image by this key");
	return error_try(error, "--vector-to-sign digest with the same options, and --fix-sig-pubkey of the signing key");
}

static bool make_image(const struct sign *sign, struct build *build, struct key *key, struct error *error)
{
	uint8_t signature[KEY_SIGNATURE_MAX];
	size_t size;
	bool has_one = sign->signature_path != NULL ? signature_load(sign->signature_path, key, signature, &size, error)
						    : key_sign(key, build->digest, build->digest_size, signature, &size, error);
	return has_one && signature_check(key, build, signature, size, error) && build_finish(build, signature, size, error) &&
	       file_write(sign->output, build->image.data, build->image.size, FILE_PUBLIC, error);
}

static void print_json(const struct build *build)
{
	char version[VERSION_TEXT_SIZE];
	version_print(&build->options->version, version);
	json_begin(NULL);
	json_string("version", version);
	json_number("size", build->image.size);
	json_hex("digest", build->digest, build->digest_size);
	json_end();
}

static bool perform(const struct sign *sign, struct error *error)
{
	struct buffer program = { 0 };
	struct build build = { 0 };
	struct key key;
	const char *key_path = sign->key_path != NULL ? sign->key_path : sign->public_path;
	bool needs_private = sign->vector == VECTOR_NONE && sign->signature_path == NULL;
	if (key_path != NULL && !(needs_private ? key_load_private(key_path, &key, error) : key_load(key_path, &key, error)))
		return false;
	bool done = file_read(sign->input, &program, error) &&
		    build_begin(&build, &sign->build, key_path != NULL ? &key : NULL, &program, error);
	if (done && sign->vector == VECTOR_NONE)
		done = make_image(sign, &build, &key, error);
	else if (done && sign->vector == VECTOR_PAYLOAD)
		done = file_write(sign->output, build.image.data, build.image.size, FILE_PUBLIC, error);
	else if (done)
		done = file_write(sign->output, build.digest, build.digest_size, FILE_PUBLIC, error);
	if (done && sign->json)
		print_json(&build);
	build_free(&build);
	buffer_free(&program);
	if (key_path != NULL)
		key_free(&key);
	return done;
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct sign sign = { .build = { .align = 1, .max_sectors = BUILD_SECTORS_DEFAULT } };
	int status = EXIT_OK;
	if (!parse(&sign, argc, argv, &error)) {
		status = command_misused(&command_image_sign, "%s", error.text);
	} else if (!perform(&sign, &error)) {
		error_within(&error, "merlon image sign");
		status = error_print(&error);
	}
	buffer_free(&sign.build.dependencies);
	buffer_free(&sign.build.vendor);
	return status;
}

const struct command command_image_sign = {
	.name = "image sign",
	.summary = "make a signed image out of a program",
	.usage = "usage: merlon image sign -k KEY.pem --version V --header-size N --slot-size N [options] IN OUT\n"
		 "\n"
		 "Makes an MCUboot image; names and meaning of the options are those of MCUboot's imgtool.\n"
		 "\n"
		 "  -k, --key KEY.pem            the private key; its type chooses the algorithm\n"
		 "  -v, --version 1.2.3+4        version; later parts may be left out\n"
		 "  -H, --header-size N          bytes before the program, at least 32\n"
		 "  -S, --slot-size N            bytes of the slot\n"
		 "  --pad-header                 put the header in front; otherwise IN begins with that many zeros\n"
		 "  -s, --security-counter N     rollback counter; auto: from the version\n"
		 "  -d, --dependencies ID,V      needs image ID in version V or later; may be repeated, or \"(ID, V), (ID, V)\"\n"
		 "  --boot-record NAME           add TF-M's boot record; NAME is the software type, at most 12 characters\n"
		 "  --custom-tlv ID VALUE        protected TLV of the vendor, 0x00a0 to 0xfffe; VALUE 0x... is hexadecimal, else "
		 "text\n"
		 "  --revoke HASH                once this image is confirmed, devices revoke that older key; may be repeated\n"
		 "  --public-key-format hash|full   name the key by its hash, or put it into the image\n"
		 "  -F, --rom-fixed ADDR         the image runs only at this address\n"
		 "  --non-bootable               mark the image as not to be booted\n"
		 "  --pad, --test, --confirm     fill the slot and add a trailer: --pad and --test ask for a trial, --confirm for "
		 "good\n"
		 "  --align N, --max-align N     write size of the flash; alignment of the trailer\n"
		 "  -M, --max-sectors N          sectors that the trailer allows for (128)\n"
		 "  --overwrite-only             a trailer without swap status\n"
		 "  --vector-to-sign payload|digest   write what has to be signed elsewhere to OUT; --fix-sig-pubkey names the "
		 "signer\n"
		 "  --fix-sig FILE --fix-sig-pubkey PUB.pem   use this signature: DER, plain or in base64\n"
		 "  --json                       print version, size and digest\n"
		 "\n"
		 "example: merlon image sign -k maker.pem --version 1.2.0 --header-size 0x400 --slot-size 0x80000 --pad-header \\\n"
		 "           --security-counter 3 -d 1,1.2.0 secure.bin secure.signed.bin\n",
	.run = run,
};
