/* SPDX-License-Identifier: Apache-2.0 */
/* Where objects lie, and in products with an epoch what BL2 said of it. */
#include "start.h"
#include <merlon/flash.h>
#include <merlon/product/config.h>
#include <merlon/secure_ps/ps.h>

void prepare_ps(void)
{
	struct ps_config config = { .area = merlon_flash_area(MERLON_FLASH_PS) };
	if (MERLON_PS_EPOCH == MERLON_PS_EPOCH_YES) {
		config.epoch = merlon_flash_area(MERLON_FLASH_EPOCH);
		if (handover_find_u32(start.handover, start.handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_EPOCH),
				      &config.epoch_value) != PSA_SUCCESS)
			config.epoch_value = PS_EPOCH_UNKNOWN;
	}
	ps_configure(&config);
}
