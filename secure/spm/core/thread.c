/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: what they do next, their queues, signals, and the calls that change either. */
#include "core.h"

#define NO SPM_IMPOSSIBLE
const uint8_t spm_transitions[SPM_STATE_COUNT][SPM_EVENT_COUNT] = {
	/*                  BEGIN      REST      LEND      REGAIN    WAIT         WAKE       CALL         ANSWER     END       RESTART */
	[SPM_IDLE] = { SPM_READY, NO, SPM_LENT, NO, NO, NO, NO, NO, SPM_DEAD, NO },
	[SPM_LENT] = { NO, NO, NO, SPM_IDLE, NO, NO, NO, NO, NO, NO },
	[SPM_READY] = { NO, SPM_IDLE, NO, NO, SPM_WAITING, NO, SPM_CALLING, NO, SPM_DEAD, NO },
	[SPM_WAITING] = { NO, NO, NO, NO, NO, SPM_READY, NO, NO, SPM_DEAD, NO },
	[SPM_CALLING] = { NO, NO, NO, NO, NO, NO, NO, SPM_READY, SPM_DEAD, NO },
	[SPM_DEAD] = { NO, NO, NO, NO, NO, NO, NO, NO, NO, SPM_IDLE },
};
#undef NO

void spm_thread_move(struct spm_thread *thread, enum spm_event event)
{
	thread->state = spm_transitions[thread->state][event];
	if (thread->state == SPM_IMPOSSIBLE)
		spm_machine_panic(SPM_NONSECURE, thread->api, SPM_ERROR_CALL);
	if (thread->state == SPM_READY)
		spm.ready |= thread->bit;
	else
		spm.ready &= ~thread->bit;
}

uintptr_t spm_error(struct spm_thread *thread, enum spm_error error)
{
	thread->error = (uint8_t)error;
	return 0;
}

struct spm_caller spm_caller_of(const struct spm_thread *thread)
{
	uint8_t partition = spm_partition_of(thread);
	int32_t id = partition != SPM_NONSECURE ? spm_table.partitions[partition].id : SPM_CLIENT_NONSECURE;
	return (struct spm_caller) { .client_id = id, .partition = partition };
}

void spm_signal(struct spm_thread *thread, psa_signal_t signals)
{
	thread->asserted |= signals;
	if (thread->state != SPM_WAITING || (thread->asserted & thread->mask) == 0)
		return;
	spm_thread_move(thread, SPM_WAKE);
	spm_machine_answer(thread, thread->asserted & thread->mask);
}

/* An SFN thread runs the function of the oldest message. */
void spm_thread_begin(struct spm_thread *thread)
{
	struct spm_message *message = thread->queue;
	psa_msg_t public;
	thread->queue = message->next;
	thread->serving = message;
	thread->context_kind = SPM_CONTEXT_SFN;
	message->state = SPM_MESSAGE_SERVED;
	spm_message_publish(message, &public);
	spm_machine_begin(thread, (void (*)(void))spm_table.services[message->service].function, &public);
	if (thread->state == SPM_IDLE)
		spm_thread_move(thread, SPM_BEGIN);
}

void spm_thread_start(struct spm_thread *thread)
{
	const struct spm_partition *partition = &spm_table.partitions[thread->partition];
	bool ipc = partition->model == SPM_IPC;
	if (!ipc && partition->init == NULL)
		return;
	thread->context_kind = ipc ? SPM_CONTEXT_IPC : SPM_CONTEXT_INIT;
	spm_machine_begin(thread, ipc ? partition->entry : (void (*)(void))partition->init, NULL);
	spm_thread_move(thread, SPM_BEGIN);
}

void spm_enqueue(struct spm_message *message)
{
	struct spm_thread *thread = spm_table.partitions[message->partition].thread;
	struct spm_message **end = &thread->queue;
	while (*end != NULL)
		end = &(*end)->next;
	*end = message;
	message->next = NULL;
	message->state = SPM_MESSAGE_QUEUED;
	spm_signal(thread, message->signal);
	if (thread->state == SPM_IDLE)
		spm_thread_begin(thread);
}

/* Take it out of its queue. The signal of the service stays as long as another message for it waits. */
void spm_dequeue(struct spm_message *message)
{
	struct spm_thread *thread = spm_table.partitions[message->partition].thread;
	psa_signal_t others = 0;
	for (struct spm_message **at = &thread->queue; *at != NULL;) {
		if (*at == message) {
			*at = message->next;
			continue;
		}
		others |= (*at)->signal;
		at = &(*at)->next;
	}
	thread->asserted &= ~message->signal | others;
}

void spm_send(struct spm_thread *client)
{
	spm_message_number(&client->message, client);
	spm_thread_move(client, SPM_CALL);
	spm_enqueue(&client->message);
}

void spm_finish(struct spm_message *message, psa_status_t status)
{
	struct spm_thread *client = message->client;
	message->result = spm_message_conclude(message, status);
	message->state = SPM_MESSAGE_DONE;
	if (client == &spm.agent)
		return; /* looks at the state */
	message->state = SPM_MESSAGE_FREE;
	if (client->state == SPM_DEAD) {
		spm_bury(client);
		return;
	}
	spm_thread_move(client, SPM_ANSWER);
	spm_machine_answer(client, (uintptr_t)(intptr_t)message->result);
	if (message->type >= 0 && status == PSA_ERROR_PROGRAMMER_ERROR) {
		client->error = SPM_ERROR_CLIENT;
		spm_erred(client);
	}
}

/* The three calls of a client: the answer comes later, except where nothing is sent. */
static uintptr_t sent(struct spm_thread *thread, psa_status_t status, enum spm_error why)
{
	if (status == PSA_ERROR_PROGRAMMER_ERROR)
		return spm_error(thread, why);
	if (status != PSA_SUCCESS)
		return (uintptr_t)(intptr_t)status;
	spm_send(thread);
	return 0;
}

uintptr_t spm_serve_call(struct spm_thread *thread, const uintptr_t arguments[4])
{
	enum spm_error why = SPM_ERROR_NONE;
	psa_status_t status =
		spm_message_call(&thread->message, spm_caller_of(thread), (psa_handle_t)arguments[0], (uint32_t)arguments[1],
				 (const psa_invec *)arguments[2], (psa_outvec *)arguments[3], &why);
	return sent(thread, status, why);
}

uintptr_t spm_serve_connect(struct spm_thread *thread, const uintptr_t arguments[4])
{
	enum spm_error why = SPM_ERROR_NONE;
	psa_status_t status =
		spm_message_connect(&thread->message, spm_caller_of(thread), (uint32_t)arguments[0], (uint32_t)arguments[1], &why);
	return sent(thread, status, why);
}

uintptr_t spm_serve_close(struct spm_thread *thread, const uintptr_t arguments[4])
{
	enum spm_error why = SPM_ERROR_NONE;
	psa_status_t status = spm_message_close(&thread->message, spm_caller_of(thread), (psa_handle_t)arguments[0], &why);
	return sent(thread, status, why);
}

uintptr_t spm_serve_wait(struct spm_thread *thread, const uintptr_t arguments[4])
{
	psa_signal_t own = spm_table.partitions[thread->partition].signals | PSA_DOORBELL, mask = (psa_signal_t)arguments[0] & own;
	if (mask == 0)
		return spm_error(thread, SPM_ERROR_SIGNAL);
	if ((thread->asserted & mask) == 0 && (arguments[1] & PSA_BLOCK) != 0) {
		thread->mask = mask;
		spm_thread_move(thread, SPM_WAIT);
	}
	return thread->asserted & mask;
}

uintptr_t spm_serve_get(struct spm_thread *thread, const uintptr_t arguments[4])
{
	psa_signal_t signal = (psa_signal_t)arguments[0];
	psa_msg_t *public = (psa_msg_t *)arguments[1];
	struct spm_message *message = thread->queue;
	while (message != NULL && message->signal != signal)
		message = message->next;
	if (message == NULL)
		return spm_error(thread, SPM_ERROR_SIGNAL);
	if ((uintptr_t) public % sizeof(uint32_t) != 0 || !spm_may_access(thread->partition, public, sizeof *public, true))
		return spm_error(thread, SPM_ERROR_MEMORY);
	spm_dequeue(message);
	message->state = SPM_MESSAGE_SERVED;
	spm_message_publish(message, public);
	return (uintptr_t)PSA_SUCCESS;
}

uintptr_t spm_serve_reply(struct spm_thread *thread, const uintptr_t arguments[4])
{
	struct spm_message *message = spm_message_find(thread, (psa_handle_t)arguments[0]);
	psa_status_t status = (psa_status_t)arguments[1];
	if (message == NULL)
		return spm_error(thread, SPM_ERROR_MESSAGE);
	if (!spm_status_fits(message, status))
		return spm_error(thread, SPM_ERROR_STATUS);
	spm_finish(message, status);
	return 0;
}

/* The function of an SFN partition, or its init, has returned. */
uintptr_t spm_serve_return(struct spm_thread *thread, const uintptr_t arguments[4])
{
	psa_status_t status = (psa_status_t)arguments[0];
	struct spm_message *message = thread->serving;
	if (message == NULL && status != PSA_SUCCESS)
		return spm_error(thread, SPM_ERROR_INIT);
	if (message != NULL && !spm_status_fits(message, status))
		return spm_error(thread, SPM_ERROR_STATUS);
	thread->serving = NULL;
	if (message != NULL)
		spm_finish(message, status);
	if (thread->queue != NULL)
		spm_thread_begin(thread);
	else
		spm_thread_move(thread, SPM_REST);
	return 0;
}

uintptr_t spm_serve_notify(struct spm_thread *thread, const uintptr_t arguments[4])
{
	for (uint8_t i = 0; i < spm_table.partition_count; i++)
		if (spm_table.partitions[i].id == (int32_t)arguments[0] && spm_table.partitions[i].model == SPM_IPC) {
			spm_signal(spm_table.partitions[i].thread, PSA_DOORBELL);
			return 0;
		}
	return spm_error(thread, SPM_ERROR_PARTITION);
}

uintptr_t spm_serve_clear(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	if ((thread->asserted & PSA_DOORBELL) == 0)
		return spm_error(thread, SPM_ERROR_SIGNAL);
	thread->asserted &= ~PSA_DOORBELL;
	return 0;
}
