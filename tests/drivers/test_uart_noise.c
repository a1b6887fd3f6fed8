/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/uart_noise.h>
#include <merlon/test.h>

/* A console that has a byte at every third look, `left` bytes in all. */
struct slow_console {
	struct console console;
};
static unsigned looks, left;

static size_t slow_read(const struct console *console, void *data, size_t capacity)
{
	(void)console;
	if (++looks % 3 != 0 || capacity == 0 || left == 0)
		return 0;
	*(uint8_t *)data = (uint8_t)left--;
	return 1;
}

static const struct console_ops slow_ops = { .read = slow_read };
static const struct slow_console slow = { .console = { .ops = &slow_ops } };

TEST(late_bytes_are_waited_for, CLAIM("crypto.entropy.health"), FUNCTIONAL)
{
	struct uart_noise noise;
	uint8_t raw[5];
	left = sizeof raw;
	uart_noise_init(&noise, &slow.console);
	CHECK_EQ(noise.source.ops->read(&noise.source, raw, sizeof raw), PSA_SUCCESS);
	CHECK(raw[0] == 5 && raw[4] == 1);
}

TEST(a_silent_source_is_given_up, CLAIM("crypto.entropy.health"), ATTACK)
{
	struct uart_noise noise;
	uint8_t raw[5];
	left = 2;
	uart_noise_init(&noise, &slow.console);
	CHECK_EQ(noise.source.ops->read(&noise.source, raw, sizeof raw), PSA_ERROR_HARDWARE_FAILURE);
}
