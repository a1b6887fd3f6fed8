/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/host_map.h>
#include <merlon/lib/otp_layout.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files of a device, and the mark of one that is not finished. */
static const char *const names[] = { "device.json", "iak_pub.pem", "flash.bin", "otp.bin" };
static const char unfinished[] = "unfinished";

const char *device_status_text(psa_status_t status)
{
	static const struct {
		psa_status_t status;
		const char *text;
	} texts[] = {
		{ PSA_ERROR_DOES_NOT_EXIST, "no such file or record" },
		{ PSA_ERROR_ALREADY_EXISTS, "written already" },
		{ PSA_ERROR_INVALID_ARGUMENT, "a value or a file size is out of range" },
		{ PSA_ERROR_NOT_PERMITTED, "not permitted in this state" },
		{ PSA_ERROR_INSUFFICIENT_STORAGE, "no room is left" },
		{ PSA_ERROR_DATA_CORRUPT, "damaged" },
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "the memory cannot be read or written";
}

bool device_path(const char *folder, const char *name, char path[DEVICE_PATH_MAX], struct error *error)
{
	int size = snprintf(path, DEVICE_PATH_MAX, "%s/%s", folder, name);
	return (size > 0 && size < DEVICE_PATH_MAX) || error_set(error, "%s: the path is too long", folder);
}

static bool map(struct sim_flash *memory, const char *folder, const char *name, struct error *error)
{
	char path[DEVICE_PATH_MAX];
	if (!device_path(folder, name, path, error))
		return false;
	psa_status_t status = sim_flash_map(memory, path, false);
	if (status == PSA_SUCCESS)
		return true;
	if (status == PSA_ERROR_STORAGE_FAILURE)
		return error_set(error, "%s: %s", path, strerror(errno));
	error_set(error, "%s: %s", path, device_status_text(status));
	return error_try(error, "merlon device provision --dir %s ...", folder);
}

bool device_open(struct device *device, const char *folder, struct error *error)
{
	sim_flash_init(&device->flash, NULL, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	sim_otp_init(&device->otp, NULL, OTP_SIZE, OTP_WRITE_SIZE);
	if (map(&device->flash, folder, "flash.bin", error) && map(&device->otp, folder, "otp.bin", error))
		return true;
	device_close(device);
	return error_within(error, "open device");
}

void device_close(struct device *device)
{
	sim_flash_deinit(&device->flash);
	sim_flash_deinit(&device->otp);
}

/* One file of 0xFF, which nobody else can read. */
static bool create_blank(const char *folder, const char *name, size_t size, struct error *error)
{
	char path[DEVICE_PATH_MAX];
	struct buffer blank = { 0 };
	if (!device_path(folder, name, path, error))
		return false;
	buffer_init(&blank, size, 0xff);
	bool written = file_write(path, blank.data, blank.size, FILE_SECRET, error);
	buffer_free(&blank);
	return written;
}

static bool has(const char *folder, const char *name)
{
	char path[DEVICE_PATH_MAX];
	struct error error;
	return device_path(folder, name, path, &error) && access(path, F_OK) == 0;
}

bool device_is_finished(const char *folder)
{
	return has(folder, "otp.bin") && has(folder, "device.json") && !has(folder, unfinished);
}

static bool set_mark(const char *folder, struct error *error)
{
	char path[DEVICE_PATH_MAX];
	return device_path(folder, unfinished, path, error) && file_write(path, "", 0, FILE_SECRET, error);
}

bool device_create(struct device *device, const char *folder, struct error *error)
{
	if (has(folder, unfinished))
		device_discard(folder);
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return error_set(error, "make %s: %s", folder, strerror(errno));
	if (has(folder, "otp.bin") || has(folder, "flash.bin")) {
		error_set(error, "%s: there is a device in this folder already, and its OTP can be written only once", folder);
		return error_try(error, "another --dir, or rm -r %s", folder);
	}
	return set_mark(folder, error) && create_blank(folder, "otp.bin", OTP_SIZE, error) && create_blank(folder, "flash.bin", BOARD_FLASH_SIZE, error) &&
	       device_open(device, folder, error);
}

static bool flush(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return done;
}

bool device_commit(const char *folder, struct error *error)
{
	char path[DEVICE_PATH_MAX];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!device_path(folder, names[i], path, error) || !flush(path))
			return error_set(error, "%s: not on the disk: %s", path, strerror(errno));
	if (!flush(folder) || !device_path(folder, unfinished, path, error) || unlink(path) != 0 || !flush(folder))
		return error_set(error, "finish %s: %s", folder, strerror(errno));
	return true;
}

/* The mark goes last: what is left without it counts as finished. */
void device_discard(const char *folder)
{
	char path[DEVICE_PATH_MAX];
	struct error error;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (device_path(folder, names[i], path, &error))
			unlink(path);
	if (device_path(folder, unfinished, path, &error))
		unlink(path);
	rmdir(folder); /* stays when it holds anything else */
}

struct flash_window device_area(const struct device *device, const char *name)
{
	struct flash_window window;
	for (size_t i = 0; i < BOARD_FLASH_AREA_COUNT; i++)
		if (strcmp(board_flash_areas[i].name, name) == 0 &&
		    flash_window_init(&window, &device->flash.medium, board_flash_areas[i].offset, board_flash_areas[i].size) ==
			    PSA_SUCCESS)
			return window;
	fprintf(stderr, "merlon: board.dts has no flash area '%s'\n", name);
	exit(EXIT_FAILURE);
}
