/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/rtos/sched.h>
#include <merlon/test.h>
#include <stdlib.h>

/* What the kernel does at each switch. */
static struct sched_thread *run_next(struct sched *sched)
{
	return sched->running = sched_pick(sched);
}

/* Let `thread` run although others may be ready. */
static void run(struct sched *sched, struct sched_thread *thread)
{
	CHECK_EQ(thread->state, SCHED_READY);
	sched->running = thread;
}

TEST(highest_priority_runs_and_equals_take_turns, CLAIM("rtos.schedule"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	CHECK(sched_pick(&sched) == NULL);
	struct sched_thread *low = sched_thread_add(&sched, 1), *a = sched_thread_add(&sched, 5), *b = sched_thread_add(&sched, 5);
	CHECK(run_next(&sched) == a);
	sched_tick(&sched);
	CHECK(run_next(&sched) == b);
	sched_tick(&sched);
	CHECK(run_next(&sched) == a);
	CHECK_EQ(sched_delay(&sched, 10), SCHED_WAIT);
	CHECK(run_next(&sched) == b);
	sched_end(&sched);
	CHECK(run_next(&sched) == low);
	CHECK_EQ(b->state, SCHED_ENDED);
}

TEST(order_survives_the_wrap_of_its_counter, CLAIM("rtos.schedule"), PROPERTY)
{
	struct sched sched;
	sched_init(&sched);
	sched.next_order = 0xfffffffeu;
	struct sched_thread *threads[4];
	for (unsigned i = 0; i < 4; i++)
		threads[i] = sched_thread_add(&sched, 5);
	for (unsigned turn = 0; turn < 12; turn++) {
		CHECK_THAT(run_next(&sched) == threads[turn % 4], "turn %u", turn);
		sched_tick(&sched);
	}
}

TEST(delay_ends_at_its_tick_across_the_wrap, CLAIM("rtos.timeout"), PROPERTY)
{
	static const uint32_t starts[] = { 0, 1, 0x7ffffffcu, 0xfffffffcu };
	for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		struct sched sched;
		sched_init(&sched);
		sched.tick = starts[i];
		struct sched_thread *thread = sched_thread_add(&sched, 5);
		run_next(&sched);
		CHECK_EQ(sched_delay(&sched, 7), SCHED_WAIT);
		for (unsigned tick = 1; tick <= 7; tick++) {
			CHECK_THAT(thread->state == SCHED_DELAYED, "start %u tick %u", i, tick);
			sched_tick(&sched);
		}
		CHECK_THAT(thread->state == SCHED_READY, "start %u", i);
	}
}

TEST(mutex_goes_to_the_highest_waiter, CLAIM("rtos.mutex"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	struct sched_thread *owner = sched_thread_add(&sched, 9), *low = sched_thread_add(&sched, 2),
			    *high = sched_thread_add(&sched, 3);
	struct sched_mutex *mutex = sched_mutex_add(&sched, false);
	run(&sched, owner);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, 0), SCHED_DONE);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, SCHED_FOREVER), SCHED_REFUSED); /* not recursive */
	run(&sched, low);
	CHECK_EQ(sched_mutex_release(&sched, mutex), SCHED_REFUSED);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, 0), SCHED_REFUSED);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, SCHED_FOREVER), SCHED_WAIT);
	run(&sched, high);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, SCHED_FOREVER), SCHED_WAIT);
	run(&sched, owner);
	CHECK_EQ(sched_mutex_release(&sched, mutex), SCHED_DONE);
	CHECK(mutex->owner == high);
	CHECK_EQ(high->result, SCHED_DONE);
	CHECK_EQ(low->state, SCHED_WAITS_MUTEX);
}

TEST(recursive_mutex_needs_as_many_releases, CLAIM("rtos.mutex"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	run(&sched, sched_thread_add(&sched, 9));
	struct sched_mutex *mutex = sched_mutex_add(&sched, true);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, 0), SCHED_DONE);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, 0), SCHED_DONE);
	CHECK_EQ(sched_mutex_release(&sched, mutex), SCHED_DONE);
	CHECK(mutex->owner == sched.running);
	CHECK_EQ(sched_mutex_release(&sched, mutex), SCHED_DONE);
	CHECK(mutex->owner == NULL);
	CHECK_EQ(sched_mutex_release(&sched, mutex), SCHED_REFUSED);
}

/* Low owns A; middle owns B and waits for A; high waits for B: all run at high's priority until each lets go. */
TEST(priority_is_inherited_through_a_chain, CLAIM("rtos.mutex.inheritance"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	struct sched_thread *low = sched_thread_add(&sched, 1), *middle = sched_thread_add(&sched, 4),
			    *high = sched_thread_add(&sched, 8);
	struct sched_thread *bystander = sched_thread_add(&sched, 6);
	struct sched_mutex *a = sched_mutex_add(&sched, false), *b = sched_mutex_add(&sched, false);
	run(&sched, low);
	sched_mutex_acquire(&sched, a, 0);
	run(&sched, middle);
	sched_mutex_acquire(&sched, b, 0);
	CHECK_EQ(sched_mutex_acquire(&sched, a, SCHED_FOREVER), SCHED_WAIT);
	CHECK_EQ(low->priority, 4);
	run(&sched, high);
	CHECK_EQ(sched_mutex_acquire(&sched, b, SCHED_FOREVER), SCHED_WAIT);
	CHECK_EQ(low->priority, 8);
	CHECK(run_next(&sched) == low); /* before the bystander: no inversion */
	sched_mutex_release(&sched, a);
	CHECK_EQ(low->priority, 1);
	CHECK(run_next(&sched) == middle);
	sched_mutex_release(&sched, b);
	CHECK_EQ(middle->priority, 4);
	CHECK(run_next(&sched) == high);
	sched_end(&sched);
	CHECK(run_next(&sched) == bystander);
}

TEST(inheritance_ends_when_the_waiter_gives_up, CLAIM("rtos.mutex.inheritance"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	struct sched_thread *low = sched_thread_add(&sched, 1), *high = sched_thread_add(&sched, 8);
	struct sched_mutex *mutex = sched_mutex_add(&sched, false);
	run(&sched, low);
	sched_mutex_acquire(&sched, mutex, 0);
	run(&sched, high);
	CHECK_EQ(sched_mutex_acquire(&sched, mutex, 2), SCHED_WAIT);
	CHECK(run_next(&sched) == low);
	sched_tick(&sched);
	CHECK_EQ(low->priority, 8);
	sched_tick(&sched);
	CHECK_EQ(low->priority, 1);
	CHECK_EQ(high->result, SCHED_TIMEOUT);
	CHECK(high->mutex == NULL);
	CHECK(mutex->owner == low);
}

TEST(flags_wake_whom_they_suffice, CLAIM("rtos.flags"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	struct sched_thread *thread = sched_thread_add(&sched, 5);
	run(&sched, thread);
	CHECK_EQ(sched_flags_wait(&sched, 3, true, false, 0), SCHED_REFUSED);
	CHECK_EQ(sched_flags_wait(&sched, 3, true, false, SCHED_FOREVER), SCHED_WAIT);
	CHECK_EQ(sched_flags_set(&sched, thread, 4 | 1), 5);
	CHECK_EQ(thread->state, SCHED_WAITS_FLAGS);
	CHECK_EQ(sched_flags_set(&sched, thread, 2), 4); /* 1 and 2 went to the waiter */
	CHECK_EQ(thread->state, SCHED_READY);
	CHECK_EQ(thread->found, 7);
	CHECK_EQ(sched_flags_wait(&sched, 4, false, true, 0), SCHED_DONE);
	CHECK_EQ(thread->flags, 4);
	CHECK_EQ(sched_flags_wait(&sched, 6, false, false, 0), SCHED_DONE);
	CHECK_EQ(thread->flags, 0);
	CHECK_EQ(sched_flags_wait(&sched, 1, false, false, 1), SCHED_WAIT);
	sched_tick(&sched);
	CHECK_EQ(thread->result, SCHED_TIMEOUT);
}

TEST(pools_end, CLAIM("rtos.static"), FUNCTIONAL)
{
	struct sched sched;
	sched_init(&sched);
	for (unsigned i = 0; i < SCHED_THREAD_MAX; i++)
		CHECK(sched_thread_add(&sched, 1) != NULL);
	for (unsigned i = 0; i < SCHED_MUTEX_MAX; i++)
		CHECK(sched_mutex_add(&sched, false) != NULL);
	CHECK(sched_thread_add(&sched, 1) == NULL);
	CHECK(sched_mutex_add(&sched, false) == NULL);
}

/* Whatever the threads do, each runs at the highest priority among itself and those that wait for it, directly or not. */
static uint8_t wanted_priority(struct sched *sched, const struct sched_thread *thread, unsigned depth)
{
	uint8_t highest = thread->base_priority;
	for (unsigned i = 0; i < SCHED_THREAD_MAX && depth < SCHED_THREAD_MAX; i++) {
		const struct sched_thread *waiter = &sched->threads[i];
		if (waiter->state != SCHED_WAITS_MUTEX || waiter->mutex->owner != thread)
			continue;
		uint8_t priority = wanted_priority(sched, waiter, depth + 1);
		highest = priority > highest ? priority : highest;
	}
	return highest;
}

TEST(random_walk_keeps_the_invariants, CLAIM("rtos.mutex.inheritance"), PROPERTY)
{
	srand(20260601);
	for (unsigned round = 0; round < 200; round++) {
		struct sched sched;
		sched_init(&sched);
		for (unsigned i = 0; i < 6; i++)
			sched_thread_add(&sched, (uint8_t)(1 + rand() % 8));
		for (unsigned i = 0; i < 3; i++)
			sched_mutex_add(&sched, i == 0);
		for (unsigned step = 0; step < 300; step++) {
			struct sched_mutex *mutex = &sched.mutexes[rand() % 3];
			int action = run_next(&sched) == NULL ? 0 : rand() % 5;
			switch (action) {
			case 0:
				sched_tick(&sched);
				break;
			case 1:
				sched_mutex_acquire(&sched, mutex, (uint32_t)(rand() % 4));
				break;
			case 2:
				sched_mutex_release(&sched, mutex);
				break;
			case 3:
				sched_delay(&sched, (uint32_t)(rand() % 3));
				break;
			default:
				sched_flags_wait(&sched, 1, false, false, 1 + (uint32_t)(rand() % 3));
				break;
			}
			for (unsigned i = 0; i < 6; i++)
				CHECK_THAT(sched.threads[i].priority == wanted_priority(&sched, &sched.threads[i], 0),
					   "round %u step %u action %d thread %u", round, step, action, i);
			for (unsigned i = 0; i < 3; i++)
				CHECK((sched.mutexes[i].owner == NULL) == (sched.mutexes[i].depth == 0));
		}
	}
}
