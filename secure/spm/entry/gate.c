/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gates: where the Non-secure world enters. Thread mode only, one call at a time.
 *
 * The world that calls chooses the moment, not the Secure context: a thread of a partition may have been interrupted, and the gate then runs
 * on its stack and with its rights. So a gate first asks the core where it is, and touches memory only on the agent's own stack.
 */
#include "entry.h"
#include <merlon/arch/supervisor.h>
#include <merlon/veneer.h>

#define GATE __attribute__((cmse_nonsecure_entry, section(".text.spm_gate")))

enum { CLIENT_MASK = 0xff };

uint8_t spm_gate_busy;

enum admission { ADMITTED, REFUSED, AGAIN };

static inline bool in_handler_mode(void)
{
	uint32_t ipsr;
	__asm volatile("mrs %0, ipsr" : "=r"(ipsr));
	return ipsr != 0;
}

static inline bool on_process_stack(void)
{
	enum { SPSEL = 1 << 1 };
	uint32_t control;
	__asm volatile("mrs %0, control" : "=r"(control));
	return (control & SPSEL) != 0;
}

/* The exchange is LDREX/STREX: an interrupt between the two makes it start again. */
static inline __attribute__((always_inline)) enum admission enter(uint32_t client)
{
	if (in_handler_mode())
		return REFUSED;
	if (on_process_stack())
		return AGAIN;
	if (client >= SPM_NONSECURE_CLIENTS)
		return REFUSED;
	return __atomic_exchange_n(&spm_gate_busy, 1, __ATOMIC_ACQUIRE) == 0 ? ADMITTED : REFUSED;
}

static inline void leave(void)
{
	__atomic_store_n(&spm_gate_busy, 0, __ATOMIC_RELEASE);
	if (spm_deferred)
		arch_supervisor_pend();
}

static inline int32_t id_of(uint32_t client)
{
	return SPM_CLIENT_NONSECURE - (int32_t)client;
}

GATE uint32_t merlon_veneer_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

/* Reads constants only: needs no turn. */
GATE uint32_t merlon_veneer_version(uint32_t sid)
{
	if (in_handler_mode())
		return PSA_VERSION_NONE;
	return on_process_stack() ? (uint32_t)MERLON_VENEER_AGAIN : spm_version_of(SPM_NONSECURE, sid);
}

GATE psa_handle_t merlon_veneer_connect(uint32_t sid, uint32_t version, uint32_t client)
{
	enum admission admission = enter(client);
	if (admission != ADMITTED)
		return admission == AGAIN ? MERLON_VENEER_AGAIN : PSA_ERROR_CONNECTION_REFUSED;
	psa_handle_t handle = spm_connect(id_of(client), sid, version);
	leave();
	return handle;
}

GATE psa_status_t merlon_veneer_call(psa_handle_t handle, merlon_veneer_control control, const psa_invec *in_vec,
				     psa_outvec *out_vec)
{
	uint32_t client = control >> MERLON_VENEER_CLIENT_SHIFT & CLIENT_MASK;
	enum admission admission = enter(client);
	if (admission != ADMITTED)
		return admission == AGAIN ? MERLON_VENEER_AGAIN : PSA_ERROR_PROGRAMMER_ERROR;
	psa_status_t status = spm_call(id_of(client), handle, control, in_vec, out_vec);
	leave();
	return status;
}

GATE psa_status_t merlon_veneer_close(psa_handle_t handle, uint32_t client)
{
	enum admission admission = enter(client);
	if (admission == ADMITTED) {
		spm_close(id_of(client), handle);
		leave();
	}
	return admission == AGAIN ? MERLON_VENEER_AGAIN : PSA_SUCCESS;
}
