/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/rtos/sched.h>
#include <string.h>

#define FOR_EACH_THREAD(sched, t) for (struct sched_thread *t = (sched)->threads; t < (sched)->threads + SCHED_THREAD_MAX; t++)

void sched_init(struct sched *sched)
{
	memset(sched, 0, sizeof *sched);
}

/* True when a comes before b on a counter that wraps. */
static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static void make_ready(struct sched *sched, struct sched_thread *thread)
{
	thread->state = SCHED_READY;
	thread->is_timed = false;
	thread->mutex = NULL;
	thread->order = sched->next_order++;
}

static void end_wait(struct sched *sched, struct sched_thread *thread, enum sched_result result)
{
	thread->result = result;
	make_ready(sched, thread);
}

static enum sched_result begin_wait(struct sched *sched, enum sched_thread_state state, uint32_t timeout)
{
	struct sched_thread *thread = sched->running;
	thread->state = state;
	thread->result = SCHED_WAIT;
	thread->is_timed = timeout != SCHED_FOREVER;
	thread->wake_tick = sched->tick + timeout;
	return SCHED_WAIT;
}

/* Each thread gets the highest priority of all that wait for it, directly or through other owners. A chain is no longer than the
 * number of threads, so the loop ends. */
static void inherit(struct sched *sched)
{
	FOR_EACH_THREAD(sched, thread)
	thread->priority = thread->base_priority;
	for (bool changed = true; changed;) {
		changed = false;
		FOR_EACH_THREAD(sched, waiter)
		{
			if (waiter->state != SCHED_WAITS_MUTEX)
				continue;
			struct sched_thread *owner = waiter->mutex->owner;
			if (owner->priority < waiter->priority) {
				owner->priority = waiter->priority;
				changed = true;
			}
		}
	}
}

/* The better of two candidates for the core or for a mutex; either may be NULL. */
static struct sched_thread *better(struct sched_thread *a, struct sched_thread *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	if (a->priority != b->priority)
		return a->priority > b->priority ? a : b;
	return is_before(b->order, a->order) ? b : a;
}

struct sched_thread *sched_thread_add(struct sched *sched, uint8_t priority)
{
	FOR_EACH_THREAD(sched, thread)
	{
		if (thread->state != SCHED_UNUSED)
			continue;
		thread->base_priority = thread->priority = priority;
		make_ready(sched, thread);
		return thread;
	}
	return NULL;
}

struct sched_mutex *sched_mutex_add(struct sched *sched, bool is_recursive)
{
	for (size_t i = 0; i < SCHED_MUTEX_MAX; i++) {
		if (sched->mutexes[i].is_used)
			continue;
		sched->mutexes[i].is_used = true;
		sched->mutexes[i].is_recursive = is_recursive;
		return &sched->mutexes[i];
	}
	return NULL;
}

struct sched_thread *sched_pick(struct sched *sched)
{
	struct sched_thread *best = NULL;
	FOR_EACH_THREAD(sched, thread)
	if (thread->state == SCHED_READY)
		best = better(best, thread);
	return best;
}

void sched_tick(struct sched *sched)
{
	bool mutex_wait_ended = false;
	sched->tick++;
	FOR_EACH_THREAD(sched, thread)
	{
		if (!thread->is_timed || is_before(sched->tick, thread->wake_tick))
			continue;
		mutex_wait_ended |= thread->state == SCHED_WAITS_MUTEX;
		end_wait(sched, thread, SCHED_TIMEOUT);
	}
	if (mutex_wait_ended)
		inherit(sched);
	if (sched->running != NULL && sched->running->state == SCHED_READY)
		sched->running->order = sched->next_order++;
}

void sched_end(struct sched *sched)
{
	sched->running->state = SCHED_ENDED;
}

enum sched_result sched_delay(struct sched *sched, uint32_t ticks)
{
	return ticks == 0 ? SCHED_DONE : begin_wait(sched, SCHED_DELAYED, ticks);
}

enum sched_result sched_mutex_acquire(struct sched *sched, struct sched_mutex *mutex, uint32_t timeout)
{
	struct sched_thread *self = sched->running;
	if (mutex->owner == self && !mutex->is_recursive)
		return SCHED_REFUSED;
	if (mutex->owner == NULL || mutex->owner == self) {
		mutex->owner = self;
		mutex->depth++;
		return SCHED_DONE;
	}
	if (timeout == 0)
		return SCHED_REFUSED;
	self->mutex = mutex;
	begin_wait(sched, SCHED_WAITS_MUTEX, timeout);
	inherit(sched);
	return SCHED_WAIT;
}

enum sched_result sched_mutex_release(struct sched *sched, struct sched_mutex *mutex)
{
	if (mutex->owner != sched->running)
		return SCHED_REFUSED;
	if (--mutex->depth > 0)
		return SCHED_DONE;
	struct sched_thread *next = NULL;
	FOR_EACH_THREAD(sched, thread)
	if (thread->state == SCHED_WAITS_MUTEX && thread->mutex == mutex)
		next = better(next, thread);
	mutex->owner = next;
	if (next != NULL) {
		mutex->depth = 1;
		end_wait(sched, next, SCHED_DONE);
	}
	inherit(sched);
	return SCHED_DONE;
}

static bool flags_suffice(const struct sched_thread *thread)
{
	uint32_t present = thread->flags & thread->wanted;
	return thread->wants_all ? present == thread->wanted : present != 0;
}

static void take_flags(struct sched_thread *thread)
{
	thread->found = thread->flags;
	if (!thread->keeps_flags)
		thread->flags &= ~thread->wanted;
}

enum sched_result sched_flags_wait(struct sched *sched, uint32_t wanted, bool all, bool keep, uint32_t timeout)
{
	struct sched_thread *self = sched->running;
	self->wanted = wanted;
	self->wants_all = all;
	self->keeps_flags = keep;
	if (flags_suffice(self)) {
		take_flags(self);
		return SCHED_DONE;
	}
	return timeout == 0 ? SCHED_REFUSED : begin_wait(sched, SCHED_WAITS_FLAGS, timeout);
}

uint32_t sched_flags_set(struct sched *sched, struct sched_thread *thread, uint32_t flags)
{
	thread->flags |= flags;
	if (thread->state == SCHED_WAITS_FLAGS && flags_suffice(thread)) {
		take_flags(thread);
		end_wait(sched, thread, SCHED_DONE);
	}
	return thread->flags;
}
