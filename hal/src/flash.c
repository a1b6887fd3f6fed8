/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/flash.h>
#include <string.h>

static psa_status_t window_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct flash_window *window = (const struct flash_window *)medium;
	return medium_read(window->parent, window->offset + offset, data, size);
}

static psa_status_t window_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	const struct flash_window *window = (const struct flash_window *)medium;
	return medium_program(window->parent, window->offset + offset, data, size);
}

static psa_status_t window_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	const struct flash_window *window = (const struct flash_window *)medium;
	return medium_erase(window->parent, window->offset + offset, size);
}

static const struct medium_ops window_ops = { .read = window_read, .program = window_program, .erase = window_erase };

static bool is_whole(const struct medium *parent, uint32_t value)
{
	uint32_t unit = parent->erase_size != 0 ? parent->erase_size : parent->write_size;
	return unit == 0 || value % unit == 0;
}

psa_status_t flash_window_init(struct flash_window *window, const struct medium *parent, uint32_t offset, uint32_t size)
{
	*window = (struct flash_window) { .medium = { &window_ops, 0, parent->erase_size, parent->write_size }, .parent = parent };
	if (offset > parent->size || size > parent->size - offset || !is_whole(parent, offset) || !is_whole(parent, size))
		return PSA_ERROR_INVALID_ARGUMENT;
	window->offset = offset;
	window->medium.size = size;
	return PSA_SUCCESS;
}

static psa_status_t lock_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct flash_lock *lock = (const struct flash_lock *)medium;
	return medium_read(lock->device, offset, data, size);
}

static psa_status_t lock_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	const struct flash_lock *lock = (const struct flash_lock *)medium;
	if (range_set_touches(&lock->locked, offset, size))
		return PSA_ERROR_NOT_PERMITTED;
	return medium_program(lock->device, offset, data, size);
}

static psa_status_t lock_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	const struct flash_lock *lock = (const struct flash_lock *)medium;
	if (range_set_touches(&lock->locked, offset, size))
		return PSA_ERROR_NOT_PERMITTED;
	return medium_erase(lock->device, offset, size);
}

static const struct medium_ops lock_ops = { .read = lock_read, .program = lock_program, .erase = lock_erase };

void flash_lock_init(struct flash_lock *lock, const struct medium *device)
{
	*lock = (struct flash_lock) { .medium = { &lock_ops, device->size, device->erase_size, device->write_size },
				      .device = device };
}

psa_status_t flash_lock_range(struct flash_lock *lock, uint32_t offset, uint32_t size)
{
	if (offset > lock->medium.size || size > lock->medium.size - offset)
		return PSA_ERROR_INVALID_ARGUMENT;
	return range_set_add(&lock->locked, offset, size);
}

static psa_status_t ram_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	memcpy(data, ((const struct flash_ram *)medium)->bytes + offset, size);
	return PSA_SUCCESS;
}

/* No unit to program and no sector to erase: medium_program() and medium_erase() answer NOT_SUPPORTED. */
static const struct medium_ops ram_ops = { .read = ram_read };

void flash_ram_init(struct flash_ram *ram, const void *bytes, uint32_t size)
{
	*ram = (struct flash_ram) { .medium = { .ops = &ram_ops, .size = size }, .bytes = bytes };
}
