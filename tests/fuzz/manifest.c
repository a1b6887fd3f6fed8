/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest under libFuzzer: any bytes become a table that holds together, or are refused with a message. */
#include "model.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	static struct model model;
	if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
		abort();
	if (size == 0)
		return 0;
	FILE *stream = fmemopen((void *)(uintptr_t)data, size, "r");
	struct report report = { .program = "spmgen", .source = "", .separator = "", .stream = nowhere };
	model = (struct model) { 0 };
	bool accepted = manifest_read_stream(&model, stream, "m", &report) && model_check(&model, &report);
	fclose(stream);
	if (accepted != (report.errors == 0))
		abort();
	for (size_t i = 0; accepted && i < model.service_count; i++)
		if (model.services[i].partition >= model.partition_count || model.services[i].handle > SERVICES_MAX)
			abort();
	if (accepted)
		emit_table(nowhere, &model);
	return 0;
}
