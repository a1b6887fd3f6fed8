/* SPDX-License-Identifier: Apache-2.0 */
/* What a host program's machine has no need of: all partitions are called plainly, so there is nothing to switch to. */
#include <merlon/spm/machine.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t spm_machine_lock(void)
{
	return 0;
}

void spm_machine_unlock(uint32_t state)
{
	(void)state;
}

/* No partition begins anew. */
bool spm_machine_restarts(void)
{
	return false;
}

/* A table with threads or interrupts is not for this machine. */
static _Noreturn void no_threads(void)
{
	fprintf(stderr, "S: a host program has no threads for partitions\n");
	abort();
}

void spm_machine_report(uint8_t partition, uint8_t api, enum spm_error error)
{
	(void)partition;
	(void)api;
	(void)error;
	no_threads();
}

void spm_machine_reschedule(void)
{
	no_threads();
}

void spm_machine_agent_wait(const volatile uint8_t *state, uint8_t wanted)
{
	(void)state;
	(void)wanted;
	no_threads();
}

void spm_machine_begin(struct spm_thread *thread, void (*function)(void), const psa_msg_t *message)
{
	(void)thread;
	(void)function;
	(void)message;
	no_threads();
}

void spm_machine_answer(struct spm_thread *thread, uintptr_t value)
{
	(void)thread;
	(void)value;
	no_threads();
}

void spm_machine_renew(const struct spm_partition *partition)
{
	(void)partition;
	no_threads();
}

void spm_machine_interrupt(uint16_t number, bool enable)
{
	(void)number;
	(void)enable;
	no_threads();
}
