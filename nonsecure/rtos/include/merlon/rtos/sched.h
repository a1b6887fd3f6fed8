/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the kernel decides: who runs, who waits until when, who inherits which priority. Pure: no machine, no locking, no clock of
 * its own; the caller holds interrupts off and calls sched_tick() once per millisecond. `cmsis.c` puts the API on top.
 *
 * Everything is found by scanning a few threads, so no list can be left half changed: priorities are computed anew from who
 * waits for whom instead of being patched at each step.
 */
#ifndef MERLON_RTOS_SCHED_H
#define MERLON_RTOS_SCHED_H

#include <merlon/arch/thread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCHED_THREAD_MAX = 8, SCHED_MUTEX_MAX = 8 };

#define SCHED_FOREVER 0xFFFFFFFFu

enum sched_thread_state {
	SCHED_UNUSED,
	SCHED_READY, /* or running */
	SCHED_DELAYED,
	SCHED_WAITS_MUTEX,
	SCHED_WAITS_FLAGS,
	SCHED_ENDED,
};

/** How a wait came out; what the waiting call returns from. */
enum sched_result { SCHED_DONE, SCHED_WAIT, SCHED_TIMEOUT, SCHED_REFUSED };

struct sched_mutex;

struct sched_thread {
	struct arch_thread context; /* first: the kernel's thread is the machine's */
	enum sched_thread_state state;
	uint8_t base_priority, priority; /* priority >= base_priority: with what it inherits */
	bool is_timed;                   /* waits no longer than until `wake_tick` */
	bool wants_all, keeps_flags;
	uint32_t wake_tick, order; /* order: among equals the lowest runs first */
	uint32_t flags, wanted;
	uint32_t found;            /* flags as they were when the wait ended */
	struct sched_mutex *mutex; /* waited for */
	enum sched_result result;
};

struct sched_mutex {
	bool is_used, is_recursive;
	struct sched_thread *owner;
	uint32_t depth;
};

struct sched {
	struct sched_thread threads[SCHED_THREAD_MAX];
	struct sched_mutex mutexes[SCHED_MUTEX_MAX];
	struct sched_thread *running; /* NULL until the first switch */
	uint32_t tick, next_order;
};

void sched_init(struct sched *sched);

/** @return the new thread, ready; NULL when all are in use. */
struct sched_thread *sched_thread_add(struct sched *sched, uint8_t priority);
/** @return NULL when all are in use. */
struct sched_mutex *sched_mutex_add(struct sched *sched, bool is_recursive);

/** The ready thread of highest priority, the one ready for longest among equals; NULL when none is ready. Changes nothing. */
struct sched_thread *sched_pick(struct sched *sched);

/** One millisecond passed: wakes who is due, and puts the running thread behind its equals (round robin). */
void sched_tick(struct sched *sched);

/* The calls of the running thread. SCHED_WAIT: it does not run on until something ends the wait, and the result is then in
 * `running->result`. `timeout` in ticks; 0 never waits. */

void sched_end(struct sched *sched);
/** A delay ends at its own time: result SCHED_TIMEOUT. */
enum sched_result sched_delay(struct sched *sched, uint32_t ticks);
enum sched_result sched_mutex_acquire(struct sched *sched, struct sched_mutex *mutex, uint32_t timeout);
enum sched_result sched_mutex_release(struct sched *sched, struct sched_mutex *mutex);
/** On SCHED_DONE, and when a wait ends so, `running->found` holds the flags before the awaited ones were cleared. */
enum sched_result sched_flags_wait(struct sched *sched, uint32_t wanted, bool all, bool keep, uint32_t timeout);

/** Set flags of any thread; from interrupts too. @return its flags afterwards (without those that its wait consumed). */
uint32_t sched_flags_set(struct sched *sched, struct sched_thread *thread, uint32_t flags);

#endif
