/* SPDX-License-Identifier: Apache-2.0 */
/* Messages: decode everything, then send. After that only the service decides. */
#include "core.h"
#include <merlon/veneer.h>

static bool is_aligned(const void *vectors)
{
	return (uintptr_t)vectors % sizeof(uint32_t) == 0;
}

/* Each vector is read once; from here on the client's copies do not count. */
static bool copy_inputs(struct spm_message *message, uint8_t partition, const psa_invec *in_vec, size_t count)
{
	if (!is_aligned(in_vec) || !spm_may_access(partition, in_vec, count * sizeof *in_vec, false))
		return false;
	for (size_t i = 0; i < count; i++) {
		psa_invec vector = *(const volatile psa_invec *)&in_vec[i];
		if (!spm_may_access(partition, vector.base, vector.len, false))
			return false;
		message->in[i].next = vector.base;
		message->in[i].left = vector.len;
	}
	return true;
}

static bool copy_outputs(struct spm_message *message, uint8_t partition, psa_outvec *out_vec, size_t count)
{
	if (!is_aligned(out_vec) || !spm_may_access(partition, out_vec, count * sizeof *out_vec, true))
		return false;
	for (size_t i = 0; i < count; i++) {
		psa_outvec vector = *(const volatile psa_outvec *)&out_vec[i];
		if (!spm_may_access(partition, vector.base, vector.len, true))
			return false;
		message->out[i].next = vector.base;
		message->out[i].left = vector.len;
		message->out[i].used = 0;
	}
	message->lengths = out_vec;
	return true;
}

/* Ranges were checked: they do not wrap. */
static bool outputs_overlap(const struct spm_message *message)
{
	for (size_t i = 1; i < message->out_count; i++)
		for (size_t j = 0; j < i; j++) {
			uintptr_t a = (uintptr_t)message->out[i].next, b = (uintptr_t)message->out[j].next;
			size_t a_size = message->out[i].left, b_size = message->out[j].left;
			if (a_size > 0 && b_size > 0 && a < b + b_size && b < a + a_size)
				return true;
		}
	return false;
}

static void address(struct spm_message *message, int32_t client_id, uint8_t service, struct spm_connection *connection)
{
	message->client_id = client_id;
	message->connection = connection;
	message->service = service;
	message->partition = spm_table.services[service].partition;
	message->signal = spm_table.services[service].signal;
	message->mapped = message->touched = message->out_count = 0;
	message->orphan = false;
	message->in[0].left = message->in[1].left = message->in[2].left = message->in[3].left = 0;
	message->out[0].left = message->out[1].left = message->out[2].left = message->out[3].left = 0;
}

static enum spm_error find_target(struct spm_message *message, struct spm_caller caller, psa_handle_t handle)
{
	struct spm_connection *connection = NULL;
	uint8_t service = SPM_NO_SERVICE;
	if ((handle & SPM_STATELESS_FLAG) != 0) {
		uint32_t index = (uint32_t)handle & ~(uint32_t)SPM_STATELESS_FLAG;
		if (index <= SPM_SERVICES_MAX)
			service = spm_table.stateless[index];
		if (service == SPM_NO_SERVICE || !spm_may_use(caller.partition, service))
			return SPM_ERROR_HANDLE;
	} else {
		connection = spm_connection_find(caller.client_id, handle);
		if (connection == NULL || connection->dead)
			return SPM_ERROR_HANDLE;
		service = connection->service;
	}
	address(message, caller.client_id, service, connection);
	return SPM_ERROR_NONE;
}

/* An error with a connection that is its own makes that connection useless for ever. */
static psa_status_t refuse(struct spm_message *message, enum spm_error error, enum spm_error *why)
{
	if (error != SPM_ERROR_HANDLE && message->connection != NULL)
		message->connection->dead = true;
	*why = error;
	return PSA_ERROR_PROGRAMMER_ERROR;
}

psa_status_t spm_message_call(struct spm_message *message, struct spm_caller caller, psa_handle_t handle, uint32_t control,
			      const psa_invec *in_vec, psa_outvec *out_vec, enum spm_error *why)
{
	uint32_t type = control >> 16;
	size_t in_len = control >> 4 & MERLON_VENEER_COUNT_INVALID, out_len = control & MERLON_VENEER_COUNT_INVALID;
	enum spm_error error = find_target(message, caller, handle);
	if (error != SPM_ERROR_NONE)
		return refuse(message, error, why);
	if (message->connection != NULL && message->connection->lost)
		return PSA_ERROR_COMMUNICATION_FAILURE;
	if (type > INT16_MAX)
		return refuse(message, SPM_ERROR_TYPE, why);
	if (in_len + out_len > PSA_MAX_IOVEC)
		return refuse(message, SPM_ERROR_VECTORS, why);
	message->out_count = (uint8_t)out_len;
	if ((in_len > 0 && !copy_inputs(message, caller.partition, in_vec, in_len)) ||
	    (out_len > 0 && !copy_outputs(message, caller.partition, out_vec, out_len)) ||
	    (out_len > 1 && outputs_overlap(message)))
		return refuse(message, SPM_ERROR_MEMORY, why);
	message->type = (int32_t)type;
	return PSA_SUCCESS;
}

/* Connect and disconnect are messages without vectors. */
static void tell(struct spm_message *message, struct spm_connection *connection, int32_t type)
{
	address(message, connection->client_id, connection->service, connection);
	message->type = type;
}

void spm_message_disconnect(struct spm_message *message, struct spm_connection *connection)
{
	tell(message, connection, PSA_IPC_DISCONNECT);
}

psa_status_t spm_message_connect(struct spm_message *message, struct spm_caller caller, uint32_t sid, uint32_t version,
				 enum spm_error *why)
{
	uint8_t index = spm_find_sid(sid);
	const struct spm_service *service = index != SPM_NO_SERVICE ? &spm_table.services[index] : NULL;
	*why = SPM_ERROR_SERVICE;
	if (service == NULL || !service->connection_based || !spm_may_use(caller.partition, index) ||
	    (service->strict ? version != service->version : version > service->version))
		return PSA_ERROR_PROGRAMMER_ERROR;
	struct spm_connection *connection = spm_connection_take(caller, index);
	if (connection == NULL)
		return PSA_ERROR_CONNECTION_BUSY;
	tell(message, connection, PSA_IPC_CONNECT);
	return PSA_SUCCESS;
}

psa_status_t spm_message_close(struct spm_message *message, struct spm_caller caller, psa_handle_t handle, enum spm_error *why)
{
	struct spm_connection *connection = spm_connection_find(caller.client_id, handle);
	*why = SPM_ERROR_HANDLE;
	if (handle == PSA_NULL_HANDLE)
		return PSA_ERROR_DOES_NOT_EXIST;
	if (connection == NULL)
		return PSA_ERROR_PROGRAMMER_ERROR;
	if (connection->lost) {
		connection->client_id = 0;
		return PSA_ERROR_DOES_NOT_EXIST;
	}
	spm_message_disconnect(message, connection);
	return PSA_SUCCESS;
}

enum { PLACE_BITS = 8, SEQUENCE_MAX = 0x7fffff };

void spm_message_number(struct spm_message *message, struct spm_thread *client)
{
	uint32_t place = client == &spm.agent ? 1 : client->partition + 2u;
	spm.last_message = spm.last_message < SEQUENCE_MAX ? spm.last_message + 1 : 1;
	message->client = client;
	message->handle = (psa_handle_t)((uint32_t)spm.last_message << PLACE_BITS | place);
}

struct spm_message *spm_message_at(uint32_t place)
{
	if (place == 0)
		return spm.agent_call;
	struct spm_thread *client = place <= spm_table.partition_count ? spm_table.partitions[place - 1].thread : NULL;
	return client != NULL ? &client->message : NULL;
}

struct spm_message *spm_message_find(const struct spm_thread *thread, psa_handle_t handle)
{
	if (thread == &spm.agent)
		return spm.plain != NULL && handle > 0 && spm.plain->handle == handle ? spm.plain : NULL;
	struct spm_message *message = spm_message_at(((uint32_t)handle & ((1u << PLACE_BITS) - 1)) - 1);
	if (message == NULL || message->state != SPM_MESSAGE_SERVED || message->handle != handle)
		return NULL;
	return message->partition == thread->partition ? message : NULL;
}

void spm_message_publish(const struct spm_message *message, psa_msg_t *public)
{
	public->type = message->type;
	public->handle = message->handle;
	public->client_id = message->client_id;
	public->rhandle = message->connection != NULL ? message->connection->rhandle : NULL;
	_Static_assert(PSA_MAX_IOVEC == 4, "the sizes of all vectors");
	public->in_size[0] = message->in[0].left;
	public->in_size[1] = message->in[1].left;
	public->in_size[2] = message->in[2].left;
	public->in_size[3] = message->in[3].left;
	public->out_size[0] = message->out[0].left;
	public->out_size[1] = message->out[1].left;
	public->out_size[2] = message->out[2].left;
	public->out_size[3] = message->out[3].left;
}

bool spm_status_fits(const struct spm_message *message, psa_status_t status)
{
	return message->type != PSA_IPC_CONNECT || status == PSA_SUCCESS || status == PSA_ERROR_CONNECTION_REFUSED ||
	       status == PSA_ERROR_CONNECTION_BUSY;
}

psa_status_t spm_message_conclude(struct spm_message *message, psa_status_t status)
{
	struct spm_connection *connection = message->connection;
	if (message->type == PSA_IPC_CONNECT && status == PSA_SUCCESS)
		return spm_connection_handle(connection);
	if (message->type < 0) {
		connection->client_id = 0;
		return status;
	}
	for (size_t i = 0; i < message->out_count && !message->orphan; i++)
		message->lengths[i].len = message->out[i].used;
	if (status == PSA_ERROR_PROGRAMMER_ERROR && connection != NULL)
		connection->dead = true;
	return status;
}
