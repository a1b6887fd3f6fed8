/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of partitions. The machine's handler only notes that one arrived and keeps it from coming again; what follows is decided here,
 * where nothing else is decided at the same time.
 */
#include "core.h"

enum { NONE = 32 };

static uint32_t bit_of(uint32_t index)
{
	return 1u << index;
}

static struct spm_thread *owner(const struct spm_interrupt *interrupt)
{
	return spm_table.partitions[interrupt->partition].thread;
}

/* Lets it come again unless its partition has said otherwise. */
static void rearm(uint32_t index)
{
	spm_machine_interrupt(spm_table.interrupts[index].number, (spm.enabled & bit_of(index)) != 0);
}

void spm_interrupts_reset(uint8_t partition)
{
	for (uint32_t i = 0; i < spm_table.interrupt_count; i++)
		if (spm_table.interrupts[i].partition == partition) {
			spm.enabled = spm_table.interrupts[i].enabled ? spm.enabled | bit_of(i) : spm.enabled & ~bit_of(i);
			spm.pending &= ~bit_of(i);
			rearm(i);
		}
}

void spm_interrupts_take(void)
{
	spm.pending |= __atomic_exchange_n(&spm.arrived, 0, __ATOMIC_ACQ_REL);
	for (uint32_t i = 0; i < spm_table.interrupt_count; i++)
		if ((spm.pending & bit_of(i)) != 0 && spm_table.interrupts[i].function == NULL) {
			spm.pending &= ~bit_of(i);
			spm_signal(owner(&spm_table.interrupts[i]), spm_table.interrupts[i].signal);
		}
}

const struct spm_interrupt *spm_first_level_begin(void)
{
	if (spm.pending == 0 || spm.first_level != NULL)
		return NULL;
	spm.first_level_index = (uint32_t)__builtin_ctz(spm.pending);
	spm.pending &= ~bit_of(spm.first_level_index);
	const struct spm_interrupt *interrupt = &spm_table.interrupts[spm.first_level_index];
	spm.first_level = owner(interrupt);
	return interrupt;
}

uintptr_t spm_serve_first_level(struct spm_thread *thread, const uintptr_t arguments[4])
{
	spm.first_level = NULL;
	if (arguments[0] == PSA_FLIH_SIGNAL)
		spm_signal(thread, spm_table.interrupts[spm.first_level_index].signal);
	rearm(spm.first_level_index);
	return 0;
}

/* The one interrupt of the caller that this signal names; NONE: there is none, or it is of the other kind. */
static uint32_t find(struct spm_thread *thread, uintptr_t signal)
{
	uint8_t partition = spm_partition_of(thread);
	for (uint32_t i = 0; i < spm_table.interrupt_count; i++)
		if (spm_table.interrupts[i].partition == partition && spm_table.interrupts[i].signal == signal)
			return i;
	(void)spm_error(thread, SPM_ERROR_SIGNAL);
	return NONE;
}

static bool clear(struct spm_thread *thread, uintptr_t signal, bool first_level, uint32_t *index)
{
	*index = find(thread, signal);
	if (*index == NONE)
		return false;
	if ((spm_table.interrupts[*index].function != NULL) != first_level || (thread->asserted & signal) == 0) {
		(void)spm_error(thread, SPM_ERROR_SIGNAL);
		return false;
	}
	thread->asserted &= ~(psa_signal_t)signal;
	return true;
}

uintptr_t spm_serve_eoi(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint32_t index;
	if (clear(thread, arguments[0], false, &index))
		rearm(index);
	return 0;
}

uintptr_t spm_serve_reset_signal(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint32_t index;
	(void)clear(thread, arguments[0], true, &index);
	return 0;
}

uintptr_t spm_serve_irq_enable(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint32_t index = find(thread, arguments[0]);
	if (index == NONE)
		return 0;
	spm.enabled |= bit_of(index);
	/* While its signal waits for psa_eoi(), or its function runs, it comes later. */
	bool busy =
		spm_table.interrupts[index].function == NULL ? (thread->asserted & arguments[0]) != 0 : spm.first_level == thread;
	if (!busy)
		rearm(index);
	return 0;
}

uintptr_t spm_serve_irq_disable(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint32_t index = find(thread, arguments[0]);
	if (index == NONE)
		return 0;
	bool was = (spm.enabled & bit_of(index)) != 0;
	spm.enabled &= ~bit_of(index);
	rearm(index);
	return was;
}
