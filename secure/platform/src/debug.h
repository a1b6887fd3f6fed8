/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Platform partition: challenges and debug tokens. */
#ifndef MERLON_PLATFORM_DEBUG_H
#define MERLON_PLATFORM_DEBUG_H

#include <merlon/platform.h>
#include <merlon/secure_platform/platform.h>

/** No challenge is open. */
void debug_reset(void);

/** Draw a challenge and keep it. Errors: merlon_platform_debug_challenge(). */
psa_status_t debug_draw_challenge(uint8_t challenge[MERLON_DEBUG_CHALLENGE_SIZE]);

/** Judge the token in input vector 0 and record the state that it orders. Errors: merlon_platform_debug_authorise(). */
psa_status_t debug_order(const struct platform_config *config, const psa_msg_t *msg);

#endif
