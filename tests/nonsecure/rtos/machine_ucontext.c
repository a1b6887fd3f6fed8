/* SPDX-License-Identifier: Apache-2.0 */
/* The machine of merlon/arch/thread.h on Linux: contexts are ucontext, the tick comes when a thread idles or asks for it. */
#define _XOPEN_SOURCE 700
#include "machine_ucontext.h"
#include <cmsis_os2.h>
#include <merlon/arch/thread.h>
#include <stdlib.h>
#include <ucontext.h>

enum { THREADS = 16, HOST_STACK = 65536 };

struct host_thread {
	struct arch_thread *thread;
	ucontext_t context;
	void (*entry)(void *);
	void (*leave)(void);
	void *argument;
};

static struct host_thread threads[THREADS];
static unsigned thread_count;
static struct host_thread *current;
static ucontext_t starter, abandoned;
static bool masked, pending, in_interrupt;

static struct host_thread *find(const struct arch_thread *thread)
{
	for (unsigned i = 0; i < thread_count; i++)
		if (threads[i].thread == thread)
			return &threads[i];
	abort();
}

static void begin(void)
{
	current->entry(current->argument);
	current->leave();
	abort();
}

void arch_thread_prepare(struct arch_thread *thread, void *stack, size_t size, void (*entry)(void *argument), void *argument,
			 void (*leave)(void))
{
	(void)stack; /* too small for the host's library */
	(void)size;
	struct host_thread *host = &threads[thread_count++];
	*host = (struct host_thread) { .thread = thread, .entry = entry, .leave = leave, .argument = argument };
	getcontext(&host->context);
	host->context.uc_stack.ss_sp = malloc(HOST_STACK);
	host->context.uc_stack.ss_size = HOST_STACK;
	makecontext(&host->context, begin, 0);
}

static void switch_if_asked(void)
{
	if (masked || in_interrupt || !pending)
		return;
	pending = false;
	struct host_thread *previous = current;
	current = find(arch_thread_next());
	if (current != previous)
		swapcontext(previous == NULL ? &abandoned : &previous->context, &current->context);
}

void arch_thread_request_switch(void)
{
	pending = true;
	switch_if_asked();
}

void machine_tick(void)
{
	in_interrupt = true;
	arch_thread_tick();
	in_interrupt = false;
	switch_if_asked();
}

void machine_start(void)
{
	volatile bool started = false;
	getcontext(&starter); /* machine_leave() comes back here */
	if (!started) {
		started = true;
		(void)osKernelStart();
	}
	machine_reset();
}

_Noreturn void machine_leave(void)
{
	setcontext(&starter);
	abort();
}

void machine_reset(void)
{
	for (unsigned i = 0; i < thread_count; i++)
		free(threads[i].context.uc_stack.ss_sp);
	thread_count = 0;
	current = NULL;
	masked = pending = in_interrupt = false;
}

_Noreturn void arch_thread_start(uint32_t cycles)
{
	(void)cycles;
	pending = true;
	arch_interrupts_restore(0);
	abort();
}

uint32_t arch_interrupts_disable(void)
{
	bool before = masked;
	masked = true;
	return before;
}

void arch_interrupts_restore(uint32_t state)
{
	masked = state != 0;
	switch_if_asked();
}

bool arch_in_interrupt(void)
{
	return in_interrupt;
}

void arch_wait(void)
{
	machine_tick();
}
