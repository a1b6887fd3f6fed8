/* SPDX-License-Identifier: Apache-2.0 */
/* merlon device lifecycle: take a device that is switched off along an edge of the lifecycle. */
#include "commands.h"
#include "device.h"
#include "file.h"
#include "json.h"
#include <getopt.h>
#include <merlon/lib/otp_layout.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_DIR = 256, OPTION_JSON };

static const struct option options[] = {
	{ "dir", required_argument, NULL, OPTION_DIR },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

/* A state by its name or its value. */
static bool find_state(const char *text, enum otp_lifecycle *state)
{
	uint64_t number;
	bool is_number = number_decode(text, UINT16_MAX, &number);
	for (unsigned i = 0; i < LIFECYCLE_COUNT; i++)
		if (is_number ? number == (uint64_t)lifecycle_states[i].state : strcmp(text, lifecycle_states[i].name) == 0) {
			*state = lifecycle_states[i].state;
			return true;
		}
	return false;
}

/* What a decommissioned device must not keep. */
static bool clear_storage(const struct device *device, struct error *error)
{
	static const char *const areas[] = { "its", "ps" };
	for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
		struct flash_window area = device_area(device, areas[i]);
		if (medium_clear(&area.medium) != PSA_SUCCESS)
			return error_set(error, "%s cannot be cleared", areas[i]);
	}
	return true;
}

/* Why there is no way: the edges that there are. */
static void explain(enum otp_lifecycle before, enum otp_lifecycle after, psa_status_t status, struct error *error)
{
	char ways[128] = "";
	if (status == PSA_ERROR_INSUFFICIENT_STORAGE) {
		error_set(error, "the table of states in OTP has no room for %s and what must come after it",
			  lifecycle_name(after));
		return;
	}
	for (uint8_t i = 0; i < otp_lifecycle_edge_count; i++)
		if (otp_lifecycle_edges[i].from == before)
			snprintf(ways + strlen(ways), sizeof ways - strlen(ways), "%s%s", ways[0] != '\0' ? ", " : "",
				 lifecycle_name(otp_lifecycle_edges[i].to));
	error_set(error, "from %s there is no way to %s", lifecycle_name(before), lifecycle_name(after));
	error_try(error, "%s%s", ways[0] != '\0' ? "one of: " : "nothing: this state is the last", ways);
}

static void print(enum otp_lifecycle before, enum otp_lifecycle after, bool done, const struct error *error, bool json)
{
	if (!json) {
		if (done)
			printf("%s -> %s\n", lifecycle_name(before), lifecycle_name(after));
		return;
	}
	json_begin(NULL);
	json_bool("done", done);
	json_string("from", lifecycle_name(before));
	json_string("to", lifecycle_name(after));
	json_string("reason", error->text);
	json_end();
}

static int move(const struct device *device, enum otp_lifecycle after, bool json, struct error *error)
{
	enum otp_lifecycle before;
	if (otp_lifecycle_get(&device->otp.medium, &before) != PSA_SUCCESS) {
		error_set(error, "the lifecycle in OTP is damaged");
		return EXIT_ERROR;
	}
	psa_status_t status = otp_lifecycle_set(&device->otp.medium, after);
	bool refused = status == PSA_ERROR_NOT_PERMITTED || status == PSA_ERROR_INSUFFICIENT_STORAGE;
	if (refused)
		explain(before, after, status, error);
	else if (status != PSA_SUCCESS)
		error_set(error, "%s", device_status_text(status));
	bool done = status == PSA_SUCCESS && (after != OTP_LIFECYCLE_DECOMMISSIONED || clear_storage(device, error));
	print(before, after, done, error, json);
	return done ? EXIT_OK : refused ? EXIT_REFUSED : EXIT_ERROR;
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct device device;
	enum otp_lifecycle after;
	const char *folder = NULL;
	bool json = false, known = true;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		known = known && option != '?';
		json = json || option == OPTION_JSON;
		if (option == OPTION_DIR)
			folder = optarg;
	}
	if (!known || folder == NULL || argc - optind != 1)
		return command_misused(&command_device_lifecycle, "needs --dir DIR and one STATE");
	if (!find_state(argv[optind], &after))
		return command_misused(&command_device_lifecycle, "'%s' is no state of the lifecycle", argv[optind]);
	int status = EXIT_ERROR;
	if (device_open(&device, folder, &error)) {
		status = move(&device, after, json, &error);
		device_close(&device);
	}
	if (status == EXIT_OK)
		return EXIT_OK;
	error_within(&error, "merlon device lifecycle");
	(void)error_print(&error);
	return status;
}

const struct command command_device_lifecycle = {
	.name = "device lifecycle",
	.summary = "take a device along an edge of the lifecycle",
	.usage = "usage: merlon device lifecycle --dir DIR STATE [--json]\n"
		 "\n"
		 "Records STATE in otp.bin of a device that is switched off. Only the edges of the diagram in docs/lifecycle.md "
		 "are there; any\n"
		 "other is refused with exit status 1. A debug state lasts one start. decommissioned destroys the secrets in OTP "
		 "and erases the\n"
		 "storage of the device, for ever.\n"
		 "\n"
		 "STATE: assembly, provisioning, secured, non-psa-debug, recoverable-debug, decommissioned; or its value, such as "
		 "0x3000\n"
		 "\n"
		 "example: merlon device lifecycle --dir d1 decommissioned\n",
	.run = run,
};
