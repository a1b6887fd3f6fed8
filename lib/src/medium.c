/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/medium.h>

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
