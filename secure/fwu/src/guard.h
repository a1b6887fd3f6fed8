/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Firmware Update partition: which call is allowed in which state, and to whom. */
#ifndef MERLON_FWU_GUARD_H
#define MERLON_FWU_GUARD_H

#include <merlon/lib/service_wire.h>
#include <merlon/secure_fwu/fwu.h>

/**
 * For calls on one component.
 * @retval PSA_ERROR_DOES_NOT_EXIST  No such component. @retval PSA_ERROR_BAD_STATE  Not in this state.
 * @retval PSA_ERROR_NOT_PERMITTED   The component is another client's.
 */
psa_status_t guard_component(const struct fwu *fwu, enum fwu_call call, int32_t client, uint32_t component);

/**
 * For calls on the whole set. @param images  Mask of the components that the call is about.
 * @retval PSA_ERROR_BAD_STATE  There is none, or one that forbids it. @retval PSA_ERROR_NOT_PERMITTED  One is another client's.
 */
psa_status_t guard_set(const struct fwu *fwu, enum fwu_call call, int32_t client, uint8_t *images);

/** The components in any of `states`, a mask of 1 << PSA_FWU_... */
uint8_t guard_images(const struct fwu *fwu, uint32_t states);

#endif
