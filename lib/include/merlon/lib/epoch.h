/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The epoch of Protected Storage: a number in one-time memory that only rises, so that internal flash which somebody put back shows
 * that it is old. The Secure world asks for the next one, BL2 advances, at most by one in a start. Page: docs/format/epoch.md.
 */
#ifndef MERLON_LIB_EPOCH_H
#define MERLON_LIB_EPOCH_H

#include <merlon/lib/medium.h>

enum {
	EPOCH_OTP_OFFSET = 0x1c00, /* in one-time memory: one bit for each epoch */
	EPOCH_OTP_SIZE = 0x400,
	EPOCH_MAX = 8 * EPOCH_OTP_SIZE,
	EPOCH_AHEAD_MAX = 2, /* one for the change of a start, one for a bit that may read as 1 again after a cut */
};

/** What one-time memory holds: 0 to EPOCH_MAX. */
psa_status_t epoch_get(const struct medium *otp, uint32_t *epoch);

/**
 * Ask for an epoch. Asking again for the same does nothing.
 * @param requests  A medium for lib/log.h, for this alone.
 * @retval PSA_ERROR_STORAGE_FAILURE  It could not be stored. PSA_ERROR_INVALID_ARGUMENT: beyond EPOCH_MAX.
 */
psa_status_t epoch_request(const struct medium *requests, uint32_t epoch);

/**
 * Advance by one where an epoch was asked for that lies at most EPOCH_AHEAD_MAX above the present one. Called by BL2, once per start, before
 * it closes one-time memory. Requests that cannot be read, or lie further ahead, ask for nothing.
 * @param epoch  Out: what one-time memory holds afterwards.
 */
psa_status_t epoch_advance(const struct medium *requests, const struct medium *otp, uint32_t *epoch);

#endif
