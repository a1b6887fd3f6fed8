/* SPDX-License-Identifier: Apache-2.0 */
/* Call type 0: add the 32-bit number of the input to the counter, and answer the sum. A sum that would wrap is refused. */
#include <psa_manifest/manifest.h>

static uint32_t sum;

psa_status_t counter_start(void)
{
	sum = 0;
	return PSA_SUCCESS;
}

psa_status_t counter_sfn(const psa_msg_t *msg)
{
	uint32_t step;
	if (msg->type != PSA_IPC_CALL || msg->out_size[0] != sizeof sum)
		return PSA_ERROR_NOT_SUPPORTED;
	if (psa_read(msg->handle, 0, &step, sizeof step) != sizeof step || step > UINT32_MAX - sum)
		return PSA_ERROR_INVALID_ARGUMENT;
	sum += step;
	psa_write(msg->handle, 0, &sum, sizeof sum);
	return PSA_SUCCESS;
}
