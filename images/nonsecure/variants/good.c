/* SPDX-License-Identifier: Apache-2.0 */
/* The demo as it should be. */
#include "variant.h"
#include <merlon/arch/vectors.h>

void variant_reset(void)
{
	start_reset();
}
