/* SPDX-License-Identifier: Apache-2.0 */
/* Services, versions, connections. */
#include "core.h"
#include <string.h>

/* Handle of a connection: generation above, place + 1 below; never 0, never with SPM_STATELESS_FLAG. */
enum { PLACE_BITS = 8, GENERATION_MAX = 0x3fff };

bool spm_may_use(const struct spm_message *caller, uint8_t index)
{
	const struct spm_service *service = &spm_table.services[index];
	if (caller == NULL)
		return service->nonsecure;
	return service->partition != caller->partition && (spm_table.partitions[caller->partition].dependencies >> index & 1) != 0;
}

const char *spm_partition_name(int32_t id)
{
	for (uint8_t i = 0; i < spm_table.partition_count; i++)
		if (spm_table.partitions[i].id == id)
			return spm_table.partitions[i].name;
	return "the partition manager";
}

static uint8_t find_sid(uint32_t sid)
{
	for (uint8_t i = 0; i < spm_table.service_count; i++)
		if (spm_table.services[i].sid == sid)
			return i;
	return SPM_NO_SERVICE;
}

uint32_t spm_version(const struct spm_message *caller, uint32_t sid)
{
	uint8_t index = find_sid(sid);
	return index != SPM_NO_SERVICE && spm_may_use(caller, index) ? spm_table.services[index].version : PSA_VERSION_NONE;
}

struct spm_connection *spm_connection_find(int32_t client_id, psa_handle_t handle)
{
	uint32_t place = ((uint32_t)handle & ((1u << PLACE_BITS) - 1)) - 1, generation = (uint32_t)handle >> PLACE_BITS;
	if (place >= SPM_CONNECTIONS_MAX)
		return NULL;
	struct spm_connection *connection = &spm.connections[place];
	bool same = connection->service != NULL && connection->generation == generation && connection->client_id == client_id;
	return same ? connection : NULL;
}

static struct spm_connection *take_free(void)
{
	for (size_t i = 0; i < SPM_CONNECTIONS_MAX; i++)
		if (spm.connections[i].service == NULL)
			return &spm.connections[i];
	return NULL;
}

/* Connect and disconnect are messages without vectors. */
static psa_status_t notify_service(struct spm_connection *connection, struct spm_message *caller, int32_t type)
{
	struct spm_message message;
	memset(&message, 0, sizeof message);
	message.public.type = type;
	message.public.client_id = connection->client_id;
	message.connection = connection;
	return spm_serve(&message, caller, connection->service);
}

psa_handle_t spm_connect(struct spm_message *caller, int32_t client_id, uint32_t sid, uint32_t version)
{
	uint8_t index = find_sid(sid);
	const struct spm_service *service = index != SPM_NO_SERVICE ? &spm_table.services[index] : NULL;
	if (service == NULL || !service->connection_based || !spm_may_use(caller, index) ||
	    (service->strict ? version != service->version : version > service->version)) {
		(void)spm_programmer_error(caller, "psa_connect: no such service or version");
		return PSA_ERROR_CONNECTION_REFUSED;
	}
	struct spm_connection *connection = take_free();
	if (connection == NULL)
		return PSA_ERROR_CONNECTION_BUSY;
	uint16_t generation = (uint16_t)(connection->generation < GENERATION_MAX ? connection->generation + 1 : 1);
	*connection = (struct spm_connection) { .service = service, .client_id = client_id, .generation = generation };
	psa_status_t status = notify_service(connection, caller, PSA_IPC_CONNECT);
	if (status == PSA_SUCCESS)
		return (psa_handle_t)((uint32_t)generation << PLACE_BITS | (uint32_t)(connection - spm.connections + 1));
	connection->service = NULL;
	return status == PSA_ERROR_CONNECTION_BUSY ? status : PSA_ERROR_CONNECTION_REFUSED;
}

void spm_close(struct spm_message *caller, int32_t client_id, psa_handle_t handle)
{
	if (handle == PSA_NULL_HANDLE)
		return;
	struct spm_connection *connection = spm_connection_find(client_id, handle);
	if (connection == NULL || connection->busy) {
		(void)spm_programmer_error(caller, "psa_close: no such handle");
		return;
	}
	(void)notify_service(connection, caller, PSA_IPC_DISCONNECT);
	connection->service = NULL;
}
