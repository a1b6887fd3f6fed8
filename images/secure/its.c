/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include <merlon/flash.h>
#include <merlon/secure_its/its.h>

void prepare_its(void)
{
	its_configure(merlon_flash_area(MERLON_FLASH_ITS));
}
