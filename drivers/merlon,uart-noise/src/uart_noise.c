/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/uart_noise.h>

static psa_status_t noise_source_read(const struct noise_source *source, uint8_t *raw, size_t size)
{
	const struct console *uart = ((const struct uart_noise *)source)->uart;
	size_t done = 0;
	for (uint32_t polls = 0; done < size; polls++) {
		size_t got = console_read(uart, raw + done, size - done);
		done += got;
		if (got > 0)
			polls = 0;
		else if (polls == UART_NOISE_POLL_MAX)
			return PSA_ERROR_HARDWARE_FAILURE;
	}
	return PSA_SUCCESS;
}

void uart_noise_init(struct uart_noise *noise, const struct console *uart)
{
	static const struct noise_source_ops ops = { .read = noise_source_read };
	*noise = (struct uart_noise) { .source = { .ops = &ops }, .uart = uart };
}
