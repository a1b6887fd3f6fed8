/* SPDX-License-Identifier: Apache-2.0 */
/* What `merlon partitions` shows. Names are C identifiers: nothing needs escaping. */
#include "emit.h"
#include <inttypes.h>

static const char *comma(size_t index)
{
	return index == 0 ? "" : ", ";
}

static void emit_services(FILE *file, const struct model *model, size_t partition)
{
	size_t count = 0;
	fputs("    \"services\": [", file);
	for (size_t i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];
		if (service->partition == partition)
			fprintf(file, "%s{\"name\": \"%s\", \"sid\": %" PRIu32 ", \"non_secure_clients\": %s}", comma(count++),
				service->name, service->sid, service->nonsecure ? "true" : "false");
	}
	fputs("],\n", file);
}

static void emit_resources(FILE *file, const struct partition *partition)
{
	fputs("    \"devices\": [", file);
	for (size_t i = 0; i < partition->resource_count; i++)
		fprintf(file, "%s\"%s\"", comma(i), partition->resources[i].label);
	fputs("],\n    \"interrupts\": [", file);
	for (size_t i = 0; i < partition->irq_count; i++)
		fprintf(file, "%s%" PRIu32, comma(i), partition->irqs[i].number);
	fputs("],\n", file);
}

static void emit_dependencies(FILE *file, const struct partition *partition)
{
	size_t count = 0;
	fputs("    \"calls\": [", file);
	for (size_t i = 0; i < partition->dependency_count; i++)
		if (partition->dependencies[i].service != SERVICES_MAX)
			fprintf(file, "%s\"%s\"", comma(count++), partition->dependencies[i].name);
	fputs("] }", file);
}

void emit_json(FILE *file, const struct model *model)
{
	fprintf(file, "{ \"isolation_level\": %u, \"main_stack\": %" PRIu32 ", \"partitions\": [\n", model->options.isolation,
		model->main_stack_size);
	for (size_t i = 0; i < model->partition_count; i++) {
		const struct partition *partition = &model->partitions[model->order[i]];
		fprintf(file,
			"%s  { \"name\": \"%s\", \"id\": %" PRIu32 ", \"type\": \"%s\", \"model\": \"%s\", \"outside\": %s,\n"
			"    \"stack\": %" PRIu32 ", \"heap\": %" PRIu32 ", \"own_stack\": %s, \"confined\": %s,\n",
			i == 0 ? "" : ",\n", partition->name, partition->id, partition->application ? "APPLICATION-ROT" : "PSA-ROT",
			partition->ipc ? "IPC" : "SFN", partition->outside ? "true" : "false", partition->stack_size,
			partition->heap_size, partition->threaded ? "true" : "false", partition->confined ? "true" : "false");
		emit_services(file, model, model->order[i]);
		emit_resources(file, partition);
		emit_dependencies(file, partition);
	}
	fputs("\n] }\n", file);
}
