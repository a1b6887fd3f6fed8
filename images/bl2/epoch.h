/* SPDX-License-Identifier: Apache-2.0 */
/** In products with an epoch: what BL2 does about it at each start. */
#ifndef IMAGES_BL2_EPOCH_H
#define IMAGES_BL2_EPOCH_H

#include <merlon/lib/medium.h>

/** As epoch_advance() of lib/epoch.h, with the requests where the board's flash map has them. */
psa_status_t bl2_epoch_advance(const struct medium *otp, uint32_t *epoch);

#endif
