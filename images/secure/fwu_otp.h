/* SPDX-License-Identifier: Apache-2.0 */
/** Where the update partition reads image keys and counters: one file or the other, by isolation level. */
#ifndef IMAGES_SECURE_FWU_OTP_H
#define IMAGES_SECURE_FWU_OTP_H

#include <merlon/lib/medium.h>

/** OTP as the partition may read it. Called by prepare_fwu(). */
const struct medium *fwu_otp(void);

#endif
