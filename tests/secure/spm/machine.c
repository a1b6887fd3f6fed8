/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

struct machine machine;
uint8_t machine_memory[3 * MACHINE_RANGE];

static bool touches(const void *base, size_t size, const uint8_t *range)
{
	uintptr_t a = (uintptr_t)base, b = (uintptr_t)range;
	return size > 0 && a < b + MACHINE_RANGE && b < a + size;
}

bool spm_machine_may_read(const void *base, size_t size)
{
	return !touches(base, size, machine_forbidden);
}

bool spm_machine_may_write(const void *base, size_t size)
{
	return spm_machine_may_read(base, size) && !touches(base, size, machine_constant);
}

uint32_t spm_machine_lock(void)
{
	return 0;
}

void spm_machine_unlock(uint32_t state)
{
	(void)state;
}

void spm_machine_reschedule(void)
{
	machine.reschedules++;
}

void spm_machine_agent_wait(const volatile uint8_t *state, uint8_t wanted)
{
	if (*state != wanted && machine.others != NULL)
		machine.others();
	if (*state != wanted)
		spm_machine_panic(SPM_NONSECURE, SPM_API_COUNT, SPM_ERROR_NONE); /* a device would sleep for ever */
}

void spm_machine_begin(struct spm_thread *thread, void (*function)(void), const psa_msg_t *message)
{
	machine.begins++;
	machine.begun = thread;
	machine.function = function;
	machine.has_message = message != NULL;
	if (message != NULL)
		machine.message = *message;
}

void spm_machine_answer(struct spm_thread *thread, uintptr_t value)
{
	machine.answered = thread;
	machine.answer = value;
}

void spm_machine_renew(const struct spm_partition *partition)
{
	(void)partition;
	machine.renewals++;
}

void spm_machine_interrupt(uint16_t number, bool enable)
{
	machine.interrupt_on[number] = enable;
}

bool spm_machine_restarts(void)
{
	return machine.restarts;
}

void spm_machine_report(uint8_t partition, uint8_t api, enum spm_error error)
{
	(void)api;
	machine.reports++;
	machine.partition = partition;
	machine.error = error;
}

_Noreturn void spm_machine_reset(uint32_t cause)
{
	machine.resets++;
	spm_machine_panic(SPM_NONSECURE, (uint8_t)cause, SPM_ERROR_NONE);
}

_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	spm_machine_report(partition, api, error);
	machine.panics++;
	longjmp(machine.panicked, 1);
}
