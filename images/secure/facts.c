/* SPDX-License-Identifier: Apache-2.0 */
/* What the start does between OTP, flash and partitions, whatever drives them. */
#include "start.h"
#include <merlon/board/flash_map.h>
#include <merlon/hal/flash.h>
#include <merlon/lib/lifecycle.h>
#include <merlon/lib/mem.h>

struct start start;

void take_facts(const struct medium *otp, uint32_t lifecycle)
{
	bool exists = otp_identity_get(otp, &start.identity) == PSA_SUCCESS;
	start.otp = otp;
	start.secrets = exists && lifecycle_allows(lifecycle, LIFECYCLE_SECRETS);
	if (!start.secrets) {
		mem_wipe(start.identity.huk, sizeof start.identity.huk);
		mem_wipe(start.identity.iak, sizeof start.identity.iak);
	}
}

/* The records of the lifecycle stay open: the Platform partition writes what a debug token orders. */
psa_status_t close_otp(struct otp_guard *guard)
{
	psa_status_t status =
		otp_guard_close_writing(guard, OTP_LIFECYCLE_OFFSET + OTP_LIFECYCLE_SIZE, OTP_SIZE - OTP_LIFECYCLE_SIZE);
	return status == PSA_SUCCESS ? otp_guard_close_reading(guard, OTP_IDENTITY_OFFSET, OTP_IDENTITY_SIZE) : status;
}

/* Protected Storage cannot be read without the hardware unique key; gone is gone. */
psa_status_t clear_storage(const struct medium *flash)
{
	static const struct {
		uint32_t offset, size;
	} areas[] = { { BOARD_FLASH_ITS_OFFSET, BOARD_FLASH_ITS_SIZE }, { BOARD_FLASH_PS_OFFSET, BOARD_FLASH_PS_SIZE } };
	psa_status_t status = PSA_SUCCESS;
	for (size_t i = 0; i < sizeof areas / sizeof areas[0] && status == PSA_SUCCESS; i++) {
		struct flash_window window;
		status = flash_window_init(&window, flash, areas[i].offset, areas[i].size);
		if (status == PSA_SUCCESS)
			status = medium_clear(&window.medium);
	}
	return status;
}
