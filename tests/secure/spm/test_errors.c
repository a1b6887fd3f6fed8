/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that err: what the partition manager says of each, and what it leaves of them. */
#include "threads.h"
#include <string.h>

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
}

TEST(a_server_that_errs_with_a_message_is_told_apart, CLAIM("spm.panic"), ATTACK)
{
	start();
	struct client_vectors *own = vectors();
	call_from_client(HANDLE_STATELESS, &own->in, 1, &own->out, 1);
	(void)call(server, SPM_API_WAIT, PSA_WAIT_ANY, PSA_POLL, 0, 0);
	uintptr_t good = (uintptr_t)message();
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

TEST(tfmv_7_a_client_cannot_lend_memory_of_others, CLAIM("spm.memory"), ATTACK)
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
