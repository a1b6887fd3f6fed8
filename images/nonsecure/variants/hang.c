/* SPDX-License-Identifier: Apache-2.0 */
/* A release that hangs at its start: the confirm window or the watchdog ends it. */
#include "variant.h"

void variant_reset(void)
{
	for (;;)
		;
}
