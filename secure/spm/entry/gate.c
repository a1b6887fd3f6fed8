/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gates: where the Non-secure world enters. Thread mode only, one call at a time.
 *
 * The Secure world has one stack for all callers. It stays consistent whatever the Non-secure scheduler does: exception frames on it
 * are pushed and popped in order, and a second caller is turned away before it touches anything.
 */
#include <merlon/spm/spm.h>
#include <merlon/veneer.h>

#define GATE __attribute__((cmse_nonsecure_entry))

static uint8_t busy;

static bool in_handler_mode(void)
{
	uint32_t ipsr;
	__asm volatile("mrs %0, ipsr" : "=r"(ipsr));
	return ipsr != 0;
}

/* The exchange is LDREX/STREX: an interrupt between the two makes it start again. */
static bool enter(void)
{
	return !in_handler_mode() && __atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE) == 0;
}

static void leave(void)
{
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

GATE uint32_t merlon_veneer_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

/* Reads constants only: needs no turn. */
GATE uint32_t merlon_veneer_version(uint32_t sid)
{
	return in_handler_mode() ? PSA_VERSION_NONE : spm_version(NULL, sid);
}

GATE psa_handle_t merlon_veneer_connect(uint32_t sid, uint32_t version)
{
	if (!enter())
		return PSA_ERROR_CONNECTION_REFUSED;
	psa_handle_t handle = spm_connect(NULL, SPM_CLIENT_NONSECURE, sid, version);
	leave();
	return handle;
}

GATE psa_status_t merlon_veneer_call(psa_handle_t handle, merlon_veneer_control control, const psa_invec *in_vec,
				     psa_outvec *out_vec)
{
	if (!enter())
		return PSA_ERROR_PROGRAMMER_ERROR;
	psa_status_t status = spm_call(NULL, SPM_CLIENT_NONSECURE, handle, (int32_t)(control >> 16), in_vec, control >> 8 & 0xff,
				       out_vec, control & 0xff);
	leave();
	return status;
}

GATE void merlon_veneer_close(psa_handle_t handle)
{
	if (!enter())
		return;
	spm_close(NULL, SPM_CLIENT_NONSECURE, handle);
	leave();
}
