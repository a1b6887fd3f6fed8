/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of psa/service.h and psa/client.h, made by the partition that runs. */
#include "core.h"
#include <merlon/spm/machine.h>
#include <psa/lifecycle.h>
#include <string.h>

/* Where the Non-secure world has no gates (a host program), it makes these calls itself: nobody runs then. */
static int32_t running_id(void)
{
	return spm.current != NULL ? spm_table.partitions[spm.current->partition].id : SPM_CLIENT_NONSECURE;
}

/* The message that the running partition serves, and no other: an older one is over, an outer one is not its own. */
static struct spm_message *own_message(psa_handle_t handle, const char *call)
{
	if (spm.current == NULL || spm.current->public.handle != handle || handle <= 0)
		spm_machine_panic(running_id(), call);
	return spm.current;
}

static size_t advance(psa_handle_t handle, uint32_t index, void *buffer, size_t size, const char *call)
{
	struct spm_message *message = own_message(handle, call);
	if (index >= PSA_MAX_IOVEC || message->public.type < 0)
		spm_machine_panic(running_id(), call);
	size_t count = size < message->in_left[index] ? size : message->in_left[index];
	if (buffer != NULL && count > 0)
		memcpy(buffer, message->in[index], count);
	if (count > 0)
		message->in[index] += count;
	message->in_left[index] -= count;
	return count;
}

size_t psa_read(psa_handle_t msg_handle, uint32_t invec_idx, void *buffer, size_t num_bytes)
{
	if (buffer == NULL && num_bytes > 0)
		spm_machine_panic(running_id(), "psa_read: no buffer");
	return advance(msg_handle, invec_idx, buffer, num_bytes, "psa_read: bad message or index");
}

size_t psa_skip(psa_handle_t msg_handle, uint32_t invec_idx, size_t num_bytes)
{
	return advance(msg_handle, invec_idx, NULL, num_bytes, "psa_skip: bad message or index");
}

void psa_write(psa_handle_t msg_handle, uint32_t outvec_idx, const void *buffer, size_t num_bytes)
{
	struct spm_message *message = own_message(msg_handle, "psa_write: bad message");
	if (outvec_idx >= PSA_MAX_IOVEC || message->public.type < 0)
		spm_machine_panic(running_id(), "psa_write: bad index");
	size_t used = message->out_used[outvec_idx];
	if (num_bytes > message->public.out_size[outvec_idx] - used)
		spm_machine_panic(running_id(), "psa_write: past the end");
	if (num_bytes > 0)
		memcpy(message->out[outvec_idx] + used, buffer, num_bytes);
	message->out_used[outvec_idx] = used + num_bytes;
}

void psa_set_rhandle(psa_handle_t msg_handle, void *rhandle)
{
	struct spm_message *message = own_message(msg_handle, "psa_set_rhandle: bad message");
	if (message->connection == NULL)
		spm_machine_panic(running_id(), "psa_set_rhandle: a stateless service has none");
	message->connection->rhandle = rhandle;
	message->public.rhandle = rhandle;
}

void psa_panic(void)
{
	spm_machine_panic(running_id(), "psa_panic");
}

uint32_t psa_rot_lifecycle_state(void)
{
	return spm.lifecycle;
}

uint32_t psa_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

uint32_t psa_version(uint32_t sid)
{
	return spm_version(spm.current, sid);
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	return spm_connect(spm.current, running_id(), sid, version);
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	return spm_call(spm.current, running_id(), handle, type, in_vec, in_len, out_vec, out_len);
}

void psa_close(psa_handle_t handle)
{
	spm_close(spm.current, running_id(), handle);
}

psa_status_t spm_start(void)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < spm_table.partition_count && status == PSA_SUCCESS; i++) {
		/* A message that nobody sent: it says who runs, and its handle names nothing. */
		struct spm_message domain;
		memset(&domain, 0, sizeof domain);
		domain.partition = i;
		spm.current = &domain;
		if (spm_table.partitions[i].init != NULL)
			status = spm_table.partitions[i].init();
		spm.current = NULL;
	}
	return status;
}
