/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel on the real context switch: each line of output is a measurement that test_rtos.py judges. A byte on the console makes
 * the thread `deep` run over its stack. */
#include <cmsis_os2.h>
#include <merlon/arch/thread.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/board/memory.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/rtos/rtos.h>

VECTORS const struct vectors vectors = {
	.core = { .stack = stack_top, .reset = start_reset, .pending_call = PendSV_Handler, .tick = SysTick_Handler },
};

struct rtos rtos_kernel;
uint32_t SystemCoreClock = BOARD_CLOCK_HZ;

enum { STACK = 1024, HOLD_MS = 20, HOG_MS = 300, TURNS_MS = 100 };

static struct cmsdk_uart uart;
static uint64_t stacks[6][STACK / 8];
static osThreadId_t high, middle, deep;
static osMutexId_t mutex;
static volatile uint32_t turns[2], sum;
static volatile bool are_turns_over;

static void say(const char *what, uint32_t value)
{
	console_write_text(&uart.console, "kernel: ");
	console_write_text(&uart.console, what);
	console_write_text(&uart.console, " ");
	console_write_decimal(&uart.console, value);
	console_write_text(&uart.console, "\n");
}

static void spin(uint32_t ms)
{
	uint32_t started = osKernelGetTickCount();
	while (osKernelGetTickCount() - started < ms)
		;
}

/* Holds the mutex while high wants it and middle would keep the core for HOG_MS. */
static void run_low(void *argument)
{
	(void)argument;
	(void)osMutexAcquire(mutex, osWaitForever);
	(void)osThreadFlagsSet(high, 1);
	(void)osThreadFlagsSet(middle, 1);
	spin(HOLD_MS);
	(void)osMutexRelease(mutex);
}

static void run_middle(void *argument)
{
	(void)argument;
	(void)osThreadFlagsWait(1, osFlagsWaitAny, osWaitForever);
	spin(HOG_MS);
}

static void run_high(void *argument)
{
	(void)argument;
	(void)osThreadFlagsWait(1, osFlagsWaitAny, osWaitForever);
	uint32_t started = osKernelGetTickCount();
	(void)osMutexAcquire(mutex, osWaitForever);
	say("waited", osKernelGetTickCount() - started);
	(void)osMutexRelease(mutex);
	started = osKernelGetTickCount();
	(void)osDelay(50);
	say("delayed", osKernelGetTickCount() - started);
	(void)osDelay(HOG_MS);
	(void)osDelay(TURNS_MS);
	are_turns_over = true;
	say("turns", turns[0]);
	say("turns", turns[1]);
	char byte;
	say("ready", 0);
	while (console_read(&uart.console, &byte, 1) == 0)
		(void)osDelay(10);
	(void)osThreadFlagsSet(deep, 1);
	(void)osDelay(100);
	say("overflow unnoticed", 0);
}

/* Two of these share what the others leave of the core. */
static void run_turn(void *argument)
{
	volatile uint32_t *count = argument;
	while (!are_turns_over)
		*count += 1;
	(void)osThreadFlagsWait(1, osFlagsWaitAny, osWaitForever);
}

static uint32_t dig(uint32_t depth)
{
	volatile uint32_t waste[16] = { depth };
	return depth == 0 ? 0 : dig(depth + 1) + waste[depth % 16];
}

static void run_deep(void *argument)
{
	(void)argument;
	(void)osThreadFlagsWait(1, osFlagsWaitAny, osWaitForever);
	sum = dig(1);
}

static osThreadId_t thread(unsigned index, osThreadFunc_t function, void *argument, osPriority_t priority)
{
	osThreadAttr_t attributes = { .stack_mem = stacks[index], .stack_size = STACK, .priority = priority };
	return osThreadNew(function, argument, &attributes);
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	(void)osKernelInitialize();
	mutex = osMutexNew(NULL);
	(void)thread(0, run_low, NULL, osPriorityLow);
	middle = thread(1, run_middle, NULL, osPriorityNormal);
	high = thread(2, run_high, NULL, osPriorityHigh);
	(void)thread(3, run_turn, (void *)&turns[0], osPriorityIdle + 1);
	(void)thread(4, run_turn, (void *)&turns[1], osPriorityIdle + 1);
	deep = thread(5, run_deep, NULL, osPriorityAboveNormal);
	return osKernelStart();
}
