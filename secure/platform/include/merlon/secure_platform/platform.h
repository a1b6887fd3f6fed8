/* SPDX-License-Identifier: Apache-2.0 */
/** The Platform partition, for the image that holds it and for its manifest. Clients include merlon/platform.h. */
#ifndef MERLON_SECURE_PLATFORM_H
#define MERLON_SECURE_PLATFORM_H

#include <merlon/hal/timer.h>
#include <merlon/hal/watchdog.h>
#include <merlon/lib/handover.h>
#include <merlon/lib/medium.h>
#include <psa/service.h>

/** What the service stands on. All pointers must outlive it. */
struct platform_config {
	const uint8_t *handover; /* shared data of BL2 */
	uint16_t handover_size;
	const struct medium *factory;    /* factory data */
	const struct watchdog *watchdog; /* runs since BL2 */
	const struct timer *window;      /* its interrupt resets the device; the image's */
	uint32_t window_ms;
	int32_t updater;                       /* client identity of the Firmware Update partition */
	void (*reset)(enum reset_cause cause); /* record why, and reset */
	const struct medium *otp;              /* image keys readable, lifecycle writable */
	const char *serial;                    /* of OTP's identity; "": the device has none, and no debug token counts */
};

/** Before platform_init(). @param config  Kept by reference. */
void platform_configure(const struct platform_config *config);

/** Entry of the partition. Opens the confirm window when the images that are about to run are on trial. */
psa_status_t platform_init(void);

/** The service: one message of merlon/lib/service_wire.h. */
psa_status_t platform_sfn(const psa_msg_t *msg);

#endif
