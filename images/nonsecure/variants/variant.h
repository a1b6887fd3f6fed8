/* SPDX-License-Identifier: Apache-2.0 */
/** What a release of the demo is made of: `good.c`, or one of the bad releases that ./dev run and the tests offer to a device. */
#ifndef IMAGES_NONSECURE_VARIANT_H
#define IMAGES_NONSECURE_VARIANT_H

/** The first instruction of the image. */
void variant_reset(void);

#endif
