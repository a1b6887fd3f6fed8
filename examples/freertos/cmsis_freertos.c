/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CMSIS-RTOS2 calls that agent, network and demo use, over FreeRTOS: nonsecure/rtos/include/cmsis_os2.h says what they promise.
 * Everything is static; thread flags are the task's notification.
 */
#include <cmsis_os2.h>
#include <FreeRTOS.h>
#include <semphr.h>
#include <stdbool.h>
#include <task.h>

enum { THREADS_MAX = 7, MUTEXES_MAX = 8, STACK_MIN = 256 };
#define FLAGS_INVALID 0x80000000u
_Static_assert(configTICK_RATE_HZ == 1000, "a tick is a millisecond");

static StaticTask_t tasks[THREADS_MAX];
static StaticSemaphore_t mutexes[MUTEXES_MAX];
static unsigned task_count, mutex_count;
static bool initialized;

static bool is_interrupt(void)
{
	return xPortIsInsideInterrupt() == pdTRUE;
}

static bool may_wait(void)
{
	return !is_interrupt() && xTaskGetSchedulerState() == taskSCHEDULER_RUNNING;
}

static TickType_t ticks_of(uint32_t timeout)
{
	return timeout == osWaitForever ? portMAX_DELAY : timeout;
}

osStatus_t osKernelInitialize(void)
{
	if (initialized)
		return osError;
	initialized = true;
	return osOK;
}

osStatus_t osKernelStart(void)
{
	if (!initialized || task_count == 0)
		return osError;
	vTaskStartScheduler();
	return osError;
}

osKernelState_t osKernelGetState(void)
{
	if (xTaskGetSchedulerState() != taskSCHEDULER_NOT_STARTED)
		return osKernelRunning;
	return initialized ? osKernelReady : osKernelInactive;
}

uint32_t osKernelGetTickCount(void)
{
	return is_interrupt() ? xTaskGetTickCountFromISR() : xTaskGetTickCount();
}

osThreadId_t osThreadNew(osThreadFunc_t function, void *argument, const osThreadAttr_t *attributes)
{
	if (function == NULL || attributes == NULL || attributes->stack_mem == NULL || attributes->stack_size < STACK_MIN ||
	    task_count == THREADS_MAX || is_interrupt())
		return NULL;
	osPriority_t priority = attributes->priority != 0 ? attributes->priority : osPriorityNormal;
	return xTaskCreateStatic(function, attributes->name, attributes->stack_size / sizeof(StackType_t), argument,
				 (UBaseType_t)priority, attributes->stack_mem, &tasks[task_count++]);
}

osThreadId_t osThreadGetId(void)
{
	return xTaskGetSchedulerState() == taskSCHEDULER_NOT_STARTED ? NULL : xTaskGetCurrentTaskHandle();
}

_Noreturn void osThreadExit(void)
{
	for (;;)
		vTaskDelay(portMAX_DELAY);
}

uint32_t osThreadFlagsSet(osThreadId_t thread, uint32_t flags)
{
	uint32_t before;
	if (thread == NULL || (flags & FLAGS_INVALID) != 0)
		return osFlagsErrorParameter;
	if (is_interrupt()) {
		BaseType_t woken = pdFALSE;
		(void)xTaskNotifyAndQueryFromISR(thread, flags, eSetBits, &before, &woken);
		portYIELD_FROM_ISR(woken);
	} else {
		(void)xTaskNotifyAndQuery(thread, flags, eSetBits, &before);
	}
	return before | flags;
}

/* The flags set now, none of them cleared. */
static uint32_t peek(void)
{
	return ulTaskNotifyValueClear(NULL, 0);
}

static bool is_met(uint32_t set, uint32_t flags, uint32_t options)
{
	return (options & osFlagsWaitAll) != 0 ? (set & flags) == flags : (set & flags) != 0;
}

uint32_t osThreadFlagsWait(uint32_t flags, uint32_t options, uint32_t timeout)
{
	TickType_t left = ticks_of(timeout);
	TimeOut_t since;
	if (!may_wait())
		return osFlagsErrorISR;
	if (flags == 0 || (flags & FLAGS_INVALID) != 0)
		return osFlagsErrorParameter;
	vTaskSetTimeOutState(&since);
	while (!is_met(peek(), flags, options)) {
		if (timeout == 0)
			return osFlagsErrorResource;
		if (xTaskCheckForTimeOut(&since, &left) == pdTRUE)
			return osFlagsErrorTimeout;
		/* Comes back at each notification, and clears nothing. */
		(void)xTaskNotifyWait(0, 0, NULL, left);
	}
	return ulTaskNotifyValueClear(NULL, (options & osFlagsNoClear) != 0 ? 0 : flags);
}

osStatus_t osDelay(uint32_t ticks)
{
	if (!may_wait())
		return osErrorISR;
	if (ticks > 0)
		vTaskDelay(ticks);
	return osOK;
}

/* FreeRTOS' mutexes inherit priorities, all of them. */
osMutexId_t osMutexNew(const osMutexAttr_t *attributes)
{
	if (mutex_count == MUTEXES_MAX || is_interrupt() ||
	    (attributes != NULL && (attributes->cb_mem != NULL || (attributes->attr_bits & ~osMutexPrioInherit) != 0)))
		return NULL;
	return xSemaphoreCreateMutexStatic(&mutexes[mutex_count++]);
}

osStatus_t osMutexAcquire(osMutexId_t mutex, uint32_t timeout)
{
	if (!may_wait())
		return osErrorISR;
	if (mutex == NULL)
		return osErrorParameter;
	if (xSemaphoreGetMutexHolder(mutex) == xTaskGetCurrentTaskHandle())
		return osErrorResource;
	if (xSemaphoreTake((SemaphoreHandle_t)mutex, ticks_of(timeout)) == pdTRUE)
		return osOK;
	return timeout == 0 ? osErrorResource : osErrorTimeout;
}

osStatus_t osMutexRelease(osMutexId_t mutex)
{
	if (!may_wait())
		return osErrorISR;
	if (mutex == NULL)
		return osErrorParameter;
	return xSemaphoreGive((SemaphoreHandle_t)mutex) == pdTRUE ? osOK : osErrorResource;
}
