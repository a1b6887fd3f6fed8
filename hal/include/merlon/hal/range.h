/* SPDX-License-Identifier: Apache-2.0 */
/** A small set of ranges that only grows: what is locked until the next reset. There is no call that takes a range out. */
#ifndef MERLON_HAL_RANGE_H
#define MERLON_HAL_RANGE_H

#include <psa/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RANGE_SET_MAX = 8 };

struct range_set {
	struct {
		uint32_t offset, end; /* bytes; end is excluded */
	} ranges[RANGE_SET_MAX];
	uint32_t count;
};

/**
 * @retval PSA_ERROR_INVALID_ARGUMENT     `size` is 0, or the range wraps.
 * @retval PSA_ERROR_INSUFFICIENT_MEMORY  RANGE_SET_MAX ranges are in it already.
 */
psa_status_t range_set_add(struct range_set *set, uint32_t offset, uint32_t size);

/** True when any byte of the range is in the set. `size` is not 0 and the range does not wrap. */
bool range_set_touches(const struct range_set *set, uint32_t offset, size_t size);

#endif
