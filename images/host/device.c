/* SPDX-License-Identifier: Apache-2.0 */
/* The memories of the device: new ones in memory, or those of a folder, which no other process may use meanwhile. */
#include "device.h"
#include <errno.h>
#include <fcntl.h>
#include <merlon/board/flash_map.h>
#include <merlon/lib/otp_layout.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void host_complain(const char *what, const char *why)
{
	fprintf(stderr, "merlon: %s: %s\n", what, why);
}

bool host_device_path(const struct host_device *device, const char *name, char path[HOST_PATH_MAX])
{
	int size = snprintf(path, HOST_PATH_MAX, "%s/%s", device->folder, name);
	return size > 0 && size < HOST_PATH_MAX;
}

static psa_status_t refuse(const char *what, const char *why, psa_status_t status)
{
	host_complain(what, why);
	return status;
}

/* QEMU locks otp.bin in the same way, with locks of open file descriptions: it and this process keep each other out. */
static psa_status_t lock(struct host_device *device)
{
	char path[HOST_PATH_MAX];
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	if (!host_device_path(device, "otp.bin", path))
		return refuse(device->folder, "the path is too long", PSA_ERROR_STORAGE_FAILURE);
	if (mkdir(device->folder, 0700) != 0 && errno != EEXIST)
		return refuse(device->folder, strerror(errno), PSA_ERROR_STORAGE_FAILURE);
	device->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (device->lock < 0)
		return refuse(path, strerror(errno), PSA_ERROR_STORAGE_FAILURE);
	if (fcntl(device->lock, F_OFD_SETLK, &whole) == 0)
		return PSA_SUCCESS;
	return refuse(path, "another process has this device; let it end, or name another folder in MERLON_DEVICE_DIR",
		      PSA_ERROR_CONNECTION_BUSY);
}

static psa_status_t map(struct host_device *device, struct sim_flash *memory, const char *name)
{
	char path[HOST_PATH_MAX];
	if (!host_device_path(device, name, path))
		return refuse(device->folder, "the path is too long", PSA_ERROR_STORAGE_FAILURE);
	psa_status_t status = sim_flash_map(memory, path, true);
	if (status == PSA_SUCCESS)
		return PSA_SUCCESS;
	return refuse(path, status == PSA_ERROR_INVALID_ARGUMENT ? "the file has another size than this memory" : strerror(errno),
		      PSA_ERROR_STORAGE_FAILURE);
}

static psa_status_t take_folder(struct host_device *device)
{
	char path[HOST_PATH_MAX];
	psa_status_t status = lock(device);
	if (status == PSA_SUCCESS)
		status = map(device, &device->flash, "flash.bin");
	if (status == PSA_SUCCESS)
		status = map(device, &device->otp, "otp.bin");
	if (status != PSA_SUCCESS)
		return status;
	/* The description is written last, here and by `merlon device provision`. */
	if (host_device_path(device, "device.json", path) && access(path, F_OK) == 0)
		return PSA_SUCCESS;
	return host_device_provision(device);
}

static void discard(struct host_device *device)
{
	sim_flash_deinit(&device->flash);
	sim_flash_deinit(&device->otp);
	if (device->lock >= 0)
		close(device->lock);
	device->lock = -1;
}

psa_status_t host_device_open(struct host_device *device)
{
	const char *folder = getenv("MERLON_DEVICE_DIR");
	*device = (struct host_device) { .lock = -1 };
	if (folder != NULL && strlen(folder) >= HOST_PATH_MAX)
		return refuse("MERLON_DEVICE_DIR", "the path is too long", PSA_ERROR_STORAGE_FAILURE);
	if (folder != NULL)
		strcpy(device->folder, folder);
	sim_power_init(&device->power, 1);
	sim_flash_init(&device->flash, &device->power, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	sim_otp_init(&device->otp, &device->power, OTP_SIZE, OTP_WRITE_SIZE);
	/* A breach of the rules of flash is an error of the partition that commits it, not the end of the program. */
	device->flash.strict = device->otp.strict = false;
	sim_noise_init(&device->noise, SIM_NOISE_SYSTEM, 0);
	psa_status_t status = device->folder[0] != '\0' ? take_folder(device) : host_device_provision(device);
	if (status != PSA_SUCCESS)
		discard(device);
	return status;
}
