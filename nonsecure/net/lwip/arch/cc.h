/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <stdint.h>

#define LWIP_PLATFORM_DIAG(arguments)
/* An internal contradiction: fault, so that the Secure world records it and resets. */
#define LWIP_PLATFORM_ASSERT(message) __builtin_trap()

uint32_t network_random(void);

#endif
