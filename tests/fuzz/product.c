/* SPDX-License-Identifier: Apache-2.0 */
/* A product file under libFuzzer: any bytes are a product whose values are in range, or are refused with a message. */
#include "product.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
		abort();
	if (size == 0)
		return 0;
	FILE *stream = fmemopen((void *)(uintptr_t)data, size, "r");
	struct product product;
	struct report report = { .program = "productgen", .source = "", .separator = "", .stream = nowhere };
	bool accepted = product_read_stream(&product, stream, &report) && product_check(&product, &report);
	fclose(stream);
	if (accepted != (report.errors == 0))
		abort();
	for (enum key i = 0; accepted && i < KEY_COUNT; i++)
		if (product.values[i].number < key_rules[i].least || product.values[i].number > key_rules[i].most)
			abort();
	if (accepted)
		emit_header(nowhere, &product, "p", "b");
	return 0;
}
