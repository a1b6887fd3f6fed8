/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/medium.h>
#include <merlon/lib/mem.h>

/* The bounds rule is written once, here; no driver repeats it. */
static psa_status_t check(const struct medium *medium, uint32_t offset, size_t size, uint32_t unit)
{
	if (unit == 0)
		return PSA_ERROR_NOT_SUPPORTED;
	if (offset > medium->size || size > medium->size - offset || offset % unit != 0 || size % unit != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return PSA_SUCCESS;
}

psa_status_t medium_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	psa_status_t status = check(medium, offset, size, 1);
	return status == PSA_SUCCESS && size > 0 ? medium->ops->read(medium, offset, data, size) : status;
}

psa_status_t medium_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	psa_status_t status = check(medium, offset, size, medium->write_size);
	return status == PSA_SUCCESS && size > 0 ? medium->ops->program(medium, offset, data, size) : status;
}

psa_status_t medium_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	psa_status_t status = check(medium, offset, size, medium->erase_size);
	return status == PSA_SUCCESS && size > 0 ? medium->ops->erase(medium, offset, size) : status;
}

/* @return PSA_SUCCESS and whether any byte of a sector is not erased. */
static psa_status_t is_used(const struct medium *medium, uint32_t offset, bool *used)
{
	enum { PIECE = 64, BLANK = 0xff };
	uint8_t bytes[PIECE];
	*used = false;
	for (uint32_t done = 0; done < medium->erase_size && !*used; done += PIECE) {
		psa_status_t status = medium_read(medium, offset + done, bytes, sizeof bytes);
		if (status != PSA_SUCCESS)
			return status;
		*used = !mem_is_filled(bytes, BLANK, sizeof bytes);
	}
	return PSA_SUCCESS;
}

psa_status_t medium_clear(const struct medium *medium)
{
	psa_status_t status = medium->erase_size > 0 ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
	for (uint32_t offset = 0; offset < medium->size && status == PSA_SUCCESS; offset += medium->erase_size) {
		bool used;
		status = is_used(medium, offset, &used);
		if (status == PSA_SUCCESS && used)
			status = medium_erase(medium, offset, medium->erase_size);
	}
	return status;
}
