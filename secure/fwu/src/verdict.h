/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Firmware Update partition: judging staged images by the code of BL2. */
#ifndef MERLON_FWU_VERDICT_H
#define MERLON_FWU_VERDICT_H

#include <merlon/secure_fwu/fwu.h>

/**
 * Judge the staged image of `component`: format, hash, signature, counter, and whether its counter could be stored.
 * @return PSA_SUCCESS: judged, see verdict->refusal. Another status: what it takes to judge cannot be read; nothing is said about
 *         the image.
 */
psa_status_t verdict_candidate(const struct fwu *fwu, uint8_t component, struct image_verdict *verdict);

/** Judge the dependencies of everything that will run when `images` are installed. @return REFUSAL_NONE or REFUSAL_DEPENDENCY. */
psa_status_t verdict_dependencies(const struct fwu *fwu, uint8_t images, struct image_verdict candidates[IMAGE_COUNT],
				  enum refusal *refusal);

#endif
