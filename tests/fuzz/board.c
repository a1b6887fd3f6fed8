/* SPDX-License-Identifier: Apache-2.0 */
/* A device tree under libFuzzer: any bytes are a board that can be written out, or are refused with a message. */
#include "emit.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct board board;
	static FILE *nowhere;
	if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
		abort();
	struct report report = { .program = "boardgen", .source = "board.dts", .separator = ": ", .stream = nowhere };
	bool accepted = board_read(&board, data, size, &report) && board_check(&board, &report);
	if (accepted != (report.errors == 0))
		abort();
	for (size_t i = 0; accepted && i < output_count; i++)
		outputs[i].write(nowhere, &board);
	return 0;
}
