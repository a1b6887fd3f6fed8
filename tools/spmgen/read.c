/* SPDX-License-Identifier: Apache-2.0 */
/* One manifest: YAML (JSON is YAML) -> model. Every key is a row of a table; what is in no table is an error. */
#include "reader.h"
#include <ctype.h>
#include <string.h>

static bool add_dependency(struct reader *reader, const yaml_node_t *node, const char *key, struct partition *partition, bool weak)
{
	if (partition->dependency_count == DEPENDENCIES_MAX)
		return reader_fail(reader, node, key, "use fewer services", "are more than 16");
	struct dependency *dependency = &partition->dependencies[partition->dependency_count++];
	yaml_place(reader->path, node, dependency->place, PLACE_MAX_SIZE);
	dependency->weak = weak;
	return read_name(reader, node, key, dependency->name);
}

static bool partition_dependency(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return add_dependency(reader, node, key, target, false);
}

static bool partition_weak_dependency(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return add_dependency(reader, node, key, target, true);
}

static bool partition_dependencies(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, partition_dependency, target);
}

static bool partition_weak_dependencies(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, partition_weak_dependency, target);
}

static bool partition_framework(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const versions[] = { "1.0", "1.1" };
	unsigned choice = 0;
	bool good = read_choice(reader, node, key, versions, 2, &choice);
	((struct partition *)target)->framework = choice == 0 ? FRAMEWORK_1_0 : FRAMEWORK_1_1;
	return good;
}

static bool partition_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct partition *)target)->name);
}

static bool partition_type(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const types[] = { "PSA-ROT", "APPLICATION-ROT" };
	unsigned choice = 0;
	if (!read_choice(reader, node, key, types, 2, &choice))
		return false;
	((struct partition *)target)->application = choice == 1;
	return choice == 0 || !reader->model->options.arotless ||
	       reader_fail(reader, node, key, "leave the partition out of the product, or write arotless: no",
			   "is not for a product of the ARoT-less profile");
}

static bool partition_model(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const models[] = { "IPC", "SFN" };
	unsigned choice = 0;
	bool good = read_choice(reader, node, key, models, 2, &choice);
	((struct partition *)target)->ipc = choice == 0;
	return good;
}

static bool partition_priority(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const priorities[] = { "HIGH", "NORMAL", "LOW" };
	return read_choice(reader, node, key, priorities, 3, &((struct partition *)target)->priority);
}

static bool partition_entry_init(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct partition *)target)->entry_init);
}

static bool partition_entry_point(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct partition *)target)->entry_point);
}

static bool partition_stack(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *size = &((struct partition *)target)->stack_size;
	if (!read_number(reader, node, key, size))
		return false;
	return (*size >= 256 && *size <= 0x100000 && *size % 8 == 0) ||
	       reader_fail(reader, node, key, "write a multiple of 8 from 256 to 0x100000", "is no size of a stack");
}

static bool partition_heap(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *size = &((struct partition *)target)->heap_size;
	if (!read_number(reader, node, key, size))
		return false;
	return (*size <= 0x100000 && *size % 8 == 0) ||
	       reader_fail(reader, node, key, "write a multiple of 8 up to 0x100000", "is no size of a heap");
}

static const struct key_rule partition_rules[] = {
	{ "psa_framework_version", partition_framework, true, KEY_ALWAYS },
	{ "name", partition_name, true, KEY_ALWAYS },
	{ "type", partition_type, true, KEY_ALWAYS },
	{ "model", partition_model, true, KEY_ONLY_1_1 },
	{ "priority", partition_priority, true, KEY_ALWAYS },
	{ "entry_init", partition_entry_init, false, KEY_ONLY_1_1 },
	{ "entry_point", partition_entry_point, false, KEY_ALWAYS },
	{ "stack_size", partition_stack, true, KEY_ALWAYS },
	{ "heap_size", partition_heap, false, KEY_ALWAYS },
	{ "mmio_regions", read_regions, false, KEY_ALWAYS },
	{ "irqs", read_irqs, false, KEY_ALWAYS },
	{ "dependencies", partition_dependencies, false, KEY_ALWAYS },
	{ "weak_dependencies", partition_weak_dependencies, false, KEY_ALWAYS },
	{ "services", read_services, false, KEY_ALWAYS },
	{ "description", read_description, false, KEY_ALWAYS },
	{ 0 },
};

/* What the other keys mean depends on the framework version, which may stand behind them. */
static bool find_framework(struct reader *reader, const yaml_node_t *root)
{
	static const char key[] = "psa_framework_version";
	if (root->type != YAML_MAPPING_NODE)
		return true; /* read_mapping() says so */
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
		const char *name = yaml_text(yaml_document_get_node(reader->document, pair->key));
		if (name != NULL && strcmp(name, key) == 0)
			return partition_framework(reader, yaml_document_get_node(reader->document, pair->value), key,
						   reader->partition);
	}
	return true;
}

/* FF-M 1.0 knows partitions with an entry point only. */
static bool check_entry(struct reader *reader, const yaml_node_t *root)
{
	const struct partition *partition = reader->partition;
	if (partition->ipc && partition->entry_point[0] == '\0')
		return reader_fail(reader, root, "entry_point", "name the function that is the partition's thread", "is missing");
	if (partition->ipc && partition->entry_init[0] != '\0')
		return reader_fail(reader, root, "entry_init", "write entry_point", "belongs to the SFN model");
	if (!partition->ipc && partition->entry_point[0] != '\0')
		return reader_fail(reader, root, "entry_point", "write entry_init, or model: IPC", "belongs to the IPC model");
	size_t index = (size_t)(partition - reader->model->partitions), count = reader->model->service_count;
	bool serves = count > 0 && reader->model->services[count - 1].partition == index;
	if (!partition->ipc && !serves && partition->entry_init[0] == '\0')
		return reader_fail(reader, root, "services", "add a service or entry_init", "are none: nothing would ever run");
	return true;
}

/* path/to/its.manifest.yaml -> its.manifest and to: names of a header and of a function. */
static bool find_names(struct reader *reader, struct partition *partition)
{
	const char *slash = strrchr(reader->path, '/');
	const char *file = slash != NULL ? slash + 1 : reader->path, *dot = strrchr(file, '.');
	size_t size = dot != NULL ? (size_t)(dot - file) : strlen(file);
	bool good = size > 0 && size < WORD_MAX_SIZE;
	if (good)
		snprintf(partition->file, WORD_MAX_SIZE, "%.*s", (int)size, file);
	for (const char *c = partition->file; good && *c != '\0'; c++)
		good = isalnum((unsigned char)*c) || *c == '_' || *c == '-' || *c == '.';
	if (!good) {
		report_error(reader->report, reader->path, NULL, "use letters, digits, _, - and . in fewer than 48 characters",
			     "the manifest's file name makes no name of a header");
		return false;
	}
	const char *begin = slash;
	while (begin != NULL && begin > reader->path && begin[-1] != '/')
		begin--;
	snprintf(partition->folder, WORD_MAX_SIZE, "%.*s", begin != NULL ? (int)(slash - begin) : 0, begin != NULL ? begin : "");
	return true;
}

static bool read_partition(struct reader *reader)
{
	struct model *model = reader->model;
	const yaml_node_t *root = yaml_document_get_root_node(reader->document);
	if (root == NULL || model->partition_count == PARTITIONS_MAX) {
		report_error(reader->report, reader->path, NULL, root == NULL ? "write a manifest" : "use fewer partitions", "%s",
			     root == NULL ? "is empty" : "is one partition more than there is room for");
		return false;
	}
	struct partition *partition = &model->partitions[model->partition_count++];
	*partition = (struct partition) { .ipc = true };
	reader->partition = partition;
	yaml_place(reader->path, root, partition->place, PLACE_MAX_SIZE);
	return find_names(reader, partition) && find_framework(reader, root) &&
	       read_mapping(reader, root, NULL, partition_rules, partition) && check_entry(reader, root);
}

bool manifest_read_stream(struct model *model, FILE *file, const char *path, struct report *report)
{
	yaml_parser_t parser;
	yaml_document_t document;
	struct reader reader = { model, report, path, &document, NULL };
	if (yaml_parser_initialize(&parser) == 0) {
		report_error(report, path, NULL, "make room in memory", "cannot be parsed");
		return false;
	}
	yaml_parser_set_input_file(&parser, file);
	bool good = yaml_parser_load(&parser, &document) != 0;
	if (good) {
		good = read_partition(&reader);
		yaml_document_delete(&document);
	} else {
		char place[PLACE_MAX_SIZE];
		snprintf(place, sizeof place, "%s:%zu", path, parser.problem_mark.line + 1);
		report_error(report, place, NULL, "write YAML or JSON", "%s",
			     parser.problem != NULL ? parser.problem : "cannot be read");
	}
	yaml_parser_delete(&parser);
	return good;
}

bool manifest_read(struct model *model, const char *path, const char *archives, bool outside, struct report *report)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		report_error(report, path, NULL, "name a manifest that exists", "cannot be opened");
		return false;
	}
	bool good = manifest_read_stream(model, file, path, report);
	fclose(file);
	if (good) {
		struct partition *partition = &model->partitions[model->partition_count - 1];
		partition->outside = outside;
		good = snprintf(partition->archives, sizeof partition->archives, "%s", archives) < ARCHIVES_MAX_SIZE;
		if (!good)
			report_error(report, path, NULL, "use fewer static libraries", "has too many static libraries");
	}
	return good;
}
