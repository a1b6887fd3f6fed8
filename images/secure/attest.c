/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include <merlon/board/memory.h>
#include <merlon/product/config.h>
#include <merlon/secure_attest/attest.h>

void prepare_attest(void)
{
	attest_configure(&(struct attest_config) {
		.handover = (const uint8_t *)BOARD_HANDOVER_BASE,
		.handover_size = BOARD_HANDOVER_SIZE,
		.instance = start.secrets ? start.identity.instance : NULL,
		.implementation = "merlon " MERLON_BOARD_NAME,
		.certification = MERLON_CERTIFICATION_REFERENCE,
		.service = MERLON_VERIFICATION_SERVICE,
	});
}
