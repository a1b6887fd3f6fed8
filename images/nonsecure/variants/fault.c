/* SPDX-License-Identifier: Apache-2.0 */
/* A release that faults at its first instruction. */
#include "variant.h"

__attribute__((naked)) void variant_reset(void)
{
	__asm__("udf #0");
}
