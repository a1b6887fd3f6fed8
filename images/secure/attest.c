/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include <merlon/board/memory.h>
#include <merlon/product/config.h>
#include <merlon/secure_attest/attest.h>

void prepare_attest(void)
{
	attest_configure(&(struct attest_config) {
		.handover = start.handover,
		.handover_size = start.handover_size,
		.instance = start.secrets ? start.identity.instance : NULL,
		.implementation = "merlon " MERLON_BOARD_NAME,
		.certification = MERLON_CERTIFICATION_REFERENCE,
		.service = MERLON_VERIFICATION_SERVICE,
	});
}
