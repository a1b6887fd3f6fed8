/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of their own on a simulated machine: IPC and SFN partitions, signals, interrupts, priorities, The test
 * makes each thread's calls itself; what the partition manager would run is what spm_next() says.
 */
#include "threads.h"
#include <string.h>

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
