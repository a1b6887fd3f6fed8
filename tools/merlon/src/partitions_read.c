/* SPDX-License-Identifier: Apache-2.0 */
/* JSON is YAML; the link map and the tests' figures are lines of text. */
#include "file.h"
#include "partitions.h"
#include "yaml_text.h"
#include <stdlib.h>
#include <string.h>

static const char *const remedy = "./dev build %s --product %s";

static const yaml_node_t *member(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top; pair++) {
		const char *name = yaml_text(yaml_document_get_node(document, pair->key));
		if (name != NULL && strcmp(name, key) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

/* A scalar's text; "" when it is none. */
static const char *text_of(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	const yaml_node_t *node = member(document, mapping, key);
	const char *text = node != NULL ? yaml_text(node) : NULL;
	return text != NULL ? text : "";
}

static uint32_t number_of(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	return (uint32_t)strtoul(text_of(document, mapping, key), NULL, 10);
}

static bool is_true(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	return strcmp(text_of(document, mapping, key), "true") == 0;
}

/* The elements of a list, one after the other; NULL at its end. */
static const yaml_node_t *element(yaml_document_t *document, const yaml_node_t *list, size_t index)
{
	if (list == NULL || list->type != YAML_SEQUENCE_NODE)
		return NULL;
	const yaml_node_item_t *item = list->data.sequence.items.start + index;
	return item < list->data.sequence.items.top ? yaml_document_get_node(document, *item) : NULL;
}

static void read_services(struct partitions *partitions, yaml_document_t *document, const yaml_node_t *list)
{
	const yaml_node_t *node;
	for (size_t i = 0; (node = element(document, list, i)) != NULL && partitions->service_count < SERVICES_MAX; i++) {
		struct partition_service *service = &partitions->services[partitions->service_count++];
		snprintf(service->name, WORD_SIZE, "%s", text_of(document, node, "name"));
		service->sid = number_of(document, node, "sid");
		service->nonsecure = is_true(document, node, "non_secure_clients");
		service->owner = partitions->count;
	}
}

static void read_row(struct partitions *partitions, yaml_document_t *document, const yaml_node_t *node)
{
	struct partition_row *row = &partitions->rows[partitions->count];
	const yaml_node_t *devices = member(document, node, "devices"), *calls = member(document, node, "calls"), *item;
	snprintf(row->name, WORD_SIZE, "%s", text_of(document, node, "name"));
	snprintf(row->type, WORD_SIZE, "%s", text_of(document, node, "type"));
	snprintf(row->model, WORD_SIZE, "%s", text_of(document, node, "model"));
	for (size_t i = 0; (item = element(document, devices, i)) != NULL && yaml_text(item) != NULL; i++) {
		size_t used = strlen(row->devices);
		snprintf(row->devices + used, LIST_SIZE - used, "%s%s", i > 0 ? " " : "", yaml_text(item));
	}
	for (; (item = element(document, calls, row->call_count)) != NULL && row->call_count < CALLS_MAX; row->call_count++)
		snprintf(row->calls[row->call_count], WORD_SIZE, "%s", yaml_text(item) != NULL ? yaml_text(item) : "");
	row->own_stack = is_true(document, node, "own_stack");
	row->confined = is_true(document, node, "confined");
	row->outside = is_true(document, node, "outside");
	row->stack = number_of(document, node, "stack");
	row->heap = number_of(document, node, "heap");
	row->stack_used = UNMEASURED;
	read_services(partitions, document, member(document, node, "services"));
	partitions->count++;
}

static bool read_description(struct partitions *partitions, const char *path, struct error *error)
{
	struct buffer file;
	yaml_parser_t parser;
	yaml_document_t document;
	if (!file_read(path, &file, error))
		return error_try(error, remedy, partitions->board, partitions->product);
	bool good = yaml_parser_initialize(&parser) != 0;
	if (good) {
		yaml_parser_set_input_string(&parser, file.data, file.size);
		good = yaml_parser_load(&parser, &document) != 0;
	}
	if (good) {
		const yaml_node_t *root = yaml_document_get_root_node(&document), *node;
		partitions->isolation_level = number_of(&document, root, "isolation_level");
		partitions->main_stack = number_of(&document, root, "main_stack");
		for (size_t i = 0;
		     (node = element(&document, member(&document, root, "partitions"), i)) != NULL && i < PARTITIONS_MAX; i++)
			read_row(partitions, &document, node);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	buffer_free(&file);
	return good ? true : error_set(error, "%s: is no description of partitions", path);
}

/* The address that the link map gives `partition_NAME_EDGE`; 0: none. The line is: address, name, `=`, what it was computed from. */
static uint32_t symbol(const char *map, const char *name, const char *edge)
{
	char wanted[WORD_SIZE + 40];
	int size = snprintf(wanted, sizeof wanted, " partition_%s_%s = ", name, edge);
	const char *found = strstr(map, wanted);
	if (found == NULL || size >= (int)sizeof wanted)
		return 0;
	const char *line = found;
	while (line > map && line[-1] != '\n')
		line--;
	return (uint32_t)strtoul(line, NULL, 16);
}

static bool read_map(struct partitions *partitions, const char *path, struct error *error)
{
	struct buffer file;
	if (!file_read(path, &file, error))
		return error_try(error, remedy, partitions->board, partitions->product);
	const char *map = (const char *)file.data;
	for (size_t i = 0; i < partitions->count; i++) {
		struct partition_row *row = &partitions->rows[i];
		row->flash = symbol(map, row->name, "code_end") - symbol(map, row->name, "code_start");
		row->ram = symbol(map, row->name, "data_end") - symbol(map, row->name, "data_start");
	}
	buffer_free(&file);
	return true;
}

/* Lines `NAME BYTES`, and `main BYTES`. Nothing is wrong when no test has measured yet. */
static void read_measured(struct partitions *partitions, const char *path)
{
	FILE *file = fopen(path, "r");
	char name[WORD_SIZE];
	unsigned long used;
	partitions->main_stack_used = UNMEASURED;
	while (file != NULL && fscanf(file, "%47s %lu", name, &used) == 2) {
		if (strcmp(name, "main") == 0)
			partitions->main_stack_used = (int64_t)used;
		for (size_t i = 0; i < partitions->count; i++)
			if (strcmp(partitions->rows[i].name, name) == 0)
				partitions->rows[i].stack_used = (int64_t)used;
	}
	if (file != NULL)
		fclose(file);
}

bool partitions_read(struct partitions *partitions, struct error *error)
{
	char path[3][1024];
	const char *root = partitions->root, *board = partitions->board, *product = partitions->product;
	snprintf(path[0], sizeof path[0], "%s/build/%s-%s/generated/spm/partitions.json", root, board, product);
	snprintf(path[1], sizeof path[1], "%s/build/%s-%s/bin/secure.map", root, board, product);
	snprintf(path[2], sizeof path[2], "%s/build/test/stack-%s-%s.txt", root, board, product);
	if (!read_description(partitions, path[0], error) || !read_map(partitions, path[1], error))
		return false;
	read_measured(partitions, path[2]);
	return true;
}

bool partitions_may_call(const struct partitions *partitions, size_t caller, size_t callee)
{
	for (size_t i = 0; i < partitions->rows[caller].call_count; i++)
		for (size_t j = 0; j < partitions->service_count; j++)
			if (partitions->services[j].owner == callee &&
			    strcmp(partitions->services[j].name, partitions->rows[caller].calls[i]) == 0)
				return true;
	return false;
}

bool partitions_is_open(const struct partitions *partitions, size_t callee)
{
	for (size_t j = 0; j < partitions->service_count; j++)
		if (partitions->services[j].owner == callee && partitions->services[j].nonsecure)
			return true;
	return false;
}
