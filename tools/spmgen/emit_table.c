/* SPDX-License-Identifier: Apache-2.0 */
/* The partition manager's table: merlon/spm/table.h. */
#include "emit.h"
#include <inttypes.h>

#define RAM_END 0xa0000000u /* of the external RAM region, in which flash answers */

void emit_declarations(FILE *file, const struct model *model, size_t index)
{
	const struct partition *partition = &model->partitions[index];
	if (partition->entry_init[0] != '\0')
		fprintf(file, "psa_status_t %s(void);\n", partition->entry_init);
	if (partition->ipc)
		fprintf(file, "void %s(void);\n", partition->entry_point);
	for (size_t i = 0; i < model->service_count && !partition->ipc; i++)
		if (model->services[i].partition == index) {
			fputs("psa_status_t ", file);
			put_lower(file, model->services[i].name);
			fputs("_sfn(const psa_msg_t *msg);\n", file);
		}
	for (size_t i = 0; i < partition->irq_count; i++)
		if (partition->irqs[i].flih) {
			fputs("psa_flih_result_t ", file);
			put_lower(file, partition->irqs[i].name);
			fputs("_flih(void);\n", file);
		}
}

size_t model_rank(const struct model *model, size_t partition)
{
	size_t rank = 0;
	while (model->order[rank] != partition)
		rank++;
	return rank;
}

static uint32_t stack_size_of(const struct partition *partition)
{
	return (partition->stack_size + REGION_GRANULE - 1) & ~(uint32_t)(REGION_GRANULE - 1);
}

static void emit_memory(FILE *file, const struct partition *partition)
{
	const char *name = partition->name;
	if (partition->threaded)
		fprintf(file,
			"static uint8_t stack_%s[0x%" PRIx32 "] __attribute__((aligned(SPM_STACK_ALIGNMENT), "
			"section(\".bss.stack_%s\")));\n",
			name, stack_size_of(partition), name);
	if (partition->heap_size > 0) {
		fputs("uint8_t ", file);
		put_lower(file, name);
		fprintf(file, "_heap[0x%" PRIx32 "] __attribute__((aligned(8), section(\".bss.heap_%s\")));\n",
			partition->heap_size, name);
	}
}

/* Symbols of the linker script, and what they say. */
static void emit_place(FILE *file, const struct partition *partition)
{
	const char *name = partition->name;
	fprintf(file,
		"extern uint32_t partition_%s_code_start[], partition_%s_code_end[];\n"
		"extern uint32_t partition_%s_data_start[], partition_%s_data_initialised[], partition_%s_data_end[], "
		"partition_%s_data_load[];\n"
		"static const struct spm_memory_image memory_%s = { partition_%s_data_start, partition_%s_data_initialised, "
		"partition_%s_data_end,\n\tpartition_%s_data_load };\n",
		name, name, name, name, name, name, name, name, name, name, name);
}

static void emit_range(FILE *file, const struct range *range)
{
	static const char *const access[2][2] = { { "SPM_REGION_DEVICE_READ_ONLY", "SPM_REGION_DEVICE" },
						  { "SPM_REGION_CONSTANT", "SPM_REGION_DATA" } };
	fprintf(file, "\tSPM_REGION(0x%08" PRIx32 "u, 0x%08" PRIx32 "u, %s),\n", range->base, range->base + range->size,
		access[range->memory][range->writable]);
}

/* SRAM below or above the partition's own data, but for what else it is given there: only the partition manager's, and never executed. */
static void emit_sram(FILE *file, const struct model *model, const struct partition *partition, bool above, const char *own)
{
	char start[32] = "";
	if (!above)
		snprintf(start, sizeof start, "0x%08xu", (unsigned)SRAM_START);
	for (size_t i = 0; i < partition->range_count; i++) {
		const struct range *range = &partition->ranges[i];
		if (!range_is_in_sram(range) || (range->base >= model->data_start) != above)
			continue;
		fprintf(file, "\tSPM_REGION(%s%s, 0x%08" PRIx32 "u, SPM_REGION_PRIVILEGED_DATA),\n", start[0] != '\0' ? start : own,
			start[0] != '\0' ? "" : "_data_end", range->base);
		snprintf(start, sizeof start, "0x%08" PRIx32 "u", range->base + range->size);
	}
	fprintf(file, "\tSPM_REGION(%s%s, ", start[0] != '\0' ? start : own, start[0] != '\0' ? "" : "_data_end");
	if (above)
		fprintf(file, "0x%08xu", (unsigned)SRAM_END);
	else
		fprintf(file, "%s_data_start", own);
	fputs(", SPM_REGION_PRIVILEGED_DATA),\n", file);
}

/* Own data stands first. The two halves of SRAM around it are the partition manager's, so that nothing there executes. */
static void emit_map(FILE *file, const struct model *model, const struct partition *partition)
{
	char own[WORD_MAX_SIZE + 16] = "arot"; /* at level 2 the Application root of trust is one domain */
	if (model->options.isolation != 2)
		snprintf(own, sizeof own, "partition_%s", partition->name);
	fprintf(file,
		"static const struct spm_region map_%s[SPM_MAP_REGIONS] = {\n"
		"\tSPM_REGION(%s_data_start, %s_data_end, SPM_REGION_DATA),\n",
		partition->name, own, own);
	if (partition->sees_image)
		fprintf(file, "\tSPM_REGION(0x%08" PRIx32 "u, 0x%08" PRIx32 "u, SPM_REGION_CODE),\n", model->image_start,
			model->image_start + model->image_size);
	else
		fprintf(file,
			"\tSPM_REGION(spm_shared_start, spm_shared_end, SPM_REGION_CODE),\n"
			"\tSPM_REGION(%s_code_start, %s_code_end, SPM_REGION_CODE),\n",
			own, own);
	emit_sram(file, model, partition, false, own);
	emit_sram(file, model, partition, true, own);
	for (size_t i = 0; i < partition->range_count; i++)
		emit_range(file, &partition->ranges[i]);
	fputs("};\n", file);
}

/* Flash is data where whoever owns it is privileged. */
static void emit_privileged_map(FILE *file, const struct model *model)
{
	uint32_t end = model->image_start + model->image_size;
	fprintf(file,
		"\nstatic const struct spm_region privileged[SPM_MAP_REGIONS] = {\n"
		"\tSPM_REGION(0x%08xu, 0x%08xu, SPM_REGION_PRIVILEGED_DATA),\n" /* first: most buffers lie there */
		"\tSPM_REGION(0x00000000u, 0x%08xu, SPM_REGION_PRIVILEGED_CONSTANT),\n"
		"\tSPM_REGION(0x%08" PRIx32 "u, 0x%08" PRIx32 "u, SPM_REGION_PRIVILEGED_CODE),\n"
		"\tSPM_REGION(0x%08" PRIx32 "u, 0x%08xu, %s),\n};\n",
		SRAM_START, SRAM_END, SRAM_START, model->image_start, end, end, RAM_END,
		model->options.isolation == 3 ? "SPM_REGION_PRIVILEGED_CONSTANT" : "SPM_REGION_PRIVILEGED_DATA");
}

static void emit_partition(FILE *file, const struct model *model, const struct partition *partition, size_t thread)
{
	static const char *const priorities[] = { "HIGH", "NORMAL", "LOW" };
	const char *name = partition->name;
	uint32_t mask = 0;
	for (size_t j = 0; j < partition->dependency_count; j++)
		if (partition->dependencies[j].service != SERVICES_MAX)
			mask |= UINT32_C(1) << partition->dependencies[j].service;
	fprintf(file, "\t{ .name = \"%s\", .id = 0x%08" PRIx32 ", .dependencies = 0x%08" PRIx32 "u, ", name, partition->id, mask);
	if (partition->entry_init[0] != '\0')
		fprintf(file, ".init = %s, ", partition->entry_init);
	if (partition->ipc)
		fprintf(file, ".entry = %s, ", partition->entry_point);
	if (partition->ipc || partition->irq_count > 0)
		fprintf(file, ".signals = 0x%08" PRIx32 "u, ", partition->signals);
	if (partition->threaded)
		fprintf(file, ".thread = &threads[%zu], .stack = stack_%s, .stack_size = sizeof stack_%s, ", thread, name, name);
	if (partition->confined)
		fprintf(file, ".map = map_%s, ", name);
	if (model->options.layout)
		fprintf(file, ".memory = &memory_%s, ", name);
	fprintf(file, ".prepare = prepare_%s, ", partition->folder);
	fprintf(file, ".type = %s, .model = %s, .priority = SPM_PRIORITY_%s },\n",
		partition->application ? "SPM_APPLICATION_ROT" : "SPM_PSA_ROT", partition->ipc ? "SPM_IPC" : "SPM_SFN",
		priorities[partition->priority]);
}

static void emit_partitions(FILE *file, const struct model *model)
{
	size_t thread = 0, threads = 0;
	for (size_t i = 0; i < model->partition_count; i++) {
		const struct partition *partition = &model->partitions[model->order[i]];
		threads += partition->threaded;
		emit_declarations(file, model, model->order[i]);
		emit_memory(file, partition);
		fprintf(file, "extern void prepare_%s(void) __attribute__((weak)); /* images/secure */\n", partition->folder);
		if (model->options.layout)
			emit_place(file, partition);
		if (partition->confined)
			emit_map(file, model, partition);
	}
	if (threads > 0)
		fprintf(file, "\nstatic struct spm_thread threads[%zu];\n", threads);
	fprintf(file, "\nstatic const struct spm_partition partitions[] = {\n");
	for (size_t i = 0; i < model->partition_count; i++) {
		const struct partition *partition = &model->partitions[model->order[i]];
		emit_partition(file, model, partition, thread);
		thread += partition->threaded;
	}
	fprintf(file, "};\n");
}

static const char *word(bool value)
{
	return value ? "true" : "false";
}

static void emit_services(FILE *file, const struct model *model)
{
	fprintf(file, "\nstatic const struct spm_service services[] = {\n");
	for (size_t i = 0; i < model->service_count; i++) {
		const struct service *service = &model->services[i];
		fputs("\t{ ", file);
		if (model->partitions[service->partition].ipc) {
			fprintf(file, ".signal = 0x%08" PRIx32 "u", service->signal);
		} else {
			fputs(".function = ", file);
			put_lower(file, service->name);
			fputs("_sfn", file);
		}
		fprintf(file,
			", .sid = 0x%08" PRIx32 "u, .version = %" PRIu32
			"u, .partition = %zu, .strict = %s,\n\t\t.connection_based = %s, "
			".nonsecure = %s, .mm_iovec = %s },\n",
			service->sid, service->version, model_rank(model, service->partition), word(service->strict),
			word(service->connection_based), word(service->nonsecure), word(service->mm_iovec));
	}
	fprintf(file, "%s};\n", model->service_count == 0 ? "\t{ 0 },\n" : "");
}

static size_t emit_interrupts(FILE *file, const struct model *model)
{
	size_t count = 0;
	for (size_t i = 0; i < model->partition_count; i++)
		for (size_t n = 0; n < model->partitions[i].irq_count; n++) {
			const struct partition *partition = &model->partitions[i];
			const struct irq *irq = &partition->irqs[n];
			if (count++ == 0)
				fprintf(file, "\nstatic const struct spm_interrupt interrupts[] = {\n");
			fputs("\t{ ", file);
			if (irq->flih) {
				fputs(".function = ", file);
				put_lower(file, irq->name);
				fputs("_flih, ", file);
			}
			fprintf(file, ".signal = 0x%08" PRIx32 "u, .number = %" PRIu32 ", .partition = %zu, .enabled = %s },\n",
				irq->signal, irq->number, model_rank(model, i), word(partition->framework == FRAMEWORK_1_0));
		}
	if (count > 0)
		fprintf(file, "};\n");
	return count;
}

static void emit_handles(FILE *file, const struct model *model)
{
	fprintf(file, "\nstatic const uint8_t stateless[SPM_SERVICES_MAX + 1] = {\n");
	for (uint32_t handle = 0; handle <= SERVICES_MAX; handle++) {
		size_t service = 0;
		while (service < model->service_count && (handle == 0 || model->services[service].handle != handle))
			service++;
		fprintf(file, "\t[%" PRIu32 "] = 0x%02zx,\n", handle, service < model->service_count ? service : 0xff);
	}
	fprintf(file, "};\n");
}

void emit_table(FILE *file, const struct model *model)
{
	emit_head(file, "the partition table");
	fprintf(file, "#include <merlon/spm/spm.h>\n\n");
	if (model->options.layout && model->options.isolation > 1)
		fprintf(file, "extern uint32_t spm_shared_start[], spm_shared_end[];\n");
	if (model->options.layout && model->options.isolation == 2)
		fprintf(file, "extern uint32_t arot_code_start[], arot_code_end[], arot_data_start[], arot_data_end[];\n");
	emit_partitions(file, model);
	emit_services(file, model);
	size_t interrupts = emit_interrupts(file, model);
	emit_handles(file, model);
	if (model->options.layout)
		emit_privileged_map(file, model);
	fprintf(file,
		"\nconst struct spm_table spm_table = {\n"
		"\t.partitions = partitions,\n\t.services = services,\n\t.stateless = stateless,\n%s%s"
		"\t.partition_count = %zu,\n\t.service_count = %zu,\n\t.interrupt_count = %zu,\n};\n",
		interrupts > 0 ? "\t.interrupts = interrupts,\n" : "", model->options.layout ? "\t.privileged = privileged,\n" : "",
		model->partition_count, model->service_count, interrupts);
}
