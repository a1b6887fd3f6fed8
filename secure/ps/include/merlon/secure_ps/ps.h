/* SPDX-License-Identifier: Apache-2.0 */
/** The Protected Storage partition, for the image that holds it and for its manifest. Clients include psa/. */
#ifndef MERLON_SECURE_PS_H
#define MERLON_SECURE_PS_H

#include <psa/service.h>

struct medium;

#define PS_EPOCH_UNKNOWN UINT32_MAX

/** What the partition stands on. Media must outlive the service. */
struct ps_config {
	const struct medium *area;  /* of external flash; on the device merlon_flash_area(MERLON_FLASH_PS) */
	const struct medium *epoch; /* where an advance of the epoch is asked for (lib/epoch.h); NULL: a product without an epoch */
	uint32_t epoch_value;       /* what one-time memory holds, as BL2 handed it over; PS_EPOCH_UNKNOWN: nothing is stored or returned */
};

/** Before ps_init(). @param config  Copied. */
void ps_configure(const struct ps_config *config);

/** Entry of the partition. Does nothing: key and index are fetched when the first call needs them. */
psa_status_t ps_init(void);

/** The service: one message of merlon/ps_call.h. */
psa_status_t protected_storage_sfn(const psa_msg_t *msg);

#endif
