/* SPDX-License-Identifier: Apache-2.0 */
/* The pool of connections. */
#include "core.h"

/* Handle of a connection: generation above, place + 1 below; never 0, never with SPM_STATELESS_FLAG. */
enum { PLACE_BITS = 8, GENERATION_MAX = 0x3fff };

/* So many places are kept for Secure clients: the Non-secure world cannot use them up. */
enum { SECURE_ONLY = 2 };

psa_handle_t spm_connection_handle(const struct spm_connection *connection)
{
	return (psa_handle_t)((uint32_t)connection->generation << PLACE_BITS | (uint32_t)(connection - spm.connections + 1));
}

struct spm_connection *spm_connection_find(int32_t client_id, psa_handle_t handle)
{
	uint32_t place = ((uint32_t)handle & ((1u << PLACE_BITS) - 1)) - 1, generation = (uint32_t)handle >> PLACE_BITS;
	if (place >= SPM_CONNECTIONS_MAX)
		return NULL;
	struct spm_connection *connection = &spm.connections[place];
	bool same = connection->generation == generation && connection->client_id == client_id;
	return same ? connection : NULL;
}

struct spm_connection *spm_connection_take(struct spm_caller caller, uint8_t service)
{
	size_t count = SPM_CONNECTIONS_MAX - (caller.partition == SPM_NONSECURE ? SECURE_ONLY : 0);
	for (size_t i = 0; i < count; i++)
		if (spm.connections[i].client_id == 0) {
			struct spm_connection *connection = &spm.connections[i];
			uint16_t generation = connection->generation;
			generation = (uint16_t)(generation < GENERATION_MAX ? generation + 1 : 1);
			*connection = (struct spm_connection) { .client_id = caller.client_id,
								.generation = generation,
								.service = service };
			return connection;
		}
	return NULL;
}
