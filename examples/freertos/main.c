/* SPDX-License-Identifier: Apache-2.0 */
/* Merlon's demo (application, update agent over TLS, liveness) on a FreeRTOS kernel: images/nonsecure/main.c with another kernel below. */
#include <cmsis_os2.h>
#include <merlon/arch/nvic.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/client_lock.h>
#include <merlon/demo/demo.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/lan9118.h>
#include <merlon/nonsecure.h>

/* Secure memory, for the demo's command that must fail: any address of the Secure alias of the RAM. */
enum { SECURE_ADDRESS = 0x38000000, NETWORK_PRIORITY = 0x80 };

struct demo demo;

static struct cmsdk_uart uart;
static struct lan9118 ethernet;
static osMutexId_t secure_lock;

/* The demo's liveness thread alone decides whether the device lives; a Secure call of any thread is no proof. */
void merlon_show_life(void) {}

void ETHERNET_Handler(void);

void ETHERNET_Handler(void)
{
	nvic_disable(BOARD_NETWORK_IRQ);
	demo_on_frame();
}

static void listen(void)
{
	nvic_clear_pending(BOARD_NETWORK_IRQ);
	nvic_enable(BOARD_NETWORK_IRQ);
}

/* The Secure world serves one call at a time. A thread that is switched away from inside one holds the mutex until it is done. */
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
						       .secure_address = SECURE_ADDRESS };
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	lan9118_init(&ethernet, BOARD_NETWORK_BASE);
	nvic_set_priority(BOARD_NETWORK_IRQ, NETWORK_PRIORITY);
	(void)osKernelInitialize();
	secure_lock = osMutexNew(&attributes);
	merlon_client_lock_set(&lock);
	demo_start(&hardware);
	return osKernelStart();
}
