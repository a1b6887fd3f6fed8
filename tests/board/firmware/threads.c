/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads call the Secure world at the same time, first with the client's lock, then without: test_threads.py judges the counts. */
#include <cmsis_os2.h>
#include <merlon/arch/thread.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/board/memory.h>
#include <merlon/client_lock.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/platform.h>
#include <merlon/rtos/rtos.h>
#include <psa/crypto.h>

VECTORS const struct vectors vectors = {
	.core = { .stack = stack_top, .reset = start_reset, .pending_call = PendSV_Handler, .tick = SysTick_Handler },
};

struct rtos rtos_kernel;
uint32_t SystemCoreClock = BOARD_CLOCK_HZ;

enum { STACK = 2048, CALLS = 200, CHUNK = 256 };

static struct cmsdk_uart uart;
static uint64_t stacks[2][STACK / 8];
static osMutexId_t mutex;
static volatile uint32_t low_good, low_bad;

static void say(const char *what, uint32_t value)
{
	console_write_text(&uart.console, "threads: ");
	console_write_text(&uart.console, what);
	console_write_text(&uart.console, " ");
	console_write_decimal(&uart.console, value);
	console_write_text(&uart.console, "\n");
}

static void acquire(void *context)
{
	(void)context;
	(void)osMutexAcquire(mutex, osWaitForever);
}

static void release(void *context)
{
	(void)context;
	(void)osMutexRelease(mutex);
}

/* Always in a Secure call when high wakes. */
static void run_low(void *argument)
{
	static uint8_t bytes[CHUNK];
	(void)argument;
	for (;;) {
		if (psa_generate_random(bytes, sizeof bytes) == PSA_SUCCESS)
			low_good++;
		else
			low_bad++;
		(void)merlon_platform_alive();
	}
}

static void round_run(const char *good_name, const char *bad_name)
{
	uint32_t good = 0, bad = 0;
	low_good = low_bad = 0;
	for (unsigned i = 0; i < CALLS; i++) {
		uint8_t bytes[16];
		(void)osDelay(1);
		if (psa_generate_random(bytes, sizeof bytes) == PSA_SUCCESS)
			good++;
		else
			bad++;
	}
	say(good_name, good);
	say(bad_name, bad);
}

static void run_high(void *argument)
{
	static const struct merlon_client_lock lock = { .acquire = acquire, .release = release };
	(void)argument;
	(void)psa_crypto_init();
	merlon_client_lock_set(&lock);
	(void)osDelay(10);
	round_run("locked good", "locked bad");
	say("locked low bad", low_bad);
	merlon_client_lock_set(NULL);
	round_run("unlocked good", "unlocked refused");
	merlon_client_lock_set(&lock);
	round_run("again good", "again bad");
	say("again low good", low_good);
	for (;;)
		(void)osDelay(1000);
}

static void thread(unsigned index, osThreadFunc_t function, osPriority_t priority)
{
	osThreadAttr_t attributes = { .stack_mem = stacks[index], .stack_size = STACK, .priority = priority };
	(void)osThreadNew(function, NULL, &attributes);
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	(void)osKernelInitialize();
	mutex = osMutexNew(NULL);
	thread(0, run_low, osPriorityLow);
	thread(1, run_high, osPriorityHigh);
	return osKernelStart();
}
