/* SPDX-License-Identifier: Apache-2.0 */
/* merlon device show: what a device's memories hold, judged by the code of BL2. */
#include "commands.h"
#include "device.h"
#include "image_text.h"
#include "json.h"
#include <getopt.h>
#include <inttypes.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/host_map.h>
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/factory.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/trailer.h>
#include <merlon/lib/trust.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_DIR = 256, OPTION_JSON };

static const struct option options[] = {
	{ "dir", required_argument, NULL, OPTION_DIR },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

enum { SLOT_COUNT = 2 * IMAGE_COUNT };

struct slot_view {
	const char *name;
	struct image_verdict verdict;
	struct trailer trailer;
};

struct area_view {
	const char *name;
	uint32_t sectors, used; /* used: not erased */
};

/* Everything that is shown, gathered first: text and JSON differ only in how they print it. */
struct view {
	char serial[OTP_SERIAL_MAX + 1];
	struct trust trust;
	psa_status_t otp_status, journal_status;
	struct journal_state journal;
	struct slot_view slots[SLOT_COUNT];
	struct area_view areas[BOARD_FLASH_AREA_COUNT];
	char server[FACTORY_TEXT_MAX + 1], server_name[FACTORY_TEXT_MAX + 1];
	size_t ca_size;
};

static const char *phase_name(enum journal_phase phase)
{
	static const char *const names[JOURNAL_PHASE_COUNT] = {
		[JOURNAL_IDLE] = "idle",   [JOURNAL_INTENT] = "intent",       [JOURNAL_SWAPPING] = "swapping",
		[JOURNAL_TRIAL] = "trial", [JOURNAL_REVERTING] = "reverting",
	};
	return names[phase];
}

static const char *outcome_name(const struct journal_state *state)
{
	if (state->confirmed)
		return "confirmed";
	if (state->refused)
		return "refused";
	return state->reverted ? "reverted" : "none";
}

static const char *role_name(uint8_t role)
{
	static const char *const names[] = { "none", "secure", "nonsecure", "both" };
	return names[role & IMAGE_KEY_FOR_BOTH];
}

static void gather_slot(const struct device *device, const struct view *view, unsigned index, struct slot_view *slot)
{
	struct sha256 hash;
	struct image_crypto crypto;
	uint8_t image = (uint8_t)(index % IMAGE_COUNT);
	slot->name = index < IMAGE_COUNT ? DEVICE_AREA_PRIMARY(image) : DEVICE_AREA_SECONDARY(image);
	struct flash_window area = device_area(device, slot->name);
	struct image_policy policy = trust_policy(&view->trust, image, BOARD_SLOT_SIZE - BOARD_FLASH_ERASE_SIZE, 0);
	image_crypto_init(&crypto, &hash, NULL);
	image_judge(&area.medium, &policy, &crypto, &slot->verdict);
	trailer_read(&area.medium, BOARD_SLOT_SIZE, &slot->trailer);
}

static void gather_areas(const struct device *device, struct view *view)
{
	for (size_t i = 0; i < BOARD_FLASH_AREA_COUNT; i++) {
		const struct flash_area *area = &board_flash_areas[i];
		view->areas[i] = (struct area_view) { .name = area->name, .sectors = area->size / BOARD_FLASH_ERASE_SIZE };
		for (uint32_t sector = 0; sector < view->areas[i].sectors; sector++)
			view->areas[i].used += !mem_is_filled(device->flash.cells + area->offset + sector * BOARD_FLASH_ERASE_SIZE,
							      0xff, BOARD_FLASH_ERASE_SIZE);
	}
}

static void factory_text(const struct medium *area, enum merlon_factory_item item, char text[FACTORY_TEXT_MAX + 1])
{
	size_t length;
	factory_read(area, item, text, FACTORY_TEXT_MAX, &length);
	text[length] = '\0';
}

static void gather(const struct device *device, struct view *view)
{
	struct sha256 hash;
	struct image_crypto crypto;
	struct otp_identity identity;
	struct journal journal;
	uint8_t ca[FACTORY_CA_MAX];
	struct flash_window journal_area = device_area(device, "journal"), factory = device_area(device, "factory");
	image_crypto_init(&crypto, &hash, NULL);
	view->otp_status = trust_load(&view->trust, &device->otp.medium, &crypto);
	if (otp_identity_get(&device->otp.medium, &identity) == PSA_SUCCESS)
		strcpy(view->serial, identity.serial);
	mem_wipe(&identity, sizeof identity);
	view->journal_status = journal_open(&journal, &journal_area.medium);
	view->journal = journal.state;
	for (unsigned i = 0; i < SLOT_COUNT; i++)
		gather_slot(device, view, i, &view->slots[i]);
	gather_areas(device, view);
	factory_text(&factory.medium, MERLON_FACTORY_SERVER_URL, view->server);
	factory_text(&factory.medium, MERLON_FACTORY_SERVER_NAME, view->server_name);
	factory_read(&factory.medium, MERLON_FACTORY_SERVER_CA, ca, sizeof ca, &view->ca_size);
}

static bool has_header(const struct image_verdict *verdict)
{
	return verdict->header.header_size != 0;
}

static void print_slots_json(const struct view *view)
{
	json_array_begin("slots");
	for (unsigned i = 0; i < SLOT_COUNT; i++) {
		const struct slot_view *slot = &view->slots[i];
		char version[VERSION_TEXT_SIZE];
		json_begin(NULL);
		json_string("name", slot->name);
		json_bool("accepted", slot->verdict.refusal == REFUSAL_NONE);
		json_string("code", refusal_name(slot->verdict.refusal));
		if (has_header(&slot->verdict)) {
			version_print(&slot->verdict.header.version, version);
			json_string("version", version);
			json_number("size", slot->verdict.image_size);
			json_hex("digest", slot->verdict.digest, IMAGE_DIGEST_SIZE);
		}
		if (slot->verdict.has_counter)
			json_number("counter", slot->verdict.counter);
		json_begin("trailer");
		json_string("magic", trailer_magic_name(slot->trailer.magic));
		json_string("image_ok", trailer_flag_name(slot->trailer.image_ok));
		json_string("copy_done", trailer_flag_name(slot->trailer.copy_done));
		json_end();
		json_end();
	}
	json_array_end();
}

static void print_trust_json(const struct view *view)
{
	json_string("lifecycle", lifecycle_name(view->trust.lifecycle));
	json_array_begin("keys");
	for (unsigned i = 0; i < view->trust.key_count; i++) {
		json_begin(NULL);
		json_hex("hash", view->trust.keys[i].hash, IMAGE_DIGEST_SIZE);
		json_string("role", role_name(view->trust.keys[i].role));
		json_bool("development", view->trust.keys[i].development);
		json_bool("revoked", view->trust.keys[i].revoked);
		json_end();
	}
	json_array_end();
	json_array_begin("counters");
	for (unsigned i = 0; i < IMAGE_COUNT; i++) {
		json_begin(NULL);
		json_number("value", view->trust.counters[i]);
		json_number("room", view->trust.counter_room[i]);
		json_end();
	}
	json_array_end();
}

static void print_json(const struct view *view)
{
	json_begin(NULL);
	json_string("serial", view->serial);
	json_bool("otp_readable", view->otp_status == PSA_SUCCESS);
	print_trust_json(view);
	print_slots_json(view);
	json_begin("journal");
	json_bool("readable", view->journal_status == PSA_SUCCESS);
	json_string("phase", phase_name(view->journal.phase));
	json_number("set", view->journal.set);
	json_number("images", view->journal.images);
	json_string("outcome", outcome_name(&view->journal));
	json_number("attempts_allowed", view->journal.attempts_allowed);
	json_number("attempts_used", view->journal.attempts_used);
	json_string("refusal", refusal_name(view->journal.refusal));
	json_array_begin("moves");
	for (unsigned i = 0; i < IMAGE_COUNT; i++) {
		json_begin(NULL);
		json_number("sectors", view->journal.sectors[i]);
		json_number("half_steps_done", view->journal.steps_done[i]);
		json_end();
	}
	json_array_end();
	json_end();
	json_begin("factory");
	json_string("server", view->server);
	json_string("server_name", view->server_name);
	json_number("server_ca_size", view->ca_size);
	json_end();
	json_array_begin("areas");
	for (unsigned i = 0; i < BOARD_FLASH_AREA_COUNT; i++) {
		json_begin(NULL);
		json_string("name", view->areas[i].name);
		json_number("sectors", view->areas[i].sectors);
		json_number("used", view->areas[i].used);
		json_end();
	}
	json_array_end();
	json_end();
}

static void print_slots(const struct view *view)
{
	printf("\n%-14s %-12s %8s  %-16s %8s  %-16s %s\n", "slot", "version", "bytes", "digest", "counter", "trailer", "judged");
	for (unsigned i = 0; i < SLOT_COUNT; i++) {
		const struct slot_view *slot = &view->slots[i];
		char version[VERSION_TEXT_SIZE] = "-", digest[17] = "-", counter[16] = "-", trailer[40];
		if (has_header(&slot->verdict)) {
			version_print(&slot->verdict.header.version, version);
			for (unsigned byte = 0; byte < 8; byte++)
				snprintf(digest + 2 * byte, 3, "%02x", slot->verdict.digest[byte]);
		}
		if (slot->verdict.has_counter)
			snprintf(counter, sizeof counter, "%" PRIu32, slot->verdict.counter);
		snprintf(trailer, sizeof trailer, "%s%s%s", trailer_magic_name(slot->trailer.magic),
			 slot->trailer.image_ok == TRAILER_FLAG_SET ? " ok" : "",
			 slot->trailer.copy_done == TRAILER_FLAG_SET ? " done" : "");
		printf("%-14s %-12s %8" PRIu32 "  %-16s %8s  %-16s %s%s\n", slot->name, version, slot->verdict.image_size, digest,
		       counter, trailer, slot->verdict.refusal == REFUSAL_NONE ? "" : "refused: ",
		       slot->verdict.refusal == REFUSAL_NONE ? "accepted" : refusal_name(slot->verdict.refusal));
	}
}

static void print_journal(const struct view *view)
{
	const struct journal_state *state = &view->journal;
	if (view->journal_status != PSA_SUCCESS) {
		printf("\njournal        damaged\n");
		return;
	}
	printf("\njournal        %s, set %u, images %u, attempts %u of %u used, last set: %s", phase_name(state->phase), state->set,
	       state->images, state->attempts_used, state->attempts_allowed, outcome_name(state));
	if (state->refused || state->reverted || state->phase == JOURNAL_REVERTING)
		printf(" (image %u: %s)", state->refused_image, refusal_name(state->refusal));
	printf("\n");
}

static void print_text(const struct view *view)
{
	printf("serial         %s\nlifecycle      %s\n", view->serial, lifecycle_name(view->trust.lifecycle));
	if (view->otp_status != PSA_SUCCESS)
		printf("OTP            %s\n", device_status_text(view->otp_status));
	for (unsigned i = 0; i < view->trust.key_count; i++) {
		printf("image key %u    ", i);
		for (unsigned byte = 0; byte < 8; byte++)
			printf("%02x", view->trust.keys[i].hash[byte]);
		printf("... for %s%s%s\n", role_name(view->trust.keys[i].role),
		       view->trust.keys[i].development ? ", development" : "", view->trust.keys[i].revoked ? ", revoked" : "");
	}
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		printf("counter %u      %" PRIu32 ", room for %" PRIu32 " more\n", i, view->trust.counters[i],
		       view->trust.counter_room[i]);
	if (view->server[0] != '\0')
		printf("server         %s, named %s, CA of %zu bytes\n", view->server, view->server_name, view->ca_size);
	print_slots(view);
	print_journal(view);
	printf("\n");
	for (unsigned i = 0; i < BOARD_FLASH_AREA_COUNT; i++)
		printf("%-14s %4" PRIu32 " of %4" PRIu32 " sectors in use\n", view->areas[i].name, view->areas[i].used,
		       view->areas[i].sectors);
}

static int run(int argc, char **argv)
{
	static struct view view;
	struct error error = { 0 };
	struct device device;
	const char *folder = NULL;
	bool json = false, known = true;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		known = known && option != '?';
		json = json || option == OPTION_JSON;
		if (option == OPTION_DIR)
			folder = optarg;
	}
	if (!known || folder == NULL || optind != argc)
		return command_misused(&command_device_show, "needs --dir DIR and nothing else but --json");
	if (!device_open(&device, folder, &error)) {
		error_within(&error, "merlon device show");
		return error_print(&error);
	}
	gather(&device, &view);
	device_close(&device);
	if (json)
		print_json(&view);
	else
		print_text(&view);
	return EXIT_OK;
}

const struct command command_device_show = {
	.name = "device show",
	.summary = "slots, journal, trailers, counters, keys and storage of a device",
	.usage = "usage: merlon device show --dir DIR [--json]\n"
		 "\n"
		 "Reads flash.bin and otp.bin; changes nothing. Each slot is judged by the code of BL2 with the device's own keys, "
		 "counters "
		 "and\n"
		 "lifecycle. Secrets are never shown.\n"
		 "\n"
		 "example: merlon device show --dir d1 --json\n",
	.run = run,
};
