/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/demo/demo.h>
#include <string.h>

void demo_say(const char *line)
{
	(void)osMutexAcquire(demo.console_lock, osWaitForever);
	console_write_text(demo.hardware->console, line);
	console_write_text(demo.hardware->console, "\n");
	(void)osMutexRelease(demo.console_lock);
}

void demo_sign_of_life(enum demo_worker worker)
{
	demo.seen_ms[worker] = osKernelGetTickCount();
}

static osThreadId_t thread_new(const char *name, osThreadFunc_t function, osPriority_t priority, void *stack, uint32_t stack_size)
{
	osThreadAttr_t attributes = { .name = name, .stack_mem = stack, .stack_size = stack_size, .priority = priority };
	return osThreadNew(function, NULL, &attributes);
}

void demo_start(const struct demo_hardware *hardware)
{
	memset(&demo, 0, sizeof demo);
	demo.hardware = hardware;
	demo.console_lock = osMutexNew(NULL);
	/* Liveness first: nothing keeps the others from being heard. The application before the network. */
	thread_new("liveness", demo_liveness, osPriorityHigh, demo.liveness_stack, sizeof demo.liveness_stack);
	thread_new("application", demo_application, osPriorityNormal, demo.application_stack, sizeof demo.application_stack);
	demo.updater = thread_new("updater", demo_updater, osPriorityBelowNormal, demo.updater_stack, sizeof demo.updater_stack);
}
