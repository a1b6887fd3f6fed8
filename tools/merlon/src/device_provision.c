/* SPDX-License-Identifier: Apache-2.0 */
/* merlon device provision: make a device, or a batch of them, and write what the factory writes. */
#include "commands.h"
#include "device.h"
#include "json.h"
#include "key.h"
#include "random.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <mbedtls/ecp.h>
#include <mbedtls/sha256.h>
#include <mbedtls/x509_crt.h>
#include <merlon/lib/factory.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const boards[] = { "an505", "an521", NULL };

struct plan {
	const char *board, *product, *folder, *serial, *serials, *server, *server_name, *server_ca;
	bool secured, json;
	const char *key_arguments[IMAGE_KEY_MAX];
	struct image_key keys[IMAGE_KEY_MAX];
	unsigned key_count;
	struct buffer ca; /* DER */
};

enum { BATCH_MAX = 10000 };

enum option_code {
	OPTION_BOARD = 256,
	OPTION_PRODUCT,
	OPTION_DIR,
	OPTION_LIFECYCLE,
	OPTION_SERIAL,
	OPTION_SERIALS,
	OPTION_IMAGE_KEY,
	OPTION_SERVER,
	OPTION_SERVER_NAME,
	OPTION_SERVER_CA,
	OPTION_JSON
};

static const struct option options[] = {
	{ "board", required_argument, NULL, OPTION_BOARD },
	{ "product", required_argument, NULL, OPTION_PRODUCT },
	{ "dir", required_argument, NULL, OPTION_DIR },
	{ "lifecycle", required_argument, NULL, OPTION_LIFECYCLE },
	{ "serial", required_argument, NULL, OPTION_SERIAL },
	{ "serials", required_argument, NULL, OPTION_SERIALS },
	{ "image-key", required_argument, NULL, OPTION_IMAGE_KEY },
	{ "server", required_argument, NULL, OPTION_SERVER },
	{ "server-name", required_argument, NULL, OPTION_SERVER_NAME },
	{ "server-ca", required_argument, NULL, OPTION_SERVER_CA },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

/* Names of boards, products and serials become file names and JSON as they are. */
static bool is_name(const char *text, size_t size_max)
{
	size_t size = strlen(text);
	if (size == 0 || size > size_max || text[0] == '.')
		return false;
	for (size_t i = 0; i < size; i++)
		if (!isalnum((unsigned char)text[i]) && strchr("-_.", text[i]) == NULL)
			return false;
	return true;
}

static bool set_option(struct plan *plan, int option, const char *value, struct error *error)
{
	switch (option) {
	case OPTION_BOARD:
		plan->board = value;
		return true;
	case OPTION_PRODUCT:
		plan->product = value;
		return true;
	case OPTION_DIR:
		plan->folder = value;
		return true;
	case OPTION_LIFECYCLE:
		plan->secured = strcmp(value, "secured") == 0;
		return plan->secured || strcmp(value, "assembly") == 0 || error_set(error, "--lifecycle is assembly or secured");
	case OPTION_SERIAL:
		plan->serial = value;
		return true;
	case OPTION_SERIALS:
		plan->serials = value;
		return true;
	case OPTION_IMAGE_KEY:
		if (plan->key_count == IMAGE_KEY_MAX)
			return error_set(error, "--image-key: a device trusts at most %d keys", IMAGE_KEY_MAX);
		plan->key_arguments[plan->key_count++] = value;
		return true;
	case OPTION_SERVER:
		plan->server = value;
		return true;
	case OPTION_SERVER_NAME:
		plan->server_name = value;
		return true;
	case OPTION_SERVER_CA:
		plan->server_ca = value;
		return true;
	case OPTION_JSON:
		plan->json = true;
		return true;
	default:
		return error_set(error, "wrong option");
	}
}

static bool is_board(const char *name)
{
	for (unsigned i = 0; boards[i] != NULL; i++)
		if (strcmp(boards[i], name) == 0)
			return true;
	return false;
}

static bool parse(struct plan *plan, int argc, char **argv, struct error *error)
{
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (!set_option(plan, option, optarg, error))
			return false;
	if (optind != argc)
		return error_set(error, "'%s' belongs to no option", argv[optind]);
	if (plan->board == NULL || plan->product == NULL || plan->folder == NULL || plan->key_count == 0)
		return error_set(error, "--board, --product, --dir and at least one --image-key are needed");
	if (!is_board(plan->board))
		return error_set(error, "there is no board '%s'; there are an505 and an521", plan->board);
	if (!is_name(plan->product, 64))
		return error_set(error, "--product: '%s' is no name of a product", plan->product);
	if (plan->serial != NULL && plan->serials != NULL)
		return error_set(error, "--serial and --serials exclude each other");
	if (plan->serial != NULL && !is_name(plan->serial, OTP_SERIAL_MAX))
		return error_set(error, "--serial: '%s': 1 to %d letters, digits, '-', '_' or '.'", plan->serial, OTP_SERIAL_MAX);
	if ((plan->server == NULL) != (plan->server_ca == NULL) || (plan->server == NULL) != (plan->server_name == NULL))
		return error_set(error, "--server, --server-name and --server-ca go together");
	return true;
}

/* PUB[:secure|nonsecure|both] */
static bool load_key(const char *argument, struct image_key *trusted, struct error *error)
{
	static const struct {
		const char *suffix;
		uint8_t role;
	} roles[] = { { ":secure", IMAGE_KEY_FOR_SECURE },
		      { ":nonsecure", IMAGE_KEY_FOR_NONSECURE },
		      { ":both", IMAGE_KEY_FOR_BOTH } };
	char path[DEVICE_PATH_MAX];
	struct key key;
	*trusted = (struct image_key) { .role = IMAGE_KEY_FOR_BOTH };
	size_t size = strlen(argument);
	for (unsigned i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		size_t suffix_size = strlen(roles[i].suffix);
		if (size > suffix_size && strcmp(argument + size - suffix_size, roles[i].suffix) == 0) {
			trusted->role = roles[i].role;
			size -= suffix_size;
			break;
		}
	}
	if (size >= sizeof path)
		return error_set(error, "the path of the key is too long");
	memcpy(path, argument, size);
	path[size] = '\0';
	if (!key_load(path, &key, error))
		return false;
	bool fits = key.scalar_size == OTP_IAK_SIZE;
	memcpy(trusted->der, key.der, key.der_size);
	trusted->der_size = (uint8_t)key.der_size;
	trusted->development = key.development;
	key_hash(&key, IMAGE_DIGEST_SIZE, trusted->hash);
	key_free(&key);
	return fits || error_set(error, "%s: not an ecdsa-p256 key; BL2 verifies no other", path);
}

static bool load_inputs(struct plan *plan, struct error *error)
{
	for (unsigned i = 0; i < plan->key_count; i++) {
		if (!load_key(plan->key_arguments[i], &plan->keys[i], error))
			return false;
		if (plan->secured && plan->keys[i].development)
			fprintf(stderr, "warning: %s is marked development: a secured device refuses every image signed with it\n",
				plan->key_arguments[i]);
	}
	if (plan->server_ca == NULL)
		return true;
	struct buffer text;
	mbedtls_x509_crt certificate;
	if (!file_read(plan->server_ca, &text, error))
		return false;
	mbedtls_x509_crt_init(&certificate);
	/* PEM counts its terminating zero, DER does not. */
	int code = mbedtls_x509_crt_parse(&certificate, text.data, text.size + (memchr(text.data, 0, text.size) == NULL));
	if (code == 0)
		buffer_append(&plan->ca, certificate.raw.p, certificate.raw.len);
	mbedtls_x509_crt_free(&certificate);
	buffer_free(&text);
	if (code != 0)
		return error_set(error, "%s: no X.509 certificate", plan->server_ca);
	return plan->ca.size <= FACTORY_CA_MAX ||
	       error_set(error, "%s: the certificate is larger than %d bytes", plan->server_ca, FACTORY_CA_MAX);
}

enum { POINT_SIZE = 65 }; /* 0x04, x, y */

static bool check(psa_status_t status, const char *step, struct error *error)
{
	return status == PSA_SUCCESS || error_set(error, "%s: %s", step, device_status_text(status));
}

/* Secrets are made here and exist in OTP only; the public half of the attestation key goes to DIR/iak_pub.pem. */
static bool write_identity(const struct medium *otp, const char *folder, const char *serial, struct error *error)
{
	struct otp_identity identity = { 0 };
	struct key key;
	char path[DEVICE_PATH_MAX];
	struct buffer pem = { 0 };
	if (!device_path(folder, "iak_pub.pem", path, error) || !key_generate("ecdsa-p256", false, &key, error))
		return false;
	strcpy(identity.serial, serial);
	/* The public point stands at the end of the DER. */
	mbedtls_sha256(key.der + key.der_size - POINT_SIZE, POINT_SIZE, identity.instance, 0);
	bool written = (random_bytes(NULL, identity.huk, sizeof identity.huk) == 0 &&
			mbedtls_ecp_write_key(mbedtls_pk_ec(key.pk), identity.iak, sizeof identity.iak) == 0) ||
		       error_set(error, "make the secrets: no random numbers");
	written = written && check(otp_identity_set(otp, &identity), "write the identity", error) &&
		  key_encode(&key, false, &pem, error) && file_write(path, pem.data, pem.size, FILE_PUBLIC, error);
	mem_wipe(&identity, sizeof identity);
	buffer_free(&pem);
	key_free(&key);
	return written;
}

static bool write_otp(const struct plan *plan, const struct medium *otp, const char *folder, const char *serial,
		      struct error *error)
{
	if (plan->secured && !check(otp_lifecycle_set(otp, OTP_LIFECYCLE_PROVISIONING), "enter provisioning", error))
		return false;
	if (!write_identity(otp, folder, serial, error))
		return false;
	for (unsigned i = 0; i < plan->key_count; i++)
		if (!check(otp_key_add(otp, &plan->keys[i]), plan->key_arguments[i], error))
			return false;
	return !plan->secured || check(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), "secure", error);
}

static bool write_factory(const struct plan *plan, const struct device *device, const char *serial, struct error *error)
{
	uint8_t bytes[FACTORY_SIZE_MAX];
	size_t size;
	struct flash_window area = device_area(device, "factory");
	const struct factory_value values[MERLON_FACTORY_ITEM_COUNT] = {
		[MERLON_FACTORY_SERIAL] = { serial, strlen(serial) },
		[MERLON_FACTORY_SERVER_URL] = { plan->server, plan->server != NULL ? strlen(plan->server) : 0 },
		[MERLON_FACTORY_SERVER_NAME] = { plan->server_name, plan->server_name != NULL ? strlen(plan->server_name) : 0 },
		[MERLON_FACTORY_SERVER_CA] = { plan->ca.data, plan->ca.size },
	};
	return check(factory_encode(values, bytes, &size), "factory data", error) &&
	       check(medium_program(&area.medium, 0, bytes, size), "factory data", error);
}

static bool write_description(const struct plan *plan, const char *folder, const char *serial, struct error *error)
{
	char path[DEVICE_PATH_MAX], text[256];
	int size = snprintf(text, sizeof text, "{\"board\": \"%s\", \"product\": \"%s\", \"serial\": \"%s\"}\n", plan->board,
			    plan->product, serial);
	return device_path(folder, "device.json", path, error) && file_write(path, text, (size_t)size, FILE_PUBLIC, error);
}

static void say(const struct plan *plan, const char *folder, const char *serial, bool made)
{
	if (!plan->json) {
		printf("%s: %s, product %s, lifecycle %s, %u image key%s%s\n", serial, plan->board, plan->product,
		       plan->secured ? "secured" : "assembly", plan->key_count, plan->key_count == 1 ? "" : "s",
		       made ? "" : ": finished before, kept");
		return;
	}
	json_begin(NULL);
	json_string("serial", serial);
	json_string("folder", folder);
	json_bool("made", made);
	json_end();
}

static bool provision(const struct plan *plan, const char *folder, const char *serial, struct error *error)
{
	struct device device;
	if (!device_create(&device, folder, error))
		return error_within(error, "provision %s", serial);
	bool done = write_otp(plan, &device.otp.medium, folder, serial, error) && write_factory(plan, &device, serial, error) &&
		    write_description(plan, folder, serial, error);
	device_close(&device);
	if (!done || !device_commit(folder, error)) {
		device_discard(folder);
		return error_within(error, "provision %s", serial);
	}
	say(plan, folder, serial, true);
	return true;
}

/* The serials of a batch, in the order of the file. */
struct batch {
	const char *serials[BATCH_MAX];
	unsigned count;
};

static bool add_serial(struct batch *batch, const char *serial, struct error *error)
{
	if (!is_name(serial, OTP_SERIAL_MAX))
		return error_set(error, "'%s' is no serial", serial);
	for (unsigned i = 0; i < batch->count; i++)
		if (strcmp(batch->serials[i], serial) == 0)
			return error_set(error, "'%s' is there twice", serial);
	if (batch->count == BATCH_MAX)
		return error_set(error, "more than %d serials", BATCH_MAX);
	batch->serials[batch->count++] = serial;
	return true;
}

/* The first column of each line is a serial; a first line `serial` is a heading. All are judged before a device is made. */
static bool read_batch(char *text, struct batch *batch, struct error *error)
{
	unsigned number = 0;
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		number++;
		line[strcspn(line, ",\r")] = '\0';
		if (line[0] == '\0' || (number == 1 && strcmp(line, "serial") == 0))
			continue;
		if (!add_serial(batch, line, error))
			return error_within(error, "line %u", number);
	}
	return batch->count > 0 || error_set(error, "no serial in it");
}

/* A batch that was cut goes on where it stood: finished devices are kept as they are. */
static bool make_batch(const struct plan *plan, const struct batch *batch, struct error *error)
{
	char folder[DEVICE_PATH_MAX];
	if (mkdir(plan->folder, 0777) != 0 && errno != EEXIST)
		return error_set(error, "make %s: %s", plan->folder, strerror(errno));
	for (unsigned i = 0; i < batch->count; i++) {
		if (!device_path(plan->folder, batch->serials[i], folder, error))
			return false;
		if (device_is_finished(folder))
			say(plan, folder, batch->serials[i], false);
		else if (!provision(plan, folder, batch->serials[i], error))
			return false;
	}
	return true;
}

static bool provision_batch(const struct plan *plan, struct error *error)
{
	static struct batch batch;
	struct buffer text;
	if (!file_read(plan->serials, &text, error))
		return false;
	bool done = read_batch((char *)text.data, &batch, error);
	if (!done)
		error_within(error, "%s", plan->serials);
	done = done && make_batch(plan, &batch, error);
	buffer_free(&text);
	return done;
}

static bool random_serial(char serial[OTP_SERIAL_MAX + 1], struct error *error)
{
	uint8_t bytes[6];
	if (random_bytes(NULL, bytes, sizeof bytes) != 0)
		return error_set(error, "no random numbers for a serial");
	memcpy(serial, "MRL-", 4);
	hex_encode(bytes, sizeof bytes, serial + 4);
	return true;
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct plan plan = { 0 };
	char serial[OTP_SERIAL_MAX + 1];
	if (!parse(&plan, argc, argv, &error))
		return command_misused(&command_device_provision, "%s", error.text);
	bool done = load_inputs(&plan, &error);
	if (plan.json) {
		json_begin(NULL);
		json_array_begin("devices");
	}
	if (done && plan.serials != NULL) {
		done = provision_batch(&plan, &error);
	} else if (done) {
		done = plan.serial != NULL || random_serial(serial, &error);
		done = done && provision(&plan, plan.folder, plan.serial != NULL ? plan.serial : serial, &error);
	}
	buffer_free(&plan.ca);
	if (plan.json) {
		json_array_end();
		json_bool("done", done);
		json_end();
	}
	if (done)
		return EXIT_OK;
	error_within(&error, "merlon device provision");
	return error_print(&error);
}

const struct command command_device_provision = {
	.name = "device provision",
	.summary = "make a device: OTP, factory data, identity",
	.usage = "usage: merlon device provision --board B --product P --dir DIR --image-key PUB[:ROLE]... [options]\n"
		 "\n"
		 "Makes DIR/flash.bin, otp.bin, device.json and iak_pub.pem. Identity, hardware unique key and attestation key are "
		 "random\n"
		 "and exist in otp.bin only. A finished device is never written again; one that was cut off is made anew, and a "
		 "batch goes on\n"
		 "where it stood.\n"
		 "\n"
		 "  --image-key PUB[:secure|nonsecure|both]   a maker's key, ecdsa-p256, up to four times (both)\n"
		 "  --lifecycle assembly|secured              secured: BL2 refuses keys marked development (assembly)\n"
		 "  --serial S                                letters, digits, '-', '_', '.' (random)\n"
		 "  --serials FILE.csv                        a batch: DIR/SERIAL for the first column of each line\n"
		 "  --server URL --server-name NAME --server-ca FILE\n"
		 "                                            update server, the name in its certificate, and the CA, PEM or DER\n"
		 "  --json                                    what was made, as one JSON object\n"
		 "\n"
		 "example: merlon device provision --board an521 --product default --dir d1 --lifecycle secured --image-key "
		 "maker.pub.pem\n",
	.run = run,
};
