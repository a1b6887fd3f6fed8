/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"
#include <merlon/hal/flash.h>
#include <merlon/secure_flash/flash.h>

enum { PIECE = 256 }; /* whole units of every flash */

static const struct medium *device;
static struct flash_lock lock;

void flash_configure(const struct medium *new_device)
{
	device = new_device;
}

psa_status_t flash_init(void)
{
	psa_status_t status = PSA_SUCCESS;
	flash_lock_init(&lock, device);
	for (size_t i = 0; i < flash_locked_count && status == PSA_SUCCESS; i++)
		status = flash_lock_range(&lock, flash_locked[i].offset, flash_locked[i].size);
	return status;
}

static psa_status_t read_area(const psa_msg_t *msg, uint32_t at, uint32_t size)
{
	uint32_t piece[PIECE / sizeof(uint32_t)];
	for (uint32_t done = 0, step; done < size; done += step) {
		step = size - done < PIECE ? size - done : PIECE;
		psa_status_t status = medium_read(&lock.medium, at + done, piece, step);
		if (status != PSA_SUCCESS)
			return status;
		psa_write(msg->handle, 0, piece, step);
	}
	return PSA_SUCCESS;
}

/* A cut between two pieces leaves the first ones programmed, as a cut inside one operation would. */
static psa_status_t program_area(const psa_msg_t *msg, uint32_t at, uint32_t size)
{
	uint32_t piece[PIECE / sizeof(uint32_t)];
	for (uint32_t done = 0, step; done < size; done += step) {
		step = size - done < PIECE ? size - done : PIECE;
		psa_read(msg->handle, 1, piece, step);
		psa_status_t status = medium_program(&lock.medium, at + done, piece, step);
		if (status != PSA_SUCCESS)
			return status;
	}
	return PSA_SUCCESS;
}

static psa_status_t erase_area(const psa_msg_t *msg, uint32_t at, uint32_t size)
{
	(void)msg;
	return medium_erase(&lock.medium, at, size);
}

psa_status_t flash_sfn(const psa_msg_t *msg)
{
	static const struct {
		psa_status_t (*run)(const psa_msg_t *msg, uint32_t at, uint32_t size);
		enum flash_right right;
	} calls[] = {
		[MERLON_FLASH_READ] = { read_area, FLASH_READ },
		[MERLON_FLASH_PROGRAM] = { program_area, FLASH_PROGRAM },
		[MERLON_FLASH_ERASE] = { erase_area, FLASH_ERASE },
	};
	struct merlon_flash_request request;
	if (msg->type < MERLON_FLASH_READ || msg->type > MERLON_FLASH_ERASE)
		return PSA_ERROR_NOT_SUPPORTED;
	if (psa_read(msg->handle, 0, &request, sizeof request) != sizeof request)
		return PSA_ERROR_INVALID_ARGUMENT;
	size_t size = msg->type == MERLON_FLASH_READ ? msg->out_size[0] : msg->in_size[1];
	if (msg->type == MERLON_FLASH_ERASE)
		size = request.size;
	if (size > UINT32_MAX || !flash_may(msg->client_id, calls[msg->type].right, request.area, request.offset, (uint32_t)size))
		return PSA_ERROR_NOT_PERMITTED;
	return calls[msg->type].run(msg, flash_areas[request.area].offset + request.offset, (uint32_t)size);
}
