/* SPDX-License-Identifier: Apache-2.0 */
/* One manifest: YAML (JSON is YAML) -> model. Every key is a row of a table; what is in no table is an error. */
#include "model.h"
#include "yaml_text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct model *model;
	struct report *report;
	const char *path;
	yaml_document_t *document;
};

/* A value of a key is written through one of these. `target` is the struct that the mapping describes. */
typedef bool value_reader(struct reader *reader, const yaml_node_t *node, const char *key, void *target);

struct key_rule {
	const char *name;
	value_reader *read;
	bool required;
};

static bool fail(struct reader *reader, const yaml_node_t *node, const char *key, const char *remedy, const char *what)
{
	char place[PLACE_MAX_SIZE];
	yaml_place(reader->path, node, place, PLACE_MAX_SIZE);
	report_error(reader->report, place, key, remedy, "%s", what);
	return false;
}

/* Decimal, or hexadecimal with 0x; also in quotes, as FF-M writes it. */
static bool read_number(struct reader *reader, const yaml_node_t *node, const char *key, uint32_t *number)
{
	const char *text = yaml_text(node);
	char *end = NULL;
	bool digits = text != NULL && isdigit((unsigned char)text[0]);
	unsigned long long value =
		digits ? strtoull(text, &end, text[0] == '0' && tolower((unsigned char)text[1]) == 'x' ? 16 : 10) : 0;
	if (!digits || *end != '\0' || value > UINT32_MAX)
		return fail(reader, node, key, "write a decimal number, or a hexadecimal one with 0x", "is no number of 32 bits");
	*number = (uint32_t)value;
	return true;
}

static bool read_bool(struct reader *reader, const yaml_node_t *node, const char *key, bool *value)
{
	const char *text = yaml_text(node);
	if (text == NULL || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
		return fail(reader, node, key, "write true or false", "is neither true nor false");
	*value = strcmp(text, "true") == 0;
	return true;
}

/* A name becomes part of C identifiers and file names. */
static bool read_name(struct reader *reader, const yaml_node_t *node, const char *key, char name[NAME_MAX_SIZE])
{
	const char *text = yaml_text(node);
	size_t size = text != NULL ? strlen(text) : 0;
	bool good = size > 0 && size < NAME_MAX_SIZE && !isdigit((unsigned char)text[0]);
	for (size_t i = 0; i < size && good; i++)
		good = isalnum((unsigned char)text[i]) || text[i] == '_';
	if (!good)
		return fail(reader, node, key, "write up to 47 letters, digits and _", "is no name");
	memcpy(name, text, size + 1);
	return true;
}

static bool read_choice(struct reader *reader, const yaml_node_t *node, const char *key, const char *const choices[2], bool *second)
{
	const char *text = yaml_text(node);
	for (int i = 0; text != NULL && i < 2; i++)
		if (strcmp(text, choices[i]) == 0) {
			*second = i == 1;
			return true;
		}
	char remedy[96];
	snprintf(remedy, sizeof remedy, "write %s or %s", choices[0], choices[1]);
	return fail(reader, node, key, remedy, "is not a word that it may be");
}

static bool read_mapping(struct reader *reader, const yaml_node_t *node, const char *what, const struct key_rule *rules,
			 void *target)
{
	uint64_t seen = 0;
	if (node->type != YAML_MAPPING_NODE)
		return fail(reader, node, what, "write keys and values", "is not a list of keys and values");
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
		const char *name = yaml_text(key);
		size_t i = 0;
		while (rules[i].name != NULL && (name == NULL || strcmp(rules[i].name, name) != 0))
			i++;
		if (rules[i].name == NULL)
			return fail(reader, key, name, "use a key of docs/manifest.md", "is no key here");
		if ((seen >> i & 1) != 0)
			return fail(reader, key, name, "remove one of the two", "is said twice");
		seen |= UINT64_C(1) << i;
		if (!rules[i].read(reader, yaml_document_get_node(reader->document, pair->value), name, target))
			return false;
	}
	for (size_t i = 0; rules[i].name != NULL; i++)
		if (rules[i].required && (seen >> i & 1) == 0)
			return fail(reader, node, rules[i].name, "add the key", "is missing");
	return true;
}

/* Each element of a list through one function. */
static bool read_list(struct reader *reader, const yaml_node_t *node, const char *key, value_reader *read, void *target)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return fail(reader, node, key, "write a list: [a, b]", "is no list");
	for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
		if (!read(reader, yaml_document_get_node(reader->document, *item), key, target))
			return false;
	return true;
}

static bool service_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct service *)target)->name);
}

static bool service_sid(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_number(reader, node, key, &((struct service *)target)->sid);
}

static bool service_version(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *version = &((struct service *)target)->version;
	if (!read_number(reader, node, key, version))
		return false;
	return *version > 0 || fail(reader, node, key, "write a number from 1 on", "0 means that there is no service");
}

static bool service_policy(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const choices[2] = { "RELAXED", "STRICT" };
	return read_choice(reader, node, key, choices, &((struct service *)target)->strict);
}

static bool service_nonsecure(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_bool(reader, node, key, &((struct service *)target)->nonsecure);
}

static bool service_connection(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_bool(reader, node, key, &((struct service *)target)->connection_based);
}

static bool service_handle(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *handle = &((struct service *)target)->handle;
	const char *text = yaml_text(node);
	if (text != NULL && strcmp(text, "auto") == 0)
		return true;
	if (!read_number(reader, node, key, handle))
		return false;
	return (*handle >= 1 && *handle <= SERVICES_MAX) || fail(reader, node, key, "write auto, or 1 to 32", "is out of range");
}

static bool service_description(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	(void)target;
	return yaml_text(node) != NULL || fail(reader, node, key, "write a sentence", "is no text");
}

static bool partition_service(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const struct key_rule rules[] = {
		{ "name", service_name, true },
		{ "sid", service_sid, true },
		{ "version", service_version, false },
		{ "version_policy", service_policy, false },
		{ "non_secure_clients", service_nonsecure, true },
		{ "connection_based", service_connection, false },
		{ "stateless_handle", service_handle, false },
		{ "description", service_description, false },
		{ NULL, NULL, false },
	};
	struct model *model = reader->model;
	if (model->service_count == SERVICES_MAX)
		return fail(reader, node, key, "use fewer services", "are more than the partition manager has room for");
	struct service *service = &model->services[model->service_count++];
	*service = (struct service) { .version = 1, .strict = true, .connection_based = true };
	service->partition = (size_t)((struct partition *)target - model->partitions);
	yaml_place(reader->path, node, service->place, PLACE_MAX_SIZE);
	return read_mapping(reader, node, key, rules, service);
}

static bool partition_services(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, partition_service, target);
}

static bool partition_dependency(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	struct partition *partition = target;
	if (partition->dependency_count == DEPENDENCIES_MAX)
		return fail(reader, node, key, "use fewer services", "are more than 16");
	struct dependency *dependency = &partition->dependencies[partition->dependency_count++];
	yaml_place(reader->path, node, dependency->place, PLACE_MAX_SIZE);
	return read_name(reader, node, key, dependency->name);
}

static bool partition_dependencies(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, partition_dependency, target);
}

static bool partition_framework(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const versions[2] = { "1.0", "1.1" };
	bool second;
	(void)target;
	return read_choice(reader, node, key, versions, &second);
}

static bool partition_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct partition *)target)->name);
}

static bool partition_type(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const types[2] = { "PSA-ROT", "APPLICATION-ROT" };
	return read_choice(reader, node, key, types, &((struct partition *)target)->application);
}

static bool partition_model(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	const char *text = yaml_text(node);
	(void)target;
	return (text != NULL && strcmp(text, "SFN") == 0) || fail(reader, node, key, "write SFN, and one function for each service",
								  "is no model that this partition manager has");
}

static bool partition_priority(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const words[] = { "HIGH", "NORMAL", "LOW" };
	const char *text = yaml_text(node);
	unsigned *priority = &((struct partition *)target)->priority;
	for (*priority = 0; *priority < sizeof words / sizeof words[0]; (*priority)++)
		if (text != NULL && strcmp(text, words[*priority]) == 0)
			return true;
	return fail(reader, node, key, "write LOW, NORMAL or HIGH", "is not a word that it may be");
}

static bool partition_entry(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct partition *)target)->entry_init);
}

static bool partition_stack(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *size = &((struct partition *)target)->stack_size;
	if (!read_number(reader, node, key, size))
		return false;
	return (*size >= 256 && *size % 8 == 0) ||
	       fail(reader, node, key, "write a multiple of 8 from 256 on", "is no size of a stack");
}

/* Devices of a partition need a boundary that isolation level 1 does not have: only an empty list is true. */
static bool partition_mmio(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	(void)target;
	return (node->type == YAML_SEQUENCE_NODE && node->data.sequence.items.start == node->data.sequence.items.top) ||
	       fail(reader, node, key, "write []: an SFN partition is given its devices by the image", "cannot be granted");
}

static bool partition_description(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return service_description(reader, node, key, target);
}

static bool read_partition(struct reader *reader)
{
	static const struct key_rule rules[] = {
		{ "psa_framework_version", partition_framework, true },
		{ "name", partition_name, true },
		{ "type", partition_type, true },
		{ "model", partition_model, true },
		{ "priority", partition_priority, true },
		{ "entry_init", partition_entry, false },
		{ "stack_size", partition_stack, true },
		{ "mmio_regions", partition_mmio, false },
		{ "dependencies", partition_dependencies, false },
		{ "services", partition_services, false },
		{ "description", partition_description, false },
		{ NULL, NULL, false },
	};
	struct model *model = reader->model;
	const yaml_node_t *root = yaml_document_get_root_node(reader->document);
	if (root == NULL || model->partition_count == PARTITIONS_MAX) {
		report_error(reader->report, reader->path, NULL, root == NULL ? "write a manifest" : "use fewer partitions", "%s",
			     root == NULL ? "is empty" : "is one partition more than there is room for");
		return false;
	}
	struct partition *partition = &model->partitions[model->partition_count++];
	memset(partition, 0, sizeof *partition);
	yaml_place(reader->path, root, partition->place, PLACE_MAX_SIZE);
	return read_mapping(reader, root, NULL, rules, partition);
}

bool manifest_read_stream(struct model *model, FILE *file, const char *path, struct report *report)
{
	yaml_parser_t parser;
	yaml_document_t document;
	struct reader reader = { model, report, path, &document };
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

bool manifest_read(struct model *model, const char *path, struct report *report)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		report_error(report, path, NULL, "name a manifest that exists", "cannot be opened");
		return false;
	}
	bool good = manifest_read_stream(model, file, path, report);
	fclose(file);
	return good;
}
