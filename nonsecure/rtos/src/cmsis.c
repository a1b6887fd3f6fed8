/* SPDX-License-Identifier: Apache-2.0 */
/* The CMSIS-RTOS2 calls: check arguments, decide with interrupts off (sched.c), ask the machine for a switch. */
#include <merlon/arch/thread.h>
#include <merlon/rtos/rtos.h>

enum { TICKS_PER_SECOND = 1000 };

static struct sched *const sched = &rtos_kernel.sched;

static bool can_wait(void)
{
	return rtos_kernel.state == osKernelRunning && !arch_in_interrupt();
}

/* Leave the critical section; when another thread is to run, the switch happens here, before this returns. */
static void leave(uint32_t interrupts)
{
	if (rtos_kernel.state == osKernelRunning && sched_pick(sched) != sched->running)
		arch_thread_request_switch();
	arch_interrupts_restore(interrupts);
}

struct arch_thread *arch_thread_next(void)
{
	uint32_t interrupts = arch_interrupts_disable();
	sched->running = sched_pick(sched);
	arch_interrupts_restore(interrupts);
	return &sched->running->context;
}

void arch_thread_tick(void)
{
	uint32_t interrupts = arch_interrupts_disable();
	sched_tick(sched);
	leave(interrupts);
}

static void idle(void *argument)
{
	(void)argument;
	for (;;)
		arch_wait();
}

osStatus_t osKernelInitialize(void)
{
	static const osThreadAttr_t attributes = {
		.name = "idle",
		.stack_mem = rtos_kernel.idle_stack,
		.stack_size = RTOS_IDLE_STACK_SIZE,
		.priority = osPriorityIdle,
	};
	if (rtos_kernel.state != osKernelInactive)
		return osError;
	sched_init(sched);
	rtos_kernel.state = osKernelReady;
	return osThreadNew(idle, NULL, &attributes) == NULL ? osError : osOK;
}

osStatus_t osKernelStart(void)
{
	if (rtos_kernel.state != osKernelReady)
		return osError;
	rtos_kernel.state = osKernelRunning;
	arch_thread_start(SystemCoreClock / TICKS_PER_SECOND);
}

osKernelState_t osKernelGetState(void)
{
	return rtos_kernel.state;
}

uint32_t osKernelGetTickCount(void)
{
	return *(volatile uint32_t *)&sched->tick;
}

_Noreturn void osThreadExit(void)
{
	uint32_t interrupts = arch_interrupts_disable();
	sched_end(sched);
	leave(interrupts);
	for (;;)
		arch_wait(); /* not reached: an ended thread is never picked */
}

osThreadId_t osThreadNew(osThreadFunc_t function, void *argument, const osThreadAttr_t *attributes)
{
	if (function == NULL || attributes == NULL || attributes->cb_mem != NULL || attributes->stack_mem == NULL ||
	    attributes->stack_size < ARCH_THREAD_STACK_MIN || attributes->stack_size % 8 != 0 ||
	    (uintptr_t)attributes->stack_mem % 8 != 0 || rtos_kernel.state == osKernelInactive)
		return NULL;
	osPriority_t priority = attributes->priority == 0 ? osPriorityNormal : attributes->priority;
	uint32_t interrupts = arch_interrupts_disable();
	struct sched_thread *thread = sched_thread_add(sched, (uint8_t)priority);
	if (thread != NULL)
		arch_thread_prepare(&thread->context, attributes->stack_mem, attributes->stack_size, function, argument,
				    osThreadExit);
	leave(interrupts);
	return thread;
}

osThreadId_t osThreadGetId(void)
{
	return sched->running;
}

static struct sched_thread *thread_of(osThreadId_t id)
{
	for (size_t i = 0; i < SCHED_THREAD_MAX; i++)
		if (id == &sched->threads[i] && sched->threads[i].state != SCHED_UNUSED)
			return id;
	return NULL;
}

uint32_t osThreadFlagsSet(osThreadId_t id, uint32_t flags)
{
	struct sched_thread *thread = thread_of(id);
	if (thread == NULL || (flags & osFlagsError) != 0)
		return osFlagsErrorParameter;
	uint32_t interrupts = arch_interrupts_disable();
	uint32_t now = sched_flags_set(sched, thread, flags);
	leave(interrupts);
	return now;
}

uint32_t osThreadFlagsWait(uint32_t flags, uint32_t options, uint32_t timeout)
{
	if (!can_wait())
		return osFlagsErrorISR;
	if (flags == 0 || (flags & osFlagsError) != 0)
		return osFlagsErrorParameter;
	struct sched_thread *self = sched->running;
	uint32_t interrupts = arch_interrupts_disable();
	enum sched_result result =
		sched_flags_wait(sched, flags, (options & osFlagsWaitAll) != 0, (options & osFlagsNoClear) != 0, timeout);
	leave(interrupts);
	if (result == SCHED_WAIT)
		result = self->result;
	return result == SCHED_DONE ? self->found : result == SCHED_REFUSED ? osFlagsErrorResource : osFlagsErrorTimeout;
}

osStatus_t osDelay(uint32_t ticks)
{
	if (!can_wait())
		return osErrorISR;
	uint32_t interrupts = arch_interrupts_disable();
	(void)sched_delay(sched, ticks);
	leave(interrupts);
	return osOK;
}

osMutexId_t osMutexNew(const osMutexAttr_t *attributes)
{
	uint32_t bits = attributes == NULL ? 0 : attributes->attr_bits;
	if ((bits & ~(osMutexPrioInherit | osMutexRecursive)) != 0 || (attributes != NULL && attributes->cb_mem != NULL))
		return NULL;
	uint32_t interrupts = arch_interrupts_disable();
	struct sched_mutex *mutex = sched_mutex_add(sched, (bits & osMutexRecursive) != 0);
	arch_interrupts_restore(interrupts);
	return mutex;
}

static struct sched_mutex *mutex_of(osMutexId_t id)
{
	for (size_t i = 0; i < SCHED_MUTEX_MAX; i++)
		if (id == &sched->mutexes[i] && sched->mutexes[i].is_used)
			return id;
	return NULL;
}

osStatus_t osMutexAcquire(osMutexId_t id, uint32_t timeout)
{
	struct sched_mutex *mutex = mutex_of(id);
	if (mutex == NULL)
		return osErrorParameter;
	if (!can_wait())
		return osErrorISR;
	struct sched_thread *self = sched->running;
	uint32_t interrupts = arch_interrupts_disable();
	enum sched_result result = sched_mutex_acquire(sched, mutex, timeout);
	leave(interrupts);
	if (result == SCHED_WAIT)
		result = self->result;
	return result == SCHED_DONE ? osOK : result == SCHED_REFUSED ? osErrorResource : osErrorTimeout;
}

osStatus_t osMutexRelease(osMutexId_t id)
{
	struct sched_mutex *mutex = mutex_of(id);
	if (mutex == NULL)
		return osErrorParameter;
	if (!can_wait())
		return osErrorISR;
	uint32_t interrupts = arch_interrupts_disable();
	enum sched_result result = sched_mutex_release(sched, mutex);
	leave(interrupts);
	return result == SCHED_DONE ? osOK : osErrorResource;
}
