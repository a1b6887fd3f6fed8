/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine of a host program: one address space, in which the program itself is the Non-secure client. All partitions are called
 * plainly, so there is nothing to switch to.
 */
#include <merlon/spm/machine.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_range(const void *base, size_t size)
{
	return size == 0 || (base != NULL && size - 1 <= UINTPTR_MAX - (uintptr_t)base);
}

bool spm_machine_may_read(const void *base, size_t size)
{
	return is_range(base, size);
}

bool spm_machine_may_write(const void *base, size_t size)
{
	return is_range(base, size);
}

uint32_t spm_machine_lock(void)
{
	return 0;
}

void spm_machine_unlock(uint32_t state)
{
	(void)state;
}

void spm_machine_report(uint8_t partition, uint8_t api, enum spm_error error)
{
	fprintf(stderr, "S: panic in %s: %s: %s\n",
		partition != SPM_NONSECURE ? spm_table.partitions[partition].name : "the partition manager", spm_api_name(api),
		spm_error_text(error));
}

_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	spm_machine_report(partition, api, error);
	abort();
}

bool spm_machine_restarts(void)
{
	return false;
}

_Noreturn void spm_machine_reset(uint32_t cause)
{
	fprintf(stderr, "S: restart, cause %u\n", (unsigned)cause);
	abort();
}

/* A table with threads or interrupts is not for this machine. */
static _Noreturn void no_threads(void)
{
	fprintf(stderr, "S: a host program has no threads for partitions\n");
	abort();
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
