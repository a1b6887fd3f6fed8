/* SPDX-License-Identifier: Apache-2.0 */
/* The Non-secure image: the demo on the kernel, with the drivers of this board. */
#include "variants/variant.h"
#include <cmsis_os2.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/thread.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/board/memory.h>
#include <merlon/client_lock.h>
#include <merlon/demo/demo.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/lan9118.h>
#include <merlon/rtos/rtos.h>

static void on_frame(void);

VECTORS const struct vectors vectors = {
	.core = { .stack = stack_top, .reset = variant_reset, .pending_call = PendSV_Handler, .tick = SysTick_Handler },
	.interrupt = { [BOARD_NETWORK_IRQ] = on_frame },
};

struct rtos rtos_kernel;
struct demo demo;
uint32_t SystemCoreClock = BOARD_CLOCK_HZ;

static struct cmsdk_uart uart;
static struct lan9118 ethernet;
static osMutexId_t secure_lock;

static void on_frame(void)
{
	nvic_disable(BOARD_NETWORK_IRQ);
	demo_on_frame();
}

static void listen(void)
{
	nvic_clear_pending(BOARD_NETWORK_IRQ);
	nvic_enable(BOARD_NETWORK_IRQ);
}

static void lock_acquire(void *context)
{
	(void)context;
	(void)osMutexAcquire(secure_lock, osWaitForever);
}

static void lock_release(void *context)
{
	(void)context;
	(void)osMutexRelease(secure_lock);
}

int main(void)
{
	static const struct merlon_client_lock lock = { .acquire = lock_acquire, .release = lock_release };
	static const osMutexAttr_t attributes = { .name = "secure calls", .attr_bits = osMutexPrioInherit };
	static const struct demo_hardware hardware = { .console = &uart.console,
						       .ethernet = &ethernet.ethernet,
						       .ethernet_listen = listen,
						       .secure_address = BOARD_SECURE_DATA_BASE };
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	lan9118_init(&ethernet, BOARD_NETWORK_BASE);
	(void)osKernelInitialize();
	secure_lock = osMutexNew(&attributes);
	merlon_client_lock_set(&lock);
	demo_start(&hardware);
	return osKernelStart();
}
