/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/range.h>

psa_status_t range_set_add(struct range_set *set, uint32_t offset, uint32_t size)
{
	if (size == 0 || size > UINT32_MAX - offset)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (set->count == RANGE_SET_MAX)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	set->ranges[set->count].offset = offset;
	set->ranges[set->count].end = offset + size;
	set->count++;
	return PSA_SUCCESS;
}

bool range_set_touches(const struct range_set *set, uint32_t offset, size_t size)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (offset < set->ranges[i].end && set->ranges[i].offset < offset + size)
			return true;
	return false;
}
