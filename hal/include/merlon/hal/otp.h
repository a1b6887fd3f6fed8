/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The rules of one-time-programmable memory, kept in front of a device that may not keep them itself (an EEPROM does not).
 *
 * A guard is a medium over the device's medium. Bits go from 1 to 0 only; what was programmed is read back and compared; ranges can
 * be closed for reading or writing until the next reset. There is no erase. One guard per device, and nobody else holds the device.
 */
#ifndef MERLON_HAL_OTP_H
#define MERLON_HAL_OTP_H

#include <merlon/hal/range.h>
#include <merlon/lib/medium.h>

struct otp_guard {
	struct medium medium; /* hand out &guard.medium */
	const struct medium *device;
	struct range_set no_read, no_write;
};

/**
 * Through the guard, beside what `medium_*()` answer:
 * - read: PSA_ERROR_NOT_PERMITTED when the range touches one closed for reading;
 * - program: PSA_ERROR_NOT_PERMITTED when the range is closed for writing, or a bit would go from 0 to 1, and then nothing has been
 *   changed; PSA_ERROR_STORAGE_FAILURE when the device does not hold afterwards what it was given.
 */
void otp_guard_init(struct otp_guard *guard, const struct medium *device);

/**
 * Close a range until the next reset.
 * @retval PSA_ERROR_INVALID_ARGUMENT     Outside the device.
 * @retval PSA_ERROR_INSUFFICIENT_MEMORY  RANGE_SET_MAX ranges are closed already; the caller stops the boot.
 */
psa_status_t otp_guard_close_reading(struct otp_guard *guard, uint32_t offset, uint32_t size);
psa_status_t otp_guard_close_writing(struct otp_guard *guard, uint32_t offset, uint32_t size);

#endif
