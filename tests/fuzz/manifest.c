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
	model = (struct model) { .options = { .isolation = 1 + data[size - 1] % 3, .layout = true } };
	bool accepted = manifest_read_stream(&model, stream, "m", &report) && model_check(&model, &report);
	fclose(stream);
	if (accepted != (report.errors == 0))
		abort();
	for (size_t i = 0; accepted && i < model.service_count; i++)
		if (model.services[i].partition >= model.partition_count || model.services[i].handle > SERVICES_MAX)
			abort();
	if (accepted) {
		model_plan(&model);
		emit_table(nowhere, &model);
		emit_manifest(nowhere, &model, 0);
		emit_code_layout(nowhere, &model);
		emit_data_layout(nowhere, &model);
		emit_json(nowhere, &model);
	}
	return 0;
}
