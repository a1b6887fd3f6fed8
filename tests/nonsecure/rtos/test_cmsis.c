/* SPDX-License-Identifier: Apache-2.0 */
#include "machine_ucontext.h"
#include <merlon/rtos/rtos.h>
#include <merlon/test.h>
#include <string.h>

struct rtos rtos_kernel;
uint32_t SystemCoreClock = 20000000;

static char trace[64];
static osMutexId_t mutex;
static osThreadId_t waiter;

static void note(const char *word)
{
	strncat(trace, word, sizeof trace - strlen(trace) - 1);
}

static uint64_t stacks[4][64];

static osThreadId_t thread(unsigned index, osThreadFunc_t function, osPriority_t priority)
{
	osThreadAttr_t attributes = { .stack_mem = stacks[index], .stack_size = sizeof stacks[index], .priority = priority };
	return osThreadNew(function, NULL, &attributes);
}

static void prepare(void)
{
	machine_reset();
	memset(&rtos_kernel, 0, sizeof rtos_kernel);
	trace[0] = '\0';
	CHECK_EQ(osKernelInitialize(), osOK);
}

static void low_worker(void *argument)
{
	(void)argument;
	osMutexAcquire(mutex, osWaitForever);
	note("l");
	osThreadFlagsSet(waiter, 1); /* high runs now, blocks on the mutex */
	note("L");
	osMutexRelease(mutex); /* high runs before this returns */
	note("e");
}

static void high_worker(void *argument)
{
	(void)argument;
	CHECK_EQ(osThreadFlagsWait(1, osFlagsWaitAny, osWaitForever), 1);
	note("h");
	CHECK_EQ(osMutexAcquire(mutex, 5), osOK);
	note("H");
	CHECK_EQ(osMutexRelease(mutex), osOK);
	CHECK_EQ(osDelay(3), osOK);
	note("d");
	machine_leave();
}

static void middle_worker(void *argument)
{
	(void)argument;
	CHECK_EQ(osDelay(1), osOK);
	note("m");
}

TEST(threads_preempt_block_and_hand_over, CLAIM("rtos.cmsis"), FUNCTIONAL)
{
	prepare();
	mutex = osMutexNew(NULL);
	thread(0, low_worker, osPriorityLow);
	waiter = thread(1, high_worker, osPriorityHigh);
	thread(2, middle_worker, osPriorityNormal);
	machine_start();
	CHECK_THAT(strcmp(trace, "lhLHemd") == 0, "%s", trace);
}

static void timeout_worker(void *argument)
{
	(void)argument;
	uint32_t before = osKernelGetTickCount();
	CHECK_EQ(osMutexAcquire(mutex, 4), osErrorTimeout);
	CHECK_EQ(osKernelGetTickCount() - before, 4);
	CHECK_EQ(osMutexAcquire(mutex, 0), osErrorResource);
	CHECK_EQ(osThreadFlagsWait(1, osFlagsWaitAny, 2), osFlagsErrorTimeout);
	CHECK_EQ(osThreadFlagsWait(1, osFlagsWaitAny, 0), osFlagsErrorResource);
	CHECK_EQ(osThreadFlagsWait(0, osFlagsWaitAny, 0), osFlagsErrorParameter);
	CHECK_EQ(osMutexRelease(mutex), osErrorResource);
	machine_leave();
}

static void keeper(void *argument)
{
	(void)argument;
	osMutexAcquire(mutex, osWaitForever);
	osDelay(1000);
}

TEST(waits_end_in_time, CLAIM("rtos.timeout"), FUNCTIONAL)
{
	prepare();
	mutex = osMutexNew(NULL);
	thread(0, keeper, osPriorityHigh);
	thread(1, timeout_worker, osPriorityNormal);
	machine_start();
}

TEST(bad_arguments_are_refused, CLAIM("rtos.cmsis"), MALFORMED)
{
	machine_reset();
	memset(&rtos_kernel, 0, sizeof rtos_kernel);
	osThreadAttr_t good = { .stack_mem = stacks[0], .stack_size = sizeof stacks[0] };
	CHECK(osThreadNew(keeper, NULL, &good) == NULL); /* not initialized */
	CHECK_EQ(osKernelStart(), osError);
	CHECK_EQ(osKernelInitialize(), osOK);
	CHECK_EQ(osKernelInitialize(), osError);
	CHECK(osThreadNew(NULL, NULL, &good) == NULL);
	CHECK(osThreadNew(keeper, NULL, NULL) == NULL);
	osThreadAttr_t bad = good;
	bad.stack_mem = NULL;
	CHECK(osThreadNew(keeper, NULL, &bad) == NULL);
	bad = good;
	bad.stack_mem = (char *)stacks[0] + 4;
	CHECK(osThreadNew(keeper, NULL, &bad) == NULL);
	bad = good;
	bad.stack_size = 128;
	CHECK(osThreadNew(keeper, NULL, &bad) == NULL);
	bad = good;
	bad.cb_mem = stacks[1];
	CHECK(osThreadNew(keeper, NULL, &bad) == NULL);
	CHECK_EQ(osMutexAcquire(&good, 0), osErrorParameter);
	CHECK_EQ(osMutexRelease(NULL), osErrorParameter);
	CHECK_EQ(osThreadFlagsSet(&good, 1), osFlagsErrorParameter);
	CHECK_EQ(osDelay(1), osErrorISR); /* the kernel does not run */
	CHECK(osThreadNew(keeper, NULL, &good) != NULL);
}
