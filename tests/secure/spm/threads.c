/* SPDX-License-Identifier: Apache-2.0 */
#include "threads.h"
#include <string.h>

struct spm spm;
struct spm_thread threads[PARTITIONS];
_Alignas(64) uint8_t client_memory[64];
_Alignas(64) uint8_t server_memory[128];
_Alignas(64) uint8_t other_memory[64];
_Alignas(64) uint8_t shared_code[64];

static void entry(void) {}

static psa_flih_result_t first_level(void)
{
	return PSA_FLIH_SIGNAL;
}

void (*during)(void);

psa_status_t function(const psa_msg_t *message)
{
	(void)message;
	if (during != NULL)
		during();
	return PSA_SUCCESS;
}

static psa_status_t init(void)
{
	return PSA_SUCCESS;
}

/* Addresses on the host have 64 bits: the maps are filled at the start. */
struct spm_region maps[PARTITIONS][SPM_MAP_REGIONS];
static uint32_t renewed[4];
static const struct spm_memory_image memory = { renewed, renewed, renewed + 4, NULL };
struct spm_partition partitions[] = {
	[P_PLAIN] = { .name = "PLAIN", .id = ID_PLAIN, .thread = &threads[P_PLAIN], .priority = SPM_PRIORITY_LOW },
	[P_SERVER] = { .name = "SERVER",
		       .id = ID_SERVER,
		       .thread = &threads[P_SERVER],
		       .entry = entry,
		       .model = SPM_IPC,
		       .signals = SIGNAL_STATELESS | SIGNAL_CONNECTED | SIGNAL_SLIH | SIGNAL_FLIH,
		       .map = maps[P_SERVER],
		       .memory = &memory,
		       .priority = SPM_PRIORITY_NORMAL },
	[P_FUNCTION] = { .name = "FUNCTION",
			 .id = ID_FUNCTION,
			 .thread = &threads[P_FUNCTION],
			 .init = init,
			 .map = maps[P_FUNCTION],
			 .memory = &memory,
			 .dependencies = 1u << S_STATELESS,
			 .priority = SPM_PRIORITY_LOW },
	[P_CLIENT] = { .name = "CLIENT",
		       .id = ID_CLIENT,
		       .thread = &threads[P_CLIENT],
		       .entry = entry,
		       .model = SPM_IPC,
		       .dependencies = 1u << S_STATELESS | 1u << S_CONNECTED | 1u << S_FUNCTION | 1u << S_PLAIN,
		       .map = maps[P_CLIENT],
		       .memory = &memory,
		       .priority = SPM_PRIORITY_HIGH },
};
static const struct spm_service services[] = {
	[S_STATELESS] = { .sid = SID,
			  .version = 1,
			  .signal = SIGNAL_STATELESS,
			  .partition = P_SERVER,
			  .strict = true,
			  .nonsecure = true },
	[S_CONNECTED] = { .sid = SID + 1,
			  .version = 1,
			  .signal = SIGNAL_CONNECTED,
			  .partition = P_SERVER,
			  .strict = true,
			  .connection_based = true,
			  .nonsecure = true },
	[S_FUNCTION] = { .function = function,
			 .sid = SID + 2,
			 .version = 1,
			 .partition = P_FUNCTION,
			 .strict = true,
			 .nonsecure = true },
	[S_PLAIN] = { .function = function, .sid = SID + 3, .version = 1, .partition = P_PLAIN, .strict = true, .nonsecure = true },
};
const struct spm_interrupt interrupts[] = {
	{ .signal = SIGNAL_SLIH, .number = IRQ_SLIH, .partition = P_SERVER, .enabled = true },
	{ .function = first_level, .signal = SIGNAL_FLIH, .number = IRQ_FLIH, .partition = P_SERVER },
};
static const uint8_t stateless[SPM_SERVICES_MAX + 1] = {
	0xff, S_STATELESS, S_FUNCTION, S_PLAIN, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff,        0xff,       0xff,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
const struct spm_table spm_table = { .partitions = partitions,
				     .services = services,
				     .interrupts = interrupts,
				     .stateless = stateless,
				     .partition_count = PARTITIONS,
				     .service_count = SERVICES,
				     .interrupt_count = 2 };

uintptr_t call(struct spm_thread *thread, enum spm_api api, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)
{
	const uintptr_t arguments[4] = { a, b, c, d };
	return spm_serve(thread, api, arguments);
}

static void init_returns(void)
{
	(void)call(function_thread, SPM_API_RETURN, PSA_SUCCESS, 0, 0, 0);
}

static void region(struct spm_region *at, const void *base, size_t size, uint32_t access)
{
	*at = (struct spm_region)SPM_REGION(base, (const uint8_t *)base + size, access);
}

void start(void)
{
	memset(&spm, 0, sizeof spm);
	memset(&machine, 0, sizeof machine);
	memset(maps, 0, sizeof maps);
	during = NULL;
	region(&maps[P_CLIENT][0], client_memory, sizeof client_memory, SPM_REGION_DATA);
	region(&maps[P_CLIENT][1], shared_code, sizeof shared_code, SPM_REGION_CODE);
	region(&maps[P_CLIENT][2], other_memory, sizeof other_memory, SPM_REGION_PRIVILEGED_DATA);
	region(&maps[P_SERVER][0], server_memory, sizeof server_memory, SPM_REGION_DATA);
	region(&maps[P_FUNCTION][0], other_memory, sizeof other_memory, SPM_REGION_DATA);
	machine.others = init_returns;
	CHECK_EQ(spm_start(), PSA_SUCCESS);
	machine.others = NULL;
	CHECK(spm_next() == client); /* the highest */
	CHECK_EQ(call(client, SPM_API_WAIT, PSA_WAIT_ANY, PSA_BLOCK, 0, 0), 0);
	CHECK(spm_next() == server);
	CHECK_EQ(call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_BLOCK, 0, 0), 0);
	CHECK(spm_next() == &spm.agent);
	CHECK_EQ(function_thread->state, SPM_IDLE);
}

void wake_client(void)
{
	(void)call(server, SPM_API_NOTIFY, ID_CLIENT, 0, 0, 0);
	CHECK(machine.answered == client && machine.answer == PSA_DOORBELL);
	CHECK(spm_next() == client);
	(void)call(client, SPM_API_CLEAR, 0, 0, 0, 0);
	CHECK_EQ(client->error, SPM_ERROR_NONE);
}

psa_msg_t *message(void)
{
	return (psa_msg_t *)(void *)server_memory;
}

psa_handle_t take(psa_signal_t signal)
{
	CHECK(machine.answered == server || (server->asserted & signal) != 0);
	CHECK_EQ(call(server, SPM_API_GET, signal, (uintptr_t)message(), 0, 0), PSA_SUCCESS);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
	return message()->handle;
}

void call_from_client(psa_handle_t handle, const psa_invec *in, size_t in_len, psa_outvec *out, size_t out_len)
{
	wake_client();
	(void)call(client, SPM_API_CALL, (uintptr_t)handle, merlon_veneer_pack(7, in_len, out_len), (uintptr_t)in, (uintptr_t)out);
}

struct client_vectors *vectors(void)
{
	struct client_vectors *own = (struct client_vectors *)(void *)client_memory;
	memset(own, 0, sizeof *own);
	own->in = (psa_invec) { own->from, sizeof own->from };
	own->out = (psa_outvec) { own->to, sizeof own->to };
	memcpy(own->from, "abcdefgh", 8);
	return own;
}

psa_handle_t connect_client(void)
{
	wake_client();
	(void)call(client, SPM_API_CONNECT, SID + 1, 1, 0, 0);
	psa_handle_t handle = take(SIGNAL_CONNECTED);
	CHECK_EQ(message()->type, PSA_IPC_CONNECT);
	(void)call(server, SPM_API_READ, (uintptr_t)handle, 0, (uintptr_t)message(), 0);
	CHECK_EQ(server->error, SPM_ERROR_MESSAGE); /* a connect has no vectors */
	(void)call(server, SPM_API_REPLY, (uintptr_t)handle, 5, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_STATUS);
	(void)call(server, SPM_API_SET_RHANDLE, (uintptr_t)handle, 77, 0, 0);
	(void)call(server, SPM_API_REPLY, (uintptr_t)handle, PSA_SUCCESS, 0, 0);
	CHECK(machine.answered == client && (psa_handle_t)machine.answer > 0);
	return (psa_handle_t)machine.answer;
}
