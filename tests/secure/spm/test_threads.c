/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of their own on a simulated machine: IPC and SFN partitions, signals, interrupts, priorities, errors and new beginnings. The test
 * makes each thread's calls itself; what the partition manager would run is what spm_next() says.
 */
#include "machine.h"
#include <merlon/test.h>
#include <merlon/veneer.h>
#include <string.h>

enum { P_PLAIN, P_SERVER, P_FUNCTION, P_CLIENT, PARTITIONS };
enum { ID_PLAIN = 11, ID_SERVER, ID_FUNCTION, ID_CLIENT };
enum { S_STATELESS, S_CONNECTED, S_FUNCTION, S_PLAIN, SERVICES };
enum { SID = 0x100, HANDLE_STATELESS = SPM_STATELESS_FLAG | 1, HANDLE_FUNCTION = SPM_STATELESS_FLAG | 2 };
enum { HANDLE_PLAIN = SPM_STATELESS_FLAG | 3 };
enum { SIGNAL_STATELESS = 1 << 4, SIGNAL_CONNECTED = 1 << 5, SIGNAL_SLIH = 1 << 6, SIGNAL_FLIH = 1 << 7 };
enum { IRQ_SLIH = 9, IRQ_FLIH = 10 };

struct spm spm;
static struct spm_thread threads[PARTITIONS];
static _Alignas(64) uint8_t client_memory[64], server_memory[128], other_memory[64], shared_code[64];

static void entry(void) {}

static psa_flih_result_t first_level(void)
{
	return PSA_FLIH_SIGNAL;
}

/* What happens while a plain call runs. */
static void (*during)(void);

static psa_status_t function(const psa_msg_t *message)
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
static struct spm_region maps[PARTITIONS][SPM_MAP_REGIONS];
static uint32_t renewed[4];
static const struct spm_memory_image memory = { renewed, renewed, renewed + 4, NULL };
static struct spm_partition partitions[] = {
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
static const struct spm_interrupt interrupts[] = {
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

#define server          (&threads[P_SERVER])
#define function_thread (&threads[P_FUNCTION])
#define client          (&threads[P_CLIENT])

static uintptr_t call(struct spm_thread *thread, enum spm_api api, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)
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

/* Everybody runs, and the server and the client wait. */
static void start(void)
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

/* The client runs: its doorbell has rung. */
static void wake_client(void)
{
	(void)call(server, SPM_API_NOTIFY, ID_CLIENT, 0, 0, 0);
	CHECK(machine.answered == client && machine.answer == PSA_DOORBELL);
	CHECK(spm_next() == client);
	(void)call(client, SPM_API_CLEAR, 0, 0, 0, 0);
	CHECK_EQ(client->error, SPM_ERROR_NONE);
}

static psa_msg_t *message(void)
{
	return (psa_msg_t *)(void *)server_memory;
}

/* The server takes the one message of a service. */
static psa_handle_t take(psa_signal_t signal)
{
	CHECK(machine.answered == server || (server->asserted & signal) != 0);
	CHECK_EQ(call(server, SPM_API_GET, signal, (uintptr_t)message(), 0, 0), PSA_SUCCESS);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
	return message()->handle;
}

static void call_from_client(psa_handle_t handle, const psa_invec *in, size_t in_len, psa_outvec *out, size_t out_len)
{
	wake_client();
	(void)call(client, SPM_API_CALL, (uintptr_t)handle, merlon_veneer_pack(7, in_len, out_len), (uintptr_t)in, (uintptr_t)out);
}

/* The client's vectors lie in its memory, as do their bytes. */
struct client_vectors {
	psa_invec in;
	psa_outvec out;
	uint8_t from[8], to[8];
};

static struct client_vectors *vectors(void)
{
	struct client_vectors *own = (struct client_vectors *)(void *)client_memory;
	memset(own, 0, sizeof *own);
	own->in = (psa_invec) { own->from, sizeof own->from };
	own->out = (psa_outvec) { own->to, sizeof own->to };
	memcpy(own->from, "abcdefgh", 8);
	return own;
}

TEST(every_transition_is_in_the_table, CLAIM("spm.threads"), PROPERTY)
{
	/* state, event, next; all others are impossible */
	static const uint8_t allowed[][3] = {
		{ SPM_IDLE, SPM_BEGIN, SPM_READY },   { SPM_IDLE, SPM_LEND, SPM_LENT },       { SPM_IDLE, SPM_END, SPM_DEAD },
		{ SPM_LENT, SPM_REGAIN, SPM_IDLE },   { SPM_READY, SPM_REST, SPM_IDLE },      { SPM_READY, SPM_WAIT, SPM_WAITING },
		{ SPM_READY, SPM_CALL, SPM_CALLING }, { SPM_READY, SPM_END, SPM_DEAD },       { SPM_WAITING, SPM_WAKE, SPM_READY },
		{ SPM_WAITING, SPM_END, SPM_DEAD },   { SPM_CALLING, SPM_ANSWER, SPM_READY }, { SPM_CALLING, SPM_END, SPM_DEAD },
		{ SPM_DEAD, SPM_RESTART, SPM_IDLE },
	};
	size_t found = 0;
	for (uint8_t state = 0; state < SPM_STATE_COUNT; state++)
		for (uint8_t event = 0; event < SPM_EVENT_COUNT; event++) {
			uint8_t expected = SPM_IMPOSSIBLE;
			for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
				if (allowed[i][0] == state && allowed[i][1] == event)
					expected = allowed[i][2];
			CHECK_THAT(spm_transitions[state][event] == expected, "state %u, event %u", state, event);
			found += expected != SPM_IMPOSSIBLE;
		}
	CHECK_EQ(found, sizeof allowed / sizeof allowed[0]);
}

TEST(every_call_belongs_to_those_who_may_make_it, CLAIM("spm.threads"), PROPERTY)
{
	enum { IPC = SPM_CONTEXT_IPC, SFN = SPM_CONTEXT_SFN, INIT = SPM_CONTEXT_INIT, FLIH = SPM_CONTEXT_FIRST_LEVEL };
	enum { OUTSIDE = SPM_CONTEXT_NONSECURE };
	static const uint8_t contexts[SPM_API_COUNT] = {
		[SPM_API_VERSION] = IPC | SFN | INIT | FLIH | OUTSIDE,
		[SPM_API_CONNECT] = IPC | SFN | INIT,
		[SPM_API_CALL] = IPC | SFN | INIT,
		[SPM_API_CLOSE] = IPC | SFN | INIT,
		[SPM_API_WAIT] = IPC,
		[SPM_API_GET] = IPC,
		[SPM_API_READ] = IPC | SFN,
		[SPM_API_SKIP] = IPC | SFN,
		[SPM_API_WRITE] = IPC | SFN,
		[SPM_API_SET_RHANDLE] = IPC | SFN,
		[SPM_API_REPLY] = IPC,
		[SPM_API_NOTIFY] = IPC | SFN | INIT,
		[SPM_API_CLEAR] = IPC,
		[SPM_API_EOI] = IPC,
		[SPM_API_RESET_SIGNAL] = IPC,
		[SPM_API_IRQ_ENABLE] = IPC | SFN | INIT | FLIH,
		[SPM_API_IRQ_DISABLE] = IPC | SFN | INIT | FLIH,
		[SPM_API_PANIC] = IPC | SFN | INIT | FLIH,
		[SPM_API_LIFECYCLE] = IPC | SFN | INIT | FLIH | OUTSIDE,
		[SPM_API_MAP_INVEC] = IPC | SFN,
		[SPM_API_UNMAP_INVEC] = IPC | SFN,
		[SPM_API_MAP_OUTVEC] = IPC | SFN,
		[SPM_API_UNMAP_OUTVEC] = IPC | SFN,
		[SPM_API_RESET] = IPC | SFN | INIT,
		[SPM_API_RETURN] = SFN | INIT,
		[SPM_API_EXIT] = IPC,
		[SPM_API_FIRST_LEVEL] = FLIH,
	};
	for (unsigned i = 0; i < SPM_API_COUNT; i++) {
		CHECK_THAT(spm_calls[i].contexts == contexts[i], "%s: 0x%x", spm_api_name(i), spm_calls[i].contexts);
		CHECK(spm_calls[i].function != NULL && spm_api_name(i)[0] != '\0');
	}
	start();
	CHECK_EQ(call(function_thread, SPM_API_COUNT, 0, 0, 0, 0), 0);
	CHECK_EQ(function_thread->error, SPM_ERROR_CALL);
}

TEST(a_message_passes_between_threads, CLAIM("spm.threads"), FUNCTIONAL)
{
	start();
	struct client_vectors *own = vectors();
	call_from_client(HANDLE_STATELESS, &own->in, 1, &own->out, 1);
	CHECK_EQ(client->state, SPM_CALLING);
	CHECK(spm_next() == server);
	CHECK(machine.answered == server && machine.answer == SIGNAL_STATELESS);
	psa_handle_t handle = take(SIGNAL_STATELESS);
	CHECK_EQ(server->asserted, 0);
	CHECK_EQ(message()->type, 7);
	CHECK_EQ(message()->client_id, ID_CLIENT);
	CHECK_EQ(message()->in_size[0], 8);
	CHECK_EQ(message()->out_size[0], 8);
	CHECK_EQ(message()->in_size[1] + message()->out_size[3], 0);
	uint8_t *buffer = server_memory + sizeof(psa_msg_t);
	CHECK_EQ(call(server, SPM_API_READ, (uintptr_t)handle, 0, (uintptr_t)buffer, 3), 3);
	CHECK_EQ(call(server, SPM_API_SKIP, (uintptr_t)handle, 0, 2, 0), 2);
	CHECK_EQ(call(server, SPM_API_READ, (uintptr_t)handle, 0, (uintptr_t)(buffer + 3), 16), 3);
	CHECK_EQ(call(server, SPM_API_WRITE, (uintptr_t)handle, 0, (uintptr_t)buffer, 6), 0);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
	CHECK_EQ(call(server, SPM_API_REPLY, (uintptr_t)handle, 42, 0, 0), 0);
	CHECK(machine.answered == client && machine.answer == 42);
	CHECK_EQ(own->out.len, 6);
	CHECK(memcmp(own->to, "abcfgh\0\0", 8) == 0);
	CHECK(spm_next() == client); /* at once: it is the more urgent */
	(void)call(server, SPM_API_REPLY, (uintptr_t)handle, 0, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_MESSAGE); /* it is over */
}

static psa_handle_t served;

static void server_answers(void)
{
	CHECK(spm_next() == server);
	psa_handle_t handle = take(spm_table.services[spm.agent_call->service].signal);
	served = handle;
	(void)call(server, SPM_API_REPLY, (uintptr_t)handle, PSA_SUCCESS, 0, 0);
	(void)call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_BLOCK, 0, 0);
}

TEST(the_nonsecure_world_is_served_by_threads, CLAIM("spm.threads"), FUNCTIONAL)
{
	start();
	machine.others = server_answers;
	CHECK_EQ(spm_call(-3, HANDLE_STATELESS, merlon_veneer_pack(7, 0, 0), NULL, NULL), PSA_SUCCESS);
	CHECK_EQ(message()->client_id, -3);
	psa_handle_t handle = spm_connect(-3, SID + 1, 1);
	CHECK(handle > 0);
	CHECK_EQ(message()->type, PSA_IPC_CONNECT);
	CHECK_EQ(spm_call(-2, handle, 0, NULL, NULL), PSA_ERROR_PROGRAMMER_ERROR); /* another client's */
	CHECK_EQ(spm_call(-3, handle, 0, NULL, NULL), PSA_SUCCESS);
	spm_close(-3, handle);
	CHECK_EQ(message()->type, PSA_IPC_DISCONNECT);
	CHECK_EQ(spm_call(-3, handle, 0, NULL, NULL), PSA_ERROR_PROGRAMMER_ERROR);
}

static void function_answers(void)
{
	CHECK(machine.begun == function_thread && machine.has_message);
	CHECK(machine.function == (void (*)(void))function);
	CHECK_EQ(machine.message.type, 9);
	(void)call(function_thread, SPM_API_RETURN, 33, 0, 0, 0);
}

TEST(an_sfn_partition_behind_a_boundary_needs_no_signals, CLAIM("spm.threads"), FUNCTIONAL)
{
	start();
	machine.others = function_answers;
	CHECK_EQ(spm_call(-1, HANDLE_FUNCTION, merlon_veneer_pack(9, 0, 0), NULL, NULL), 33);
	CHECK_EQ(function_thread->state, SPM_IDLE);
	/* Two clients: one after the other. */
	call_from_client(HANDLE_FUNCTION, NULL, 0, NULL, 0);
	CHECK_EQ(function_thread->state, SPM_READY);
	(void)call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_POLL, 0, 0);
	CHECK(spm_next() == function_thread);
	for (enum spm_api api = SPM_API_WAIT; api <= SPM_API_GET; api++) {
		(void)call(function_thread, api, PSA_WAIT_ANY, PSA_BLOCK, 0, 0);
		CHECK_EQ(function_thread->error, SPM_ERROR_CALL);
	}
	(void)call(function_thread, SPM_API_RETURN, 1, 0, 0, 0);
	CHECK(machine.answered == client && machine.answer == 1);
}

static void client_calls_too(void)
{
	unsigned begins = machine.begins;
	CHECK_EQ(threads[P_PLAIN].state, SPM_LENT);
	call_from_client(HANDLE_PLAIN, NULL, 0, NULL, 0);
	CHECK_EQ(machine.begins, begins);
}

TEST(a_partition_with_a_thread_runs_on_one_stack_at_a_time, CLAIM("spm.threads"), ATTACK)
{
	start();
	CHECK_EQ(spm_call(-1, HANDLE_PLAIN, 0, NULL, NULL), PSA_SUCCESS);
	during = client_calls_too;
	unsigned begins = machine.begins;
	CHECK_EQ(spm_call(-1, HANDLE_PLAIN, 0, NULL, NULL), PSA_SUCCESS);
	CHECK(machine.begins == begins + 1 && machine.begun == &threads[P_PLAIN]);
	CHECK_EQ(machine.message.client_id, ID_CLIENT);
	CHECK_EQ(threads[P_PLAIN].state, SPM_READY);
}

TEST(signals_stay_until_they_are_seen_to, CLAIM("spm.signals"), FUNCTIONAL)
{
	start();
	call_from_client(HANDLE_STATELESS, NULL, 0, NULL, 0);
	CHECK_EQ(call(server, SPM_API_WAIT, SIGNAL_CONNECTED | SIGNAL_STATELESS, PSA_POLL, 0, 0), SIGNAL_STATELESS);
	CHECK_EQ(call(server, SPM_API_WAIT, SIGNAL_CONNECTED, PSA_POLL, 0, 0), 0);
	CHECK_EQ(server->state, SPM_READY);
	(void)call(server, SPM_API_NOTIFY, ID_SERVER, 0, 0, 0); /* itself */
	CHECK_EQ(call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_BLOCK, 0, 0), PSA_DOORBELL | SIGNAL_STATELESS);
	(void)call(server, SPM_API_CLEAR, 0, 0, 0, 0);
	CHECK_EQ(call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_BLOCK, 0, 0), SIGNAL_STATELESS);
	(void)take(SIGNAL_STATELESS);
	CHECK_EQ(call(server, SPM_API_WAIT, SIGNAL_CONNECTED, PSA_BLOCK, 0, 0), 0);
	CHECK_EQ(server->state, SPM_WAITING);
	machine.answered = NULL;
	(void)call(function_thread, SPM_API_NOTIFY, ID_SERVER, 0, 0, 0); /* not in the mask */
	CHECK(machine.answered == NULL);
}

TEST(interrupts_reach_their_partition, CLAIM("spm.interrupts"), FUNCTIONAL)
{
	start();
	CHECK(machine.interrupt_on[IRQ_SLIH] && !machine.interrupt_on[IRQ_FLIH]);
	spm.arrived = 1;
	machine.interrupt_on[IRQ_SLIH] = false; /* the machine's handler */
	spm_interrupts_take();
	CHECK(machine.answered == server && machine.answer == SIGNAL_SLIH);
	(void)call(server, SPM_API_IRQ_ENABLE, SIGNAL_SLIH, 0, 0, 0);
	CHECK(!machine.interrupt_on[IRQ_SLIH]); /* not before psa_eoi() */
	CHECK_EQ(call(server, SPM_API_WAIT, SIGNAL_SLIH, PSA_POLL, 0, 0), SIGNAL_SLIH);
	(void)call(server, SPM_API_EOI, SIGNAL_SLIH, 0, 0, 0);
	CHECK(machine.interrupt_on[IRQ_SLIH]);
	CHECK_EQ(call(server, SPM_API_WAIT, SIGNAL_SLIH, PSA_POLL, 0, 0), 0);
	CHECK_EQ(call(server, SPM_API_IRQ_DISABLE, SIGNAL_SLIH, 0, 0, 0), 1);
	CHECK(!machine.interrupt_on[IRQ_SLIH]);
	CHECK_EQ(call(server, SPM_API_IRQ_DISABLE, SIGNAL_SLIH, 0, 0, 0), 0);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
}

TEST(first_level_functions_run_beside_their_thread, CLAIM("spm.interrupts"), FUNCTIONAL)
{
	start();
	CHECK(spm_first_level_begin() == NULL);
	wake_client();
	(void)call(server, SPM_API_IRQ_ENABLE, SIGNAL_FLIH, 0, 0, 0);
	CHECK(machine.interrupt_on[IRQ_FLIH]);
	spm.arrived = 2;
	machine.interrupt_on[IRQ_FLIH] = false;
	spm_interrupts_take();
	const struct spm_interrupt *interrupt = spm_first_level_begin();
	CHECK(interrupt == &interrupts[1] && spm.first_level == server);
	(void)call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_POLL, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_CALL); /* not in a first-level function */
	(void)call(server, SPM_API_IRQ_ENABLE, SIGNAL_FLIH, 0, 0, 0);
	CHECK(!machine.interrupt_on[IRQ_FLIH]); /* not while it runs */
	(void)call(server, SPM_API_FIRST_LEVEL, interrupt->function(), 0, 0, 0);
	CHECK(spm.first_level == NULL && machine.interrupt_on[IRQ_FLIH]);
	CHECK_EQ(call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_POLL, 0, 0), SIGNAL_FLIH);
	(void)call(server, SPM_API_EOI, SIGNAL_FLIH, 0, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_SIGNAL);
	(void)call(server, SPM_API_RESET_SIGNAL, SIGNAL_FLIH, 0, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
	(void)call(server, SPM_API_RESET_SIGNAL, SIGNAL_FLIH, 0, 0, 0);
	CHECK_EQ(server->error, SPM_ERROR_SIGNAL);
}

TEST(a_server_that_errs_is_told_apart, CLAIM("spm.panic"), ATTACK)
{
	start();
	struct client_vectors *own = vectors();
	call_from_client(HANDLE_STATELESS, &own->in, 1, &own->out, 1);
	(void)call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_POLL, 0, 0);
	psa_handle_t stale = 0x101;
	uintptr_t good = (uintptr_t)message();
	const struct {
		enum spm_api api;
		uintptr_t a, b, c, d;
		enum spm_error error;
	} before[] = {
		{ SPM_API_WAIT, 1u << 20, PSA_BLOCK, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_WAIT, 0, PSA_POLL, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_GET, SIGNAL_STATELESS | SIGNAL_CONNECTED, good, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_GET, SIGNAL_CONNECTED, good, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_GET, SIGNAL_SLIH, good, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_GET, 0, good, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_GET, SIGNAL_STATELESS, 0, 0, 0, SPM_ERROR_MEMORY },
		{ SPM_API_GET, SIGNAL_STATELESS, good + 2, 0, 0, SPM_ERROR_MEMORY },
		{ SPM_API_GET, SIGNAL_STATELESS, (uintptr_t)client_memory, 0, 0, SPM_ERROR_MEMORY },
		{ SPM_API_READ, (uintptr_t)stale, 0, good, 1, SPM_ERROR_MESSAGE },
		{ SPM_API_REPLY, (uintptr_t)stale, 0, 0, 0, SPM_ERROR_MESSAGE },
		{ SPM_API_REPLY, 0, 0, 0, 0, SPM_ERROR_MESSAGE },
		{ SPM_API_CLEAR, 0, 0, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_NOTIFY, 999, 0, 0, 0, SPM_ERROR_PARTITION },
		{ SPM_API_NOTIFY, ID_FUNCTION, 0, 0, 0, SPM_ERROR_PARTITION },
		{ SPM_API_EOI, SIGNAL_SLIH, 0, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_EOI, SIGNAL_STATELESS, 0, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_EOI, SIGNAL_SLIH | SIGNAL_FLIH, 0, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_IRQ_ENABLE, SIGNAL_STATELESS, 0, 0, 0, SPM_ERROR_SIGNAL },
		{ SPM_API_PANIC, 0, 0, 0, 0, SPM_ERROR_PANIC },
		{ SPM_API_EXIT, 0, 0, 0, 0, SPM_ERROR_EXIT },
		{ SPM_API_RETURN, 0, 0, 0, 0, SPM_ERROR_CALL },
		{ SPM_API_FIRST_LEVEL, 0, 0, 0, 0, SPM_ERROR_CALL },
		{ SPM_API_CALL, HANDLE_FUNCTION, 0, 0, 0, SPM_ERROR_HANDLE },
		{ SPM_API_CONNECT, SID + 2, 1, 0, 0, SPM_ERROR_SERVICE },
		{ SPM_API_CLOSE, 0x101, 0, 0, 0, SPM_ERROR_HANDLE },
	};
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
		(void)call(server, before[i].api, before[i].a, before[i].b, before[i].c, before[i].d);
		CHECK_THAT(server->error == before[i].error, "%s, row %zu: %u", spm_api_name(before[i].api), i, server->error);
	}
	uintptr_t handle = (uintptr_t)take(SIGNAL_STATELESS);
	const struct {
		enum spm_api api;
		uintptr_t a, b, c, d;
		enum spm_error error;
	} serving[] = {
		{ SPM_API_GET, SIGNAL_STATELESS, good, 0, 0, SPM_ERROR_SIGNAL }, /* twice */
		{ SPM_API_READ, handle, 4, good, 1, SPM_ERROR_INDEX },
		{ SPM_API_READ, handle, 0, (uintptr_t)client_memory, 1, SPM_ERROR_MEMORY },
		{ SPM_API_READ, handle, 0, (uintptr_t)server_memory + sizeof server_memory - 4, 8, SPM_ERROR_MEMORY },
		{ SPM_API_READ, handle, 0, (uintptr_t)server_memory, SIZE_MAX, SPM_ERROR_MEMORY },
		{ SPM_API_SKIP, handle, 4, 1, 0, SPM_ERROR_INDEX },
		{ SPM_API_WRITE, handle, 0, good, 9, SPM_ERROR_OVERRUN },
		{ SPM_API_WRITE, handle, 1, good, 1, SPM_ERROR_OVERRUN },
		{ SPM_API_WRITE, handle, 4, good, 0, SPM_ERROR_INDEX },
		{ SPM_API_WRITE, handle, 0, (uintptr_t)client_memory, 1, SPM_ERROR_MEMORY },
		{ SPM_API_WRITE, handle + 0x100, 0, good, 1, SPM_ERROR_MESSAGE },
		{ SPM_API_SET_RHANDLE, handle, 0, 0, 0, SPM_ERROR_STATELESS },
		{ SPM_API_MAP_INVEC, handle, 0, 0, 0, SPM_ERROR_MESSAGE }, /* the service does not map */
	};
	for (size_t i = 0; i < sizeof serving / sizeof serving[0]; i++) {
		(void)call(server, serving[i].api, serving[i].a, serving[i].b, serving[i].c, serving[i].d);
		CHECK_THAT(server->error == serving[i].error, "%s, row %zu: %u", spm_api_name(serving[i].api), i, server->error);
	}
}

TEST(a_client_cannot_lend_memory_of_others, CLAIM("spm.memory"), ATTACK)
{
	start();
	struct client_vectors *own = vectors();
	psa_invec *in = &own->in;
	psa_outvec *out = &own->out;
	const struct {
		const void *in_base;
		size_t in_size;
		void *out_base;
		size_t out_size;
		bool allowed;
	} rows[] = {
		{ own->from, 8, own->to, 8, true },
		{ shared_code, 8, own->to, 8, true },
		{ NULL, 0, NULL, 0, true },
		{ NULL, 1, own->to, 8, false },
		{ server_memory, 8, own->to, 8, false },
		{ other_memory, 8, own->to, 8, false }, /* the partition manager's alone */
		{ own->from, sizeof client_memory, own->to, 8, false },
		{ own->from, SIZE_MAX, own->to, 8, false },
		{ own->from, 8, server_memory, 1, false },
		{ own->from, 8, shared_code, 1, false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		start();
		(void)vectors();
		*in = (psa_invec) { rows[i].in_base, rows[i].in_size };
		*out = (psa_outvec) { rows[i].out_base, rows[i].out_size };
		call_from_client(HANDLE_STATELESS, in, 1, out, 1);
		CHECK_THAT((client->error == SPM_ERROR_NONE) == rows[i].allowed, "row %zu", i);
		CHECK(client->error == SPM_ERROR_NONE || client->error == SPM_ERROR_MEMORY);
	}
	start();
	call_from_client(HANDLE_STATELESS, (const psa_invec *)(const void *)server_memory, 1, NULL, 0);
	CHECK_EQ(client->error, SPM_ERROR_MEMORY);
	start();
	call_from_client(HANDLE_STATELESS, NULL, 0, (psa_outvec *)(void *)shared_code, 1);
	CHECK_EQ(client->error, SPM_ERROR_MEMORY);
}

static psa_handle_t connect_client(void)
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

TEST(a_partition_that_errs_restarts_the_device, CLAIM("spm.panic"), ATTACK)
{
	start();
	(void)call(server, SPM_API_PANIC, 0, 0, 0, 0);
	CHECK_PANICS(P_SERVER, SPM_ERROR_PANIC, (spm_erred(server), 0));
	machine.restarts = true;
	partitions[P_SERVER].map = NULL; /* privileged: whatever the product says */
	CHECK(!spm_may_restart(server));
	partitions[P_SERVER].map = maps[P_SERVER];
	CHECK(spm_may_restart(server));
	CHECK(!spm_may_restart(&spm.agent));
}

TEST(a_server_begins_anew_and_its_clients_are_answered, CLAIM("spm.restart"), FUNCTIONAL)
{
	start();
	machine.restarts = true;
	psa_handle_t handle = connect_client();
	(void)call(server, SPM_API_WAIT, SIGNAL_SLIH, PSA_BLOCK, 0, 0);
	(void)call(client, SPM_API_CALL, (uintptr_t)handle, 0, 0, 0);
	CHECK_EQ(client->state, SPM_CALLING);
	(void)call(server, SPM_API_PANIC, 0, 0, 0, 0);
	unsigned begins = machine.begins;
	spm_erred(server);
	CHECK_EQ(machine.reports, 1);
	CHECK(machine.answered == client && (psa_status_t)machine.answer == PSA_ERROR_COMMUNICATION_FAILURE);
	CHECK_EQ(server->state, SPM_READY);
	CHECK(machine.begins == begins + 1 && machine.begun == server && machine.renewals > 0);
	CHECK(server->queue == NULL && server->asserted == 0);
	/* The connection is lost, and that is no error of the client's. */
	CHECK_EQ((psa_status_t)call(client, SPM_API_CALL, (uintptr_t)handle, 0, 0, 0), PSA_ERROR_COMMUNICATION_FAILURE);
	CHECK_EQ(client->error, SPM_ERROR_NONE);
	(void)call(client, SPM_API_CLOSE, (uintptr_t)handle, 0, 0, 0);
	CHECK_EQ(client->error, SPM_ERROR_NONE);
	CHECK_EQ(client->state, SPM_READY);
	for (unsigned i = 1; i < SPM_RESTARTS_MAX; i++) {
		CHECK(spm_may_restart(server));
		(void)call(server, SPM_API_PANIC, 0, 0, 0, 0);
		spm_erred(server);
	}
	CHECK(!spm_may_restart(server)); /* it would go on for ever */
}

TEST(a_client_begins_anew_when_services_have_let_go_of_it, CLAIM("spm.restart"), FUNCTIONAL)
{
	start();
	machine.restarts = true;
	(void)connect_client();
	struct client_vectors *own = vectors();
	(void)call(client, SPM_API_CALL, HANDLE_STATELESS, merlon_veneer_pack(0, 1, 1), (uintptr_t)&own->in, (uintptr_t)&own->out);
	uintptr_t handle = (uintptr_t)take(SIGNAL_STATELESS);
	client->error = SPM_ERROR_FAULT; /* in a first-level function, say */
	spm_erred(client);
	CHECK_EQ(client->state, SPM_DEAD);
	CHECK_EQ(call(server, SPM_API_READ, handle, 0, (uintptr_t)(server_memory + 64), 8), 0);
	(void)call(server, SPM_API_WRITE, handle, 0, (uintptr_t)server_memory, 8);
	CHECK_EQ(server->error, SPM_ERROR_NONE);
	CHECK(memcmp(own->to, "\0\0\0\0\0\0\0\0", 8) == 0);
	(void)call(server, SPM_API_REPLY, handle, 0, 0, 0);
	CHECK_EQ(own->out.len, 8); /* untouched */
	CHECK_EQ(client->state, SPM_DEAD);
	handle = (uintptr_t)take(SIGNAL_CONNECTED); /* its connection ends */
	CHECK(message()->type == PSA_IPC_DISCONNECT && message()->rhandle == (void *)77);
	(void)call(server, SPM_API_REPLY, handle, 0, 0, 0);
	CHECK_EQ(client->state, SPM_READY);
	CHECK(machine.begun == client);
	for (size_t i = 0; i < SPM_CONNECTIONS_MAX; i++)
		CHECK_EQ(spm.connections[i].client_id, 0);
}

TEST(only_the_root_of_trust_restarts_the_device, CLAIM("spm.threads"), ATTACK)
{
	const uintptr_t arguments[4] = { 3, 0, 0, 0 };
	start();
	partitions[P_SERVER].type = SPM_APPLICATION_ROT;
	(void)spm_serve(server, SPM_API_RESET, arguments);
	CHECK_EQ(server->error, SPM_ERROR_CALL);
	partitions[P_SERVER].type = SPM_PSA_ROT;
	CHECK_PANICS(SPM_NONSECURE, SPM_ERROR_NONE, spm_serve(server, SPM_API_RESET, arguments));
	CHECK_EQ(machine.resets, 1);
}

TEST(a_service_may_call_its_client_a_liar, CLAIM("spm.panic"), FUNCTIONAL)
{
	start();
	call_from_client(HANDLE_STATELESS, NULL, 0, NULL, 0);
	uintptr_t handle = (uintptr_t)take(SIGNAL_STATELESS);
	const uintptr_t arguments[4] = { handle, (uintptr_t)PSA_ERROR_PROGRAMMER_ERROR, 0, 0 };
	CHECK_PANICS(P_CLIENT, SPM_ERROR_CLIENT, spm_serve(server, SPM_API_REPLY, arguments));
}
