/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one thread to the next. Everything here runs in SVC, PendSV or SysTick, of which the first two never interrupt each other; SysTick,
 * the last of all, masks them while it decides. Threads of partitions never run in handler mode.
 */
#include "entry.h"
#include <merlon/arch/cpu.h>
#include <merlon/arch/fault.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/supervisor.h>
#include <merlon/spm/entry.h>
#include <merlon/spm/machine.h>

enum { PENDSV = 14 };

bool spm_deferred;
/* A first-level interrupt function runs beside the thread of its partition, on the same stack below it. */
static struct arch_context first_level;
static const struct spm_thread *confined;
static const struct spm_region *loaded;
static struct spm_thread *faulted;

/* The limit of the stack, the privilege and the memory of the thread's partition. */
static void confine(const struct spm_thread *thread)
{
	const struct spm_partition *partition = thread != &spm.agent ? &spm_table.partitions[thread->partition] : NULL;
	const struct spm_region *map = partition != NULL && partition->map != NULL ? partition->map : spm_table.privileged;
	if (thread == confined)
		return;
	confined = thread;
	arch_thread_confine(partition != NULL ? (uint32_t)partition->stack : 0, partition == NULL || partition->map == NULL);
	if (map == loaded || map == NULL)
		return;
	loaded = map;
	arch_map_load((const uint32_t *)map);
}

static void go_on_with(struct spm_thread *thread)
{
	spm.running = thread;
	arch_running = (struct arch_context *)&thread->context;
	confine(thread);
}

static void run_first_level(const struct spm_interrupt *interrupt)
{
	struct spm_thread *thread = spm.first_level;
	const struct spm_partition *partition = &spm_table.partitions[thread->partition];
	uint32_t top = thread->state != SPM_IDLE ? (uint32_t)thread->context.stack_pointer
						 : arch_stack_seal((uint32_t)partition->stack + partition->stack_size);
	arch_context_begin(&first_level, top, (void (*)(void))interrupt->function, 0, (void (*)(void))spm_leave_first_level);
	arch_running = &first_level;
	confine(thread);
}

/* First-level functions come before every thread, one after the other. */
static void go_on(void)
{
	if (spm.first_level != NULL)
		return;
	const struct spm_interrupt *interrupt = spm.pending != 0 ? spm_first_level_begin() : NULL;
	if (interrupt != NULL)
		run_first_level(interrupt);
	else if (spm_next() != confined || arch_running == &first_level)
		go_on_with(spm_next());
}

void arch_supervisor(struct arch_frame *frame, uint32_t number)
{
	struct spm_thread *thread = spm.first_level != NULL ? spm.first_level : spm.running;
	uintptr_t value = spm_serve(thread, number, (const uintptr_t *)frame);
	if (thread->error != SPM_ERROR_NONE)
		spm_erred(thread);
	else if (number < SPM_API_RETURN && (thread->state == SPM_READY || thread == spm.first_level))
		frame->r0 = value;
	if (spm_deferred)
		arch_supervisor_pend();
	/* It goes on itself, if it is ready and no other that is ready ranks above it. */
	if (number >= SPM_API_RETURN || (spm.ready ^ thread->bit) >= thread->bit)
		go_on();
}

/*
 * Where the Non-secure world runs while a Secure context is interrupted, that context belongs to another thread of the Non-secure world,
 * and its stack is not free: what has become ready waits until that thread goes on (docs/partition_manager.md).
 */
static bool must_wait(uint32_t exception_return)
{
	return (exception_return & ARCH_RETURN_SECURE) == 0 &&
	       (spm.running != &spm.agent || spm.first_level != NULL || spm_gate_busy != 0);
}

void arch_pending(uint32_t exception_return)
{
	bool nonsecure = (exception_return & ARCH_RETURN_SECURE) == 0;
	/* The Non-secure world is left in peace while it serves an interrupt or masks them: SysTick follows. */
	if (nonsecure && cpu_exception() == PENDSV)
		arch_supervisor_pend_last();
	/* In SysTick's first instructions: it does the same. */
	if ((nonsecure && cpu_exception() == PENDSV) || (exception_return & ARCH_RETURN_THREAD) == 0)
		return;
	spm_deferred = must_wait(exception_return);
	if (spm_deferred)
		return;
	if (spm.arrived != 0)
		spm_interrupts_take();
	if (faulted != NULL) {
		struct spm_thread *thread = faulted;
		faulted = NULL;
		spm_erred(thread);
	}
	go_on();
}

/* The partition ends in PendSV, which follows before its thread can go on. */
bool arch_thread_fault(void)
{
	struct spm_thread *thread = spm.first_level != NULL ? spm.first_level : spm.running;
	thread->error = SPM_ERROR_FAULT;
	thread->api = SPM_API_COUNT;
	if (!spm_may_restart(thread))
		return false;
	arch_fault_clear();
	faulted = thread;
	arch_supervisor_pend();
	return true;
}

/* The vector of every interrupt of a partition: note it, and keep it from coming again until its partition has seen to it. */
void spm_interrupt(void)
{
	uint32_t number = cpu_exception() - 16;
	for (uint32_t i = 0; i < spm_table.interrupt_count; i++)
		if (spm_table.interrupts[i].number == number)
			(void)__atomic_fetch_or(&spm.arrived, 1u << i, __ATOMIC_RELAXED);
	nvic_disable(number);
	arch_supervisor_pend();
}

int32_t fault_subject(void)
{
	const struct spm_thread *thread = spm.first_level != NULL ? spm.first_level : spm.running;
	uint8_t partition = thread != &spm.agent ? thread->partition : spm.plain != NULL ? spm.plain->partition : SPM_NONSECURE;
	return partition != SPM_NONSECURE ? spm_table.partitions[partition].id : 0;
}
