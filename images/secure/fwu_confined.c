/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Isolation level 3: the device is another partition's, so this one has a copy of what it judges by: lifecycle, image keys and what
 * follows them, counters. They change at a boot only; a debug token does not change what an image may be. The identity, with the
 * secrets, lies between the two pieces and is not copied.
 */
#include "fwu_otp.h"
#include "start.h"
#include <merlon/lib/mem.h>
#include <string.h>

enum { REST_OFFSET = OTP_KEYS_OFFSET, REST_SIZE = OTP_COUNTERS_OFFSET + OTP_COUNTERS_SIZE - REST_OFFSET };

static uint8_t lifecycle[OTP_LIFECYCLE_SIZE], rest[REST_SIZE];

static psa_status_t read_copy(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	(void)medium;
	const uint8_t *copy = NULL;
	if (offset <= sizeof lifecycle && size <= sizeof lifecycle - offset)
		copy = lifecycle + offset;
	else if (offset >= REST_OFFSET && offset - REST_OFFSET <= sizeof rest && size <= sizeof rest - (offset - REST_OFFSET))
		copy = rest + (offset - REST_OFFSET);
	if (copy == NULL)
		return PSA_ERROR_NOT_PERMITTED;
	memcpy(data, copy, size);
	return PSA_SUCCESS;
}

static psa_status_t refuse_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	(void)medium, (void)offset, (void)data, (void)size;
	return PSA_ERROR_NOT_PERMITTED;
}

static psa_status_t refuse_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	(void)medium, (void)offset, (void)size;
	return PSA_ERROR_NOT_PERMITTED;
}

const struct medium *fwu_otp(void)
{
	static const struct medium_ops ops = { .read = read_copy, .program = refuse_program, .erase = refuse_erase };
	static const struct medium copy = { &ops, OTP_SIZE, OTP_SIZE, OTP_WRITE_SIZE };
	require(medium_read(start.otp, OTP_LIFECYCLE_OFFSET, lifecycle, sizeof lifecycle), "the lifecycle cannot be read");
	require(medium_read(start.otp, REST_OFFSET, rest, sizeof rest), "image keys and counters cannot be read");
	return &copy;
}
