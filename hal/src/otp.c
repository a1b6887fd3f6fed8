/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/otp.h>

enum { CHUNK = 32 };

static psa_status_t guard_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct otp_guard *guard = (const struct otp_guard *)medium;
	if (range_set_touches(&guard->no_read, offset, size))
		return PSA_ERROR_NOT_PERMITTED;
	return medium_read(guard->device, offset, data, size);
}

/* How cells and data must stand to each other. */
typedef bool cell_rule(uint8_t cell, uint8_t data);

static bool can_become(uint8_t cell, uint8_t data)
{
	return (data & ~cell) == 0;
}

static bool is_same(uint8_t cell, uint8_t data)
{
	return cell == data;
}

static psa_status_t check_cells(const struct medium *device, uint32_t offset, const uint8_t *data, size_t size, cell_rule *holds,
				psa_status_t breach)
{
	uint8_t cells[CHUNK];
	for (size_t done = 0; done < size;) {
		size_t piece = size - done < sizeof cells ? size - done : sizeof cells;
		psa_status_t status = medium_read(device, offset + (uint32_t)done, cells, piece);
		if (status != PSA_SUCCESS)
			return status;
		for (size_t i = 0; i < piece; i++)
			if (!holds(cells[i], data[done + i]))
				return breach;
		done += piece;
	}
	return PSA_SUCCESS;
}

static psa_status_t guard_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	const struct otp_guard *guard = (const struct otp_guard *)medium;
	if (range_set_touches(&guard->no_write, offset, size))
		return PSA_ERROR_NOT_PERMITTED;
	psa_status_t status = check_cells(guard->device, offset, data, size, can_become, PSA_ERROR_NOT_PERMITTED);
	if (status == PSA_SUCCESS)
		status = medium_program(guard->device, offset, data, size);
	if (status == PSA_SUCCESS)
		status = check_cells(guard->device, offset, data, size, is_same, PSA_ERROR_STORAGE_FAILURE);
	return status;
}

/* No sector to erase: medium_erase() answers NOT_SUPPORTED. */
static const struct medium_ops guard_ops = { .read = guard_read, .program = guard_program };

void otp_guard_init(struct otp_guard *guard, const struct medium *device)
{
	*guard = (struct otp_guard) { .medium = { &guard_ops, device->size, 0, device->write_size }, .device = device };
}

static psa_status_t close_range(const struct otp_guard *guard, struct range_set *set, uint32_t offset, uint32_t size)
{
	if (offset > guard->medium.size || size > guard->medium.size - offset)
		return PSA_ERROR_INVALID_ARGUMENT;
	return range_set_add(set, offset, size);
}

psa_status_t otp_guard_close_reading(struct otp_guard *guard, uint32_t offset, uint32_t size)
{
	return close_range(guard, &guard->no_read, offset, size);
}

psa_status_t otp_guard_close_writing(struct otp_guard *guard, uint32_t offset, uint32_t size)
{
	return close_range(guard, &guard->no_write, offset, size);
}
