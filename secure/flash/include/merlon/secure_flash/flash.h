/* SPDX-License-Identifier: Apache-2.0 */
/** The flash partition, for the image that holds it and for its manifest. Clients include merlon/flash.h. */
#ifndef MERLON_SECURE_FLASH_H
#define MERLON_SECURE_FLASH_H

#include <merlon/lib/medium.h>
#include <psa/service.h>

/** Before flash_init(). @param device  All flash of the board, its two parts one behind the other. Must outlive the service. */
void flash_configure(const struct medium *device);

/**
 * Entry of the partition. Closes for writing, until the next reset, what runs: both primary slots but for the sector of their
 * trailers, and the factory data.
 */
psa_status_t flash_init(void);

/** The service: one message of merlon/flash.h. */
psa_status_t flash_sfn(const psa_msg_t *msg);

#endif
