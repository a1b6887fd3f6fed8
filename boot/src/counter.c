/* SPDX-License-Identifier: Apache-2.0 */
/* Security counters: only here, and only for images that are confirmed. */
#include "internal.h"

/**
 * Raise the stored counters to those of the images in the primary slots. The caller knows that these are confirmed. Writes nothing
 * when the counters stand there already.
 *
 * Raised together or not at all: a set whose other half is damaged says nothing about what was confirmed.
 */
psa_status_t boot_raise_counters(struct boot *boot)
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (boot->running[i].refusal != REFUSAL_NONE)
			return PSA_SUCCESS;
	bool raised = false;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		uint32_t counter = boot->running[i].counter;
		if (counter <= boot->trust.counters[i])
			continue;
		raised = true;
		boot_say(boot, otp_counter_raise(boot->otp, i, counter) == PSA_SUCCESS ? LINE_COUNTER : LINE_COUNTER_FAILED, i,
			 counter);
	}
	return raised ? trust_load_counters(&boot->trust, boot->otp) : PSA_SUCCESS;
}
