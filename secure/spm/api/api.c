/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of psa/client.h and psa/service.h as every partition links them: a supervisor call from a thread of its own, a plain call of the
 * partition manager on the agent's stack. The library lies in the code that all partitions share.
 */
#include "supervisor.h"
#include <merlon/spm/machine.h>
#include <merlon/veneer.h>
#include <psa/lifecycle.h>

/* The partition manager copies no more than this in one call, so that no call masks an interrupt for long. */
enum { CHUNK = 256 };

uint32_t psa_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

uint32_t psa_version(uint32_t sid)
{
	return CALL(SPM_API_VERSION, sid, 0, 0, 0);
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	if (on_agent())
		return spm_connect(SPM_CLIENT_NONSECURE, sid, version);
	return (psa_handle_t)supervisor(SPM_API_CONNECT, sid, version, 0, 0);
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	uint32_t control = merlon_veneer_pack(type, in_len, out_len);
	if (on_agent())
		return spm_call(SPM_CLIENT_NONSECURE, handle, control, in_vec, out_vec);
	return (psa_status_t)supervisor(SPM_API_CALL, (uint32_t)handle, control, (uintptr_t)in_vec, (uintptr_t)out_vec);
}

void psa_close(psa_handle_t handle)
{
	if (on_agent())
		spm_close(SPM_CLIENT_NONSECURE, handle);
	else
		(void)supervisor(SPM_API_CLOSE, (uint32_t)handle, 0, 0, 0);
}

psa_signal_t psa_wait(psa_signal_t signal_mask, uint32_t timeout)
{
	return CALL(SPM_API_WAIT, signal_mask, timeout, 0, 0);
}

psa_status_t psa_get(psa_signal_t signal, psa_msg_t *msg)
{
	return (psa_status_t)CALL(SPM_API_GET, signal, (uintptr_t)msg, 0, 0);
}

size_t psa_read(psa_handle_t msg_handle, uint32_t invec_idx, void *buffer, size_t num_bytes)
{
	if (on_agent())
		return spm_plain(SPM_API_READ, (uint32_t)msg_handle, invec_idx, (uintptr_t)buffer, num_bytes);
	size_t total = 0, size, count;
	do {
		size = num_bytes - total < CHUNK ? num_bytes - total : CHUNK;
		count = supervisor(SPM_API_READ, (uint32_t)msg_handle, invec_idx, (uintptr_t)buffer + total, size);
		total += count;
	} while (count == CHUNK && total < num_bytes);
	return total;
}

size_t psa_skip(psa_handle_t msg_handle, uint32_t invec_idx, size_t num_bytes)
{
	return CALL(SPM_API_SKIP, (uint32_t)msg_handle, invec_idx, num_bytes, 0);
}

void psa_write(psa_handle_t msg_handle, uint32_t outvec_idx, const void *buffer, size_t num_bytes)
{
	if (on_agent()) {
		(void)spm_plain(SPM_API_WRITE, (uint32_t)msg_handle, outvec_idx, (uintptr_t)buffer, num_bytes);
		return;
	}
	uintptr_t from = (uintptr_t)buffer;
	for (size_t size; num_bytes > CHUNK; num_bytes -= size, from += size) {
		size = CHUNK;
		(void)supervisor(SPM_API_WRITE, (uint32_t)msg_handle, outvec_idx, from, size);
	}
	(void)supervisor(SPM_API_WRITE, (uint32_t)msg_handle, outvec_idx, from, num_bytes);
}

void psa_set_rhandle(psa_handle_t msg_handle, void *rhandle)
{
	(void)CALL(SPM_API_SET_RHANDLE, (uint32_t)msg_handle, (uintptr_t)rhandle, 0, 0);
}

void psa_reply(psa_handle_t msg_handle, psa_status_t status)
{
	(void)CALL(SPM_API_REPLY, (uint32_t)msg_handle, (uint32_t)status, 0, 0);
}

void psa_notify(int32_t partition_id)
{
	(void)CALL(SPM_API_NOTIFY, (uint32_t)partition_id, 0, 0, 0);
}

void psa_clear(void)
{
	(void)CALL(SPM_API_CLEAR, 0, 0, 0, 0);
}

void psa_eoi(psa_signal_t irq_signal)
{
	(void)CALL(SPM_API_EOI, irq_signal, 0, 0, 0);
}

void psa_reset_signal(psa_signal_t irq_signal)
{
	(void)CALL(SPM_API_RESET_SIGNAL, irq_signal, 0, 0, 0);
}

void psa_irq_enable(psa_signal_t irq_signal)
{
	(void)CALL(SPM_API_IRQ_ENABLE, irq_signal, 0, 0, 0);
}

psa_irq_status_t psa_irq_disable(psa_signal_t irq_signal)
{
	return CALL(SPM_API_IRQ_DISABLE, irq_signal, 0, 0, 0);
}

void psa_panic(void)
{
	for (;;)
		(void)CALL(SPM_API_PANIC, 0, 0, 0, 0);
}

uint32_t psa_rot_lifecycle_state(void)
{
	return CALL(SPM_API_LIFECYCLE, 0, 0, 0, 0);
}

void spm_reset(uint32_t cause)
{
	for (;;)
		(void)CALL(SPM_API_RESET, cause, 0, 0, 0);
}

/* Where a thread goes when its function returns; r0 is what that returned. */
void spm_leave_function(psa_status_t status)
{
	for (;;)
		(void)supervisor(SPM_API_RETURN, (uint32_t)status, 0, 0, 0);
}

void spm_leave_entry(void)
{
	for (;;)
		(void)supervisor(SPM_API_EXIT, 0, 0, 0, 0);
}

void spm_leave_first_level(psa_flih_result_t result)
{
	for (;;)
		(void)supervisor(SPM_API_FIRST_LEVEL, result, 0, 0, 0);
}
