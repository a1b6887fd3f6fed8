/* SPDX-License-Identifier: Apache-2.0 */
/** The Internal Trusted Storage partition, for the image that holds it and for its manifest. Clients include psa/. */
#ifndef MERLON_SECURE_ITS_H
#define MERLON_SECURE_ITS_H

#include <psa/service.h>

struct medium;

/** Before its_init(). @param medium  The area; on the device merlon_flash_area(MERLON_FLASH_ITS). Must outlive the service. */
void its_configure(const struct medium *medium);

/**
 * Entry of the partition: reads the area, and finishes or undoes what a power cut left half done.
 * @return PSA_SUCCESS also when the area cannot be read: the device starts, and each call answers what is wrong.
 */
psa_status_t its_init(void);

/** The service: one message of merlon/its_call.h. */
psa_status_t internal_trusted_storage_sfn(const psa_msg_t *msg);

#endif
