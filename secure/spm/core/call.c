/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls on the agent: the Non-secure world's, and those of partitions that run on its stack. It runs in thread mode, where others can
 * preempt it; what it shares with them it touches locked.
 */
#include "core.h"

static struct spm_caller agent_caller(int32_t client_id)
{
	struct spm_caller caller = { .client_id = client_id, .partition = SPM_NONSECURE };
	return spm.plain == NULL ? caller : spm_caller_of(&spm.agent);
}

/* Tell a Non-secure caller; end a partition. */
static psa_status_t programmer_error(struct spm_caller caller, enum spm_api api, enum spm_error why)
{
	if (caller.partition != SPM_NONSECURE)
		spm_machine_panic(caller.partition, (uint8_t)api, why);
	return PSA_ERROR_PROGRAMMER_ERROR;
}

static psa_status_t run_plainly(struct spm_message *message)
{
	psa_msg_t public;
	spm_message_number(message, &spm.agent);
	spm_message_publish(message, &public);
	message->next = spm.plain;
	spm.plain = message;
	psa_status_t status = spm_table.services[message->service].function(&public);
	if (!spm_status_fits(message, status))
		spm_machine_panic(message->partition, SPM_API_RETURN, SPM_ERROR_STATUS);
	spm.plain = message->next;
	return spm_message_conclude(message, status);
}

static psa_status_t exchange(struct spm_message *message)
{
	uint32_t state = spm_machine_lock();
	spm_message_number(message, &spm.agent);
	spm.agent_call = message;
	spm_enqueue(message);
	spm_machine_unlock(state);
	spm_machine_agent_wait(&message->state, SPM_MESSAGE_DONE);
	spm.agent_call = NULL;
	return message->result;
}

/* A function whose partition has a thread as well runs on one of both at a time. */
static psa_status_t borrow(struct spm_message *message, struct spm_thread *thread)
{
	uint32_t state = spm_machine_lock();
	bool free = thread->state == SPM_IDLE;
	if (free)
		spm_thread_move(thread, SPM_LEND);
	spm_machine_unlock(state);
	if (!free)
		return exchange(message);
	psa_status_t status = run_plainly(message);
	state = spm_machine_lock();
	spm_thread_move(thread, SPM_REGAIN);
	if (thread->queue != NULL) {
		spm_thread_begin(thread);
		spm_machine_reschedule();
	}
	spm_machine_unlock(state);
	return status;
}

static psa_status_t deliver(struct spm_message *message)
{
	const struct spm_partition *partition = &spm_table.partitions[message->partition];
	if (partition->map != NULL || partition->model == SPM_IPC)
		return exchange(message);
	return partition->thread == NULL ? run_plainly(message) : borrow(message, partition->thread);
}

psa_status_t spm_call(int32_t client_id, psa_handle_t handle, uint32_t control, const psa_invec *in_vec, psa_outvec *out_vec)
{
	struct spm_message message;
	struct spm_caller caller = agent_caller(client_id);
	enum spm_error why = SPM_ERROR_CLIENT;
	psa_status_t status = spm_message_call(&message, caller, handle, control, in_vec, out_vec, &why);
	if (status == PSA_SUCCESS)
		status = deliver(&message);
	return status == PSA_ERROR_PROGRAMMER_ERROR ? programmer_error(caller, SPM_API_CALL, why) : status;
}

psa_handle_t spm_connect(int32_t client_id, uint32_t sid, uint32_t version)
{
	struct spm_message message;
	struct spm_caller caller = agent_caller(client_id);
	enum spm_error why;
	uint32_t state = spm_machine_lock();
	psa_status_t status = spm_message_connect(&message, caller, sid, version, &why);
	spm_machine_unlock(state);
	if (status == PSA_SUCCESS)
		return deliver(&message);
	if (status != PSA_ERROR_PROGRAMMER_ERROR)
		return status;
	(void)programmer_error(caller, SPM_API_CONNECT, why);
	return PSA_ERROR_CONNECTION_REFUSED;
}

void spm_close(int32_t client_id, psa_handle_t handle)
{
	struct spm_message message;
	struct spm_caller caller = agent_caller(client_id);
	enum spm_error why;
	psa_status_t status = spm_message_close(&message, caller, handle, &why);
	if (status == PSA_SUCCESS)
		(void)deliver(&message);
	else if (status == PSA_ERROR_PROGRAMMER_ERROR)
		(void)programmer_error(caller, SPM_API_CLOSE, why);
}
