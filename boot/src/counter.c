/* SPDX-License-Identifier: Apache-2.0 */
/* Security counters: only here, and only for images that are confirmed. */
#include "internal.h"

/**
 * Raise the stored counters to those of the images in the primary slots. The caller knows that these are confirmed; an image that
 * was refused is passed over. Writes nothing when the counters stand there already.
 *
 * Raised together or not at all: a set whose other half is damaged says nothing about what was confirmed.
 */
psa_status_t boot_raise_counters(struct boot *boot)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (boot->running[i].refusal != REFUSAL_NONE)
			return PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		uint32_t counter = boot->running[i].counter;
		if (counter <= boot->trust.counters[i])
			continue;
		status = otp_counter_raise(boot->otp, i, counter);
		boot_say(boot, &(struct boot_line) { .index = status == PSA_SUCCESS ? BOOT_LINE_COUNTER : BOOT_LINE_COUNTER_FAILED,
						     .image = i,
						     .n = counter });
		if (status == PSA_SUCCESS)
			status = otp_counter_get(boot->otp, i, &boot->trust.counters[i]);
		if (status == PSA_SUCCESS)
			status = otp_counter_room(boot->otp, i, &boot->trust.counter_room[i]);
	}
	return status;
}
