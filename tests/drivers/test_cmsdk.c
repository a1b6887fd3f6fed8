/* SPDX-License-Identifier: Apache-2.0 */
/* What the CMSDK drivers store, over plain memory in place of registers. */
#include <merlon/drivers/cmsdk_dualtimer.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/drivers/cmsdk_watchdog.h>
#include <merlon/drivers/fpgaio_counter.h>
#include <merlon/test.h>
#include <string.h>

enum { LOAD = 0, CONTROL = 2, INTERRUPT_CLEAR = 3, LOCK = 0xc00 / 4, WORDS = LOCK + 1 };
static uint32_t words[WORDS];

TEST(the_watchdog_is_started_and_locked, CLAIM("watchdog.driver"), FUNCTIONAL)
{
	struct cmsdk_watchdog watchdog;
	memset(words, 0, sizeof words);
	cmsdk_watchdog_init(&watchdog, (uintptr_t)words, 32768);
	CHECK_EQ(words[CONTROL], 0);
	words[LOCK] = 1;
	CHECK_EQ(watchdog_start(&watchdog.watchdog, 10000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 327680);
	CHECK_EQ(words[CONTROL], 3);
	CHECK_EQ(words[LOCK], 0);
	words[LOCK] = 1;
	watchdog_feed(&watchdog.watchdog);
	CHECK_EQ(words[INTERRUPT_CLEAR], 1);
	CHECK_EQ(words[LOCK], 0);
	CHECK_EQ(watchdog_start(&watchdog.watchdog, 1), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 32);
}

TEST(a_period_that_the_watchdog_cannot_count_is_refused, CLAIM("watchdog.driver"), MALFORMED)
{
	struct cmsdk_watchdog watchdog;
	memset(words, 0, sizeof words);
	cmsdk_watchdog_init(&watchdog, (uintptr_t)words, 20000000);
	CHECK_EQ(watchdog_start(&watchdog.watchdog, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(watchdog_start(&watchdog.watchdog, 215000), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(words[LOAD], 0);
	CHECK_EQ(watchdog_start(&watchdog.watchdog, 213000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 4260000000u);
}

TEST(the_dual_timer_counts_every_period, CLAIM("timer.driver"), FUNCTIONAL)
{
	struct cmsdk_dualtimer timer;
	memset(words, 0xff, sizeof words);
	cmsdk_dualtimer_init(&timer, (uintptr_t)words, 20000000);
	CHECK_EQ(words[CONTROL], 0);
	CHECK_EQ(timer_start_once(&timer.timer, 60000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 1200000000);
	CHECK_EQ(words[CONTROL], 0xe3);
	CHECK_EQ(timer_start_periodic(&timer.timer, 1000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 20000);
	CHECK_EQ(words[CONTROL], 0xe2);
	/* Longer than 2^32 ticks: divided by 16, then by 256. */
	CHECK_EQ(timer_start_once(&timer.timer, 300000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 375000000);
	CHECK_EQ(words[CONTROL], 0xe7);
	CHECK_EQ(timer_start_once(&timer.timer, 3600000), PSA_SUCCESS);
	CHECK_EQ(words[LOAD], 281250000);
	CHECK_EQ(words[CONTROL], 0xeb);
	CHECK_EQ(timer_start_once(&timer.timer, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(timer_start_once(&timer.timer, TIMER_PERIOD_MAX_MS + 1), PSA_ERROR_INVALID_ARGUMENT);
	timer_stop(&timer.timer);
	CHECK_EQ(words[CONTROL], 0);
}

TEST(the_console_writes_text_and_numbers, CLAIM("console.driver"), FUNCTIONAL)
{
	struct cmsdk_uart uart;
	memset(words, 0, sizeof words);
	cmsdk_uart_init(&uart, (uintptr_t)words, 20000000);
	CHECK_EQ(words[4], 173);
	CHECK_EQ(words[CONTROL], 3);
	console_write_text(&uart.console, "x");
	CHECK_EQ(words[0], 'x');
	console_write_decimal(&uart.console, 4294967295u);
	CHECK_EQ(words[0], '5');
	console_write_hex32(&uart.console, 0x1234abcd);
	CHECK_EQ(words[0], 'd');
	char byte;
	CHECK_EQ(console_read(&uart.console, &byte, 1), 0);
}

TEST(elapsed_time_survives_the_wrap, CLAIM("timer.driver"), FUNCTIONAL)
{
	struct fpgaio_counter counter;
	memset(words, 0, sizeof words);
	fpgaio_counter_init(&counter, (uintptr_t)words, 20000000);
	words[0x18 / 4] = 0xfffffff0u;
	CHECK_EQ(counter_read(&counter.counter), 0xfffffff0u);
	CHECK_EQ(counter_elapsed_us(&counter.counter, 0xfffffff0u, 0x18), 2);
}
