/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a partition, and its new beginning where the product wants one. Its clients get an answer, its connections are lost, its own
 * services learn that it is gone; it begins anew when nobody holds a message of it any more.
 */
#include "core.h"

bool spm_may_restart(const struct spm_thread *thread)
{
	const struct spm_partition *partition = thread != &spm.agent ? &spm_table.partitions[thread->partition] : NULL;
	return partition != NULL && partition->map != NULL && partition->memory != NULL && thread->restarts < SPM_RESTARTS_MAX &&
	       spm_machine_restarts();
}

static void answer_clients(uint8_t partition)
{
	for (uint32_t place = 0; place <= spm_table.partition_count; place++) {
		struct spm_message *message = spm_message_at(place);
		if (message == NULL || message->partition != partition ||
		    (message->state != SPM_MESSAGE_QUEUED && message->state != SPM_MESSAGE_SERVED))
			continue;
		spm_finish(message, message->type < 0 ? PSA_ERROR_CONNECTION_REFUSED : PSA_ERROR_COMMUNICATION_FAILURE);
	}
}

static void lose_connections(uint8_t partition)
{
	for (size_t i = 0; i < SPM_CONNECTIONS_MAX; i++)
		if (spm.connections[i].client_id != 0 && spm_table.services[spm.connections[i].service].partition == partition)
			spm.connections[i].lost = true;
}

/* Its own call: out of the queue, or, where a service has it already, without memory behind it. */
static void leave_call(struct spm_message *message)
{
	if (message->state == SPM_MESSAGE_QUEUED) {
		spm_dequeue(message);
		message->state = SPM_MESSAGE_FREE;
		if (message->type == PSA_IPC_CONNECT)
			message->connection->client_id = 0;
	}
	message->orphan = true;
	for (size_t i = 0; i < PSA_MAX_IOVEC; i++)
		message->in[i].left = 0;
}

void spm_bury(struct spm_thread *thread)
{
	const struct spm_partition *partition = &spm_table.partitions[thread->partition];
	for (size_t i = 0; i < SPM_CONNECTIONS_MAX; i++) {
		struct spm_connection *connection = &spm.connections[i];
		if (connection->client_id != partition->id)
			continue;
		if (!connection->lost) {
			spm_message_disconnect(&thread->message, connection);
			spm_message_number(&thread->message, thread);
			spm_enqueue(&thread->message);
			return; /* goes on in spm_finish() */
		}
		connection->client_id = 0;
	}
	spm_machine_renew(partition);
	spm_thread_move(thread, SPM_RESTART);
	spm_thread_start(thread);
}

static void end(struct spm_thread *thread)
{
	spm_thread_move(thread, SPM_END);
	if (spm.first_level == thread)
		spm.first_level = NULL;
	thread->asserted = 0;
	thread->error = SPM_ERROR_NONE;
	thread->restarts++;
	thread->serving = NULL;
	answer_clients(thread->partition);
	thread->queue = NULL;
	lose_connections(thread->partition);
	spm_interrupts_reset(thread->partition);
	leave_call(&thread->message);
	if (thread->message.state == SPM_MESSAGE_FREE)
		spm_bury(thread);
}

void spm_erred(struct spm_thread *thread)
{
	if (!spm_may_restart(thread))
		spm_machine_panic(spm_caller_of(thread).partition, thread->api, (enum spm_error)thread->error);
	spm_machine_report(thread->partition, thread->api, (enum spm_error)thread->error);
	end(thread);
}
