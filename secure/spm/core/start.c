/* SPDX-License-Identifier: Apache-2.0 */
/* The start of all partitions. */
#include "core.h"
#include <string.h>

/* Highest priority first, in the order of the table; the agent last. */
static void rank_threads(void)
{
	uint32_t rank = 0;
	for (uint8_t priority = SPM_PRIORITY_HIGH; priority <= SPM_PRIORITY_LOW; priority++)
		for (uint8_t i = 0; i < spm_table.partition_count; i++) {
			struct spm_thread *thread = spm_table.partitions[i].thread;
			if (thread == NULL || spm_table.partitions[i].priority != priority)
				continue;
			memset(thread, 0, sizeof *thread);
			thread->partition = i;
			thread->bit = 1u << (31 - rank);
			spm.order[rank++] = thread;
		}
	spm.agent.partition = SPM_NONSECURE;
	spm.agent.state = SPM_READY;
	spm.agent.bit = 1u << (31 - rank);
	spm.order[rank] = &spm.agent;
	spm.ready = spm.agent.bit;
	spm.running = &spm.agent;
}

/* Whoever has a thread cannot use a partition that has none; nor can a partition without one see to an interrupt. */
static bool table_works(void)
{
	for (uint8_t i = 0; i < spm_table.partition_count; i++)
		for (uint8_t j = 0; j < spm_table.service_count; j++)
			if (spm_table.partitions[i].thread != NULL && (spm_table.partitions[i].dependencies >> j & 1) != 0 &&
			    spm_table.partitions[spm_table.services[j].partition].thread == NULL)
				return false;
	for (uint8_t i = 0; i < spm_table.interrupt_count; i++)
		if (spm_table.partitions[spm_table.interrupts[i].partition].thread == NULL)
			return false;
	return true;
}

static psa_status_t init_plainly(uint8_t partition)
{
	/* A message that nobody sent: it says who runs, and its handle names nothing. */
	struct spm_message domain = { .partition = partition, .service = SPM_NO_SERVICE };
	spm.plain = &domain;
	psa_status_t status = spm_table.partitions[partition].init();
	spm.plain = NULL;
	return status;
}

psa_status_t spm_start(void)
{
	psa_status_t status = PSA_SUCCESS;
	rank_threads();
	if (!table_works())
		return PSA_ERROR_GENERIC_ERROR;
	for (uint8_t i = 0; i < spm_table.partition_count && status == PSA_SUCCESS; i++) {
		const struct spm_partition *partition = &spm_table.partitions[i];
		if (partition->memory != NULL)
			spm_machine_renew(partition);
		spm_interrupts_reset(i);
		if (partition->map == NULL && partition->model == SPM_SFN) {
			status = partition->init != NULL ? init_plainly(i) : PSA_SUCCESS;
			continue;
		}
		spm_thread_start(partition->thread);
		if (partition->model == SPM_SFN)
			spm_machine_agent_wait(&partition->thread->state, SPM_IDLE);
		else
			spm_machine_reschedule();
	}
	return status;
}
