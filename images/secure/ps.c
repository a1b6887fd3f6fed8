/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include <merlon/flash.h>
#include <merlon/secure_ps/ps.h>

void prepare_ps(void)
{
	ps_configure(&(struct ps_config) { .area = merlon_flash_area(MERLON_FLASH_PS) });
}
