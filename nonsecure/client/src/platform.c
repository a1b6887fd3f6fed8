/* SPDX-License-Identifier: Apache-2.0 */
/* merlon/platform.h for clients. */
#include <merlon/lib/service_wire.h>
#include <merlon/platform.h>
#include <psa/client.h>
#include <psa_manifest/sid.h>
#include <string.h>

static psa_status_t call(enum platform_call function, const psa_invec *in, psa_outvec *out)
{
	return psa_call(PLATFORM_HANDLE, (int32_t)function, in, in != NULL, out, out != NULL);
}

psa_status_t merlon_platform_boot_report(struct merlon_boot_report *report)
{
	psa_outvec out = { report, sizeof *report };
	memset(report, 0, sizeof *report);
	return call(PLATFORM_CALL_BOOT_REPORT, NULL, &out);
}

psa_status_t merlon_platform_factory_read(enum merlon_factory_item item, void *data, size_t size, size_t *length)
{
	uint32_t word = (uint32_t)item;
	psa_outvec out = { data, size };
	psa_status_t status = call(PLATFORM_CALL_FACTORY_READ, &(psa_invec) { &word, sizeof word }, &out);
	*length = status == PSA_SUCCESS ? out.len : 0;
	return status;
}

psa_status_t merlon_platform_alive(void)
{
	return call(PLATFORM_CALL_ALIVE, NULL, NULL);
}

psa_status_t merlon_platform_reset(enum merlon_reset_cause cause)
{
	uint32_t word = (uint32_t)cause;
	return call(PLATFORM_CALL_RESET, &(psa_invec) { &word, sizeof word }, NULL);
}

psa_status_t merlon_platform_window_close(void)
{
	return call(PLATFORM_CALL_WINDOW_CLOSE, NULL, NULL);
}

psa_status_t merlon_platform_debug_challenge(uint8_t challenge[MERLON_DEBUG_CHALLENGE_SIZE])
{
	psa_outvec out = { challenge, MERLON_DEBUG_CHALLENGE_SIZE };
	memset(challenge, 0, MERLON_DEBUG_CHALLENGE_SIZE);
	return call(PLATFORM_CALL_DEBUG_CHALLENGE, NULL, &out);
}

psa_status_t merlon_platform_debug_authorise(const void *token, size_t size)
{
	return call(PLATFORM_CALL_DEBUG_AUTHORISE, &(psa_invec) { token, size }, NULL);
}
