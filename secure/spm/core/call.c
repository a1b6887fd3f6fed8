/* SPDX-License-Identifier: Apache-2.0 */
/* psa_call: decode everything, then run. After the service has started only it decides. */
#include "core.h"
#include <merlon/spm/machine.h>
#include <string.h>

static bool is_aligned(const void *vectors)
{
	return (uintptr_t)vectors % sizeof(uint32_t) == 0;
}

/* Copy the vectors once; from here on the client's copies do not count. */
static bool copy_vectors(struct spm_message *message, int32_t client_id, const psa_invec *in_vec, const psa_outvec *out_vec)
{
	psa_invec in[PSA_MAX_IOVEC];
	psa_outvec out[PSA_MAX_IOVEC];
	size_t in_size = message->in_count * sizeof in[0], out_size = message->out_count * sizeof out[0];
	if (!is_aligned(in_vec) || !is_aligned(out_vec) || !spm_machine_may_read(client_id, in_vec, in_size) ||
	    !spm_machine_may_write(client_id, out_vec, out_size))
		return false;
	for (size_t i = 0; i < message->in_count; i++)
		in[i] = in_vec[i];
	for (size_t i = 0; i < message->out_count; i++)
		out[i] = out_vec[i];
	for (size_t i = 0; i < message->in_count; i++) {
		if (!spm_machine_may_read(client_id, in[i].base, in[i].len))
			return false;
		message->in[i] = in[i].base;
		message->in_left[i] = message->public.in_size[i] = in[i].len;
	}
	for (size_t i = 0; i < message->out_count; i++) {
		if (!spm_machine_may_write(client_id, out[i].base, out[i].len))
			return false;
		message->out[i] = out[i].base;
		message->public.out_size[i] = out[i].len;
	}
	return true;
}

/* Ranges were checked: they do not wrap. */
static bool outputs_overlap(const struct spm_message *message)
{
	for (size_t i = 1; i < message->out_count; i++)
		for (size_t j = 0; j < i; j++) {
			uintptr_t a = (uintptr_t)message->out[i], b = (uintptr_t)message->out[j];
			size_t a_size = message->public.out_size[i], b_size = message->public.out_size[j];
			if (a_size > 0 && b_size > 0 && a < b + b_size && b < a + a_size)
				return true;
		}
	return false;
}

static const struct spm_service *find_target(struct spm_message *message, const struct spm_message *caller, int32_t client_id,
					     psa_handle_t handle)
{
	if ((handle & SPM_STATELESS_FLAG) != 0) {
		uint32_t index = (uint32_t)handle & ~(uint32_t)SPM_STATELESS_FLAG;
		uint8_t service = index <= SPM_SERVICES_MAX ? spm_table.stateless[index] : SPM_NO_SERVICE;
		return service != SPM_NO_SERVICE && spm_may_use(caller, service) ? &spm_table.services[service] : NULL;
	}
	message->connection = spm_connection_find(client_id, handle);
	if (message->connection == NULL || message->connection->dead || message->connection->busy)
		return NULL;
	return message->connection->service;
}

psa_status_t spm_serve(struct spm_message *message, struct spm_message *caller, const struct spm_service *service)
{
	struct spm_connection *connection = message->connection;
	spm.last_message = spm.last_message < INT32_MAX ? spm.last_message + 1 : 1;
	message->public.handle = spm.last_message;
	message->public.rhandle = connection != NULL ? connection->rhandle : NULL;
	message->caller = caller;
	message->partition = service->partition;
	if (connection != NULL)
		connection->busy = true;
	spm.current = message;
	psa_status_t status = service->function(&message->public);
	spm.current = caller;
	if (connection != NULL)
		connection->busy = false;
	return status;
}

psa_status_t spm_programmer_error(const struct spm_message *caller, const char *why)
{
	if (caller != NULL)
		spm_machine_panic(spm_table.partitions[caller->partition].id, why);
	return PSA_ERROR_PROGRAMMER_ERROR;
}

/* An error with a connection that is its own makes that connection useless for ever. */
static psa_status_t refuse(struct spm_message *message, const struct spm_message *caller, const char *why)
{
	if (message->connection != NULL)
		message->connection->dead = true;
	return spm_programmer_error(caller, why);
}

psa_status_t spm_call(struct spm_message *caller, int32_t client_id, psa_handle_t handle, int32_t type, const psa_invec *in_vec,
		      size_t in_len, psa_outvec *out_vec, size_t out_len)
{
	struct spm_message message;
	memset(&message, 0, sizeof message);
	const struct spm_service *service = find_target(&message, caller, client_id, handle);
	if (service == NULL)
		return refuse(&message, caller, "psa_call: no such handle");
	if (type < 0 || type > INT16_MAX)
		return refuse(&message, caller, "psa_call: bad type");
	if (in_len > PSA_MAX_IOVEC || out_len > PSA_MAX_IOVEC - in_len)
		return refuse(&message, caller, "psa_call: too many vectors");
	message.in_count = (uint8_t)in_len;
	message.out_count = (uint8_t)out_len;
	if (!copy_vectors(&message, client_id, in_vec, out_vec) || outputs_overlap(&message))
		return refuse(&message, caller, "psa_call: memory that the caller may not use");
	message.public.type = type;
	message.public.client_id = client_id;
	psa_status_t status = spm_serve(&message, caller, service);
	for (size_t i = 0; i < out_len; i++)
		out_vec[i].len = message.out_used[i];
	return status == PSA_ERROR_PROGRAMMER_ERROR ? refuse(&message, caller, "psa_call: the service saw an error") : status;
}
