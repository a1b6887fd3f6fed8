/* SPDX-License-Identifier: Apache-2.0 */
/* merlon device flash: put images into slots, or bytes anywhere. */
#include "commands.h"
#include "device.h"
#include "file.h"
#include "json.h"
#include <getopt.h>
#include <merlon/board/flash_map.h>
#include <merlon/lib/image.h>
#include <stdio.h>
#include <string.h>

enum { RAW_MAX = 16 };
enum option_code { OPTION_DIR = 256, OPTION_SLOT, OPTION_IMAGE, OPTION_RAW, OPTION_COMMAND, OPTION_JSON };

static const struct option options[] = {
	{ "dir", required_argument, NULL, OPTION_DIR },
	{ "slot", required_argument, NULL, OPTION_SLOT },
	{ "image", required_argument, NULL, OPTION_IMAGE },
	{ "raw", required_argument, NULL, OPTION_RAW },
	{ "command", required_argument, NULL, OPTION_COMMAND },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

struct job {
	const char *folder, *images[IMAGE_COUNT], *command;
	bool secondary, json;
	struct {
		uint32_t offset;
		const char *path;
	} raws[RAW_MAX];
	unsigned raw_count;
};

static bool set_raw(struct job *job, const char *offset, const char *path, struct error *error)
{
	uint64_t number;
	if (path == NULL || !number_decode(offset, BOARD_FLASH_SIZE, &number))
		return error_set(error, "--raw needs an offset in flash.bin and a file");
	if (job->raw_count == RAW_MAX)
		return error_set(error, "--raw at most %d times", RAW_MAX);
	job->raws[job->raw_count].offset = (uint32_t)number;
	job->raws[job->raw_count++].path = path;
	return true;
}

static bool set_option(struct job *job, int option, const char *value, struct error *error)
{
	switch (option) {
	case OPTION_DIR:
		job->folder = value;
		return true;
	case OPTION_SLOT:
		job->secondary = strcmp(value, "secondary") == 0;
		return job->secondary || strcmp(value, "primary") == 0 || error_set(error, "--slot is primary or secondary");
	case OPTION_IMAGE:
		if ((value[0] != '0' && value[0] != '1') || value[1] != ':' || value[2] == '\0')
			return error_set(error, "--image is 0:FILE (Secure) or 1:FILE (Non-secure)");
		job->images[value[0] - '0'] = value + 2;
		return true;
	case OPTION_COMMAND:
		job->command = value;
		return true;
	case OPTION_JSON:
		job->json = true;
		return true;
	default:
		return error_set(error, "wrong option");
	}
}

static bool parse(struct job *job, int argc, char **argv, struct error *error)
{
	/* "+": stop at the first word that is no option, so that the second argument of --raw can be taken from there. */
	for (int option; (option = getopt_long(argc, argv, "+", options, NULL)) != -1;) {
		if (option == OPTION_RAW ? !set_raw(job, optarg, argv[optind++], error) : !set_option(job, option, optarg, error))
			return false;
	}
	if (optind < argc)
		return error_set(error, "'%s' belongs to no option", argv[optind]);
	if (job->folder == NULL ||
	    (job->raw_count == 0 && job->images[0] == NULL && job->images[1] == NULL && job->command == NULL))
		return error_set(error, "--dir and at least one --image, --command or --raw are needed");
	return true;
}

/* Erase the whole area, of a secondary slot with the spare sector, and program the file. */
static bool flash_file(const struct device *device, const char *area_name, uint32_t limit, const char *path, struct error *error)
{
	struct buffer file;
	struct flash_window area = device_area(device, area_name);
	if (!file_read(path, &file, error))
		return false;
	size_t size = file.size;
	if (size > limit) {
		buffer_free(&file);
		return error_set(error, "%s: the file has %zu bytes, the slot %u", path, size, limit);
	}
	static const uint8_t fill[BOARD_FLASH_WRITE_SIZE] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	buffer_append(&file, fill, (BOARD_FLASH_WRITE_SIZE - size % BOARD_FLASH_WRITE_SIZE) % BOARD_FLASH_WRITE_SIZE);
	psa_status_t status = medium_erase(&area.medium, 0, area.medium.size);
	if (status == PSA_SUCCESS)
		status = medium_program(&area.medium, 0, file.data, file.size);
	buffer_free(&file);
	return status == PSA_SUCCESS || error_set(error, "%s: %s", path, device_status_text(status));
}

/* Bytes as they are, under no rule: for tests and repair. */
static bool flash_raw(const struct device *device, uint32_t offset, const char *path, struct error *error)
{
	struct buffer file;
	if (!file_read(path, &file, error))
		return false;
	bool fits = file.size <= BOARD_FLASH_SIZE - offset;
	if (fits)
		memcpy(device->flash.cells + offset, file.data, file.size);
	size_t size = file.size;
	buffer_free(&file);
	return fits || error_set(error, "%s: %zu bytes at 0x%x leave flash.bin", path, size, offset);
}

static const char *slot_name(const struct job *job, unsigned image)
{
	return job->secondary ? DEVICE_AREA_SECONDARY(image) : DEVICE_AREA_PRIMARY(image);
}

static bool flash_all(const struct device *device, const struct job *job, struct error *error)
{
	bool done = true;
	for (unsigned i = 0; done && i < IMAGE_COUNT; i++)
		done = job->images[i] == NULL || flash_file(device, slot_name(job, i), BOARD_SLOT_SIZE, job->images[i], error);
	if (done && job->command != NULL)
		done = flash_file(device, "revocation", BOARD_FLASH_REVOCATION_SIZE, job->command, error);
	for (unsigned i = 0; done && i < job->raw_count; i++)
		done = flash_raw(device, job->raws[i].offset, job->raws[i].path, error);
	return done;
}

static void print_written(const char *area, const char *path)
{
	json_begin(NULL);
	json_string("area", area);
	json_string("file", path);
	json_end();
}

static void print_json(const struct job *job)
{
	json_begin(NULL);
	json_array_begin("written");
	for (unsigned i = 0; i < IMAGE_COUNT; i++)
		if (job->images[i] != NULL)
			print_written(slot_name(job, i), job->images[i]);
	if (job->command != NULL)
		print_written("revocation", job->command);
	json_array_end();
	json_array_begin("raw");
	for (unsigned i = 0; i < job->raw_count; i++) {
		json_begin(NULL);
		json_number("offset", job->raws[i].offset);
		json_string("file", job->raws[i].path);
		json_end();
	}
	json_array_end();
	json_end();
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct job job = { 0 };
	struct device device;
	if (!parse(&job, argc, argv, &error))
		return command_misused(&command_device_flash, "%s", error.text);
	bool done = device_open(&device, job.folder, &error);
	if (done) {
		done = flash_all(&device, &job, &error);
		device_close(&device);
	}
	if (done && job.json)
		print_json(&job);
	if (done)
		return EXIT_OK;
	error_within(&error, "merlon device flash");
	return error_print(&error);
}

const struct command command_device_flash = {
	.name = "device flash",
	.summary = "put signed images into the slots of a device",
	.usage = "usage: merlon device flash --dir DIR [--slot primary|secondary] [--image 0:S.bin] [--image 1:NS.bin]\n"
		 "                           [--command CMD] [--raw OFFSET FILE] [--json]\n"
		 "\n"
		 "Erases the slot and programs the file. The device must be off. Nothing is judged: that is BL2's business.\n"
		 "\n"
		 "  --slot primary|secondary   (primary)\n"
		 "  --image 0:FILE, 1:FILE     the Secure or the Non-secure image\n"
		 "  --command CMD              what `merlon key revoke` signed; BL2 answers it at a start and erases it\n"
		 "  --raw OFFSET FILE          bytes as they are, from OFFSET of flash.bin, under no rule of flash\n"
		 "  --json                     print what was written where\n"
		 "\n"
		 "example: merlon device flash --dir d1 --image 0:secure.signed.bin --image 1:nonsecure.signed.bin\n",
	.run = run,
};
