/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool reader_fail(struct reader *reader, const yaml_node_t *node, const char *key, const char *remedy, const char *what)
{
	char place[PLACE_MAX_SIZE];
	yaml_place(reader->path, node, place, PLACE_MAX_SIZE);
	report_error(reader->report, place, key, remedy, "%s", what);
	return false;
}

bool read_number(struct reader *reader, const yaml_node_t *node, const char *key, uint32_t *number)
{
	const char *text = yaml_text(node);
	char *end = NULL;
	bool digits = text != NULL && isdigit((unsigned char)text[0]);
	unsigned long long value =
		digits ? strtoull(text, &end, text[0] == '0' && tolower((unsigned char)text[1]) == 'x' ? 16 : 10) : 0;
	if (!digits || *end != '\0' || value > UINT32_MAX)
		return reader_fail(reader, node, key, "write a decimal number, or a hexadecimal one with 0x",
				   "is no number of 32 bits");
	*number = (uint32_t)value;
	return true;
}

bool read_bool(struct reader *reader, const yaml_node_t *node, const char *key, bool *value)
{
	const char *text = yaml_text(node);
	if (text == NULL || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
		return reader_fail(reader, node, key, "write true or false", "is neither true nor false");
	*value = strcmp(text, "true") == 0;
	return true;
}

bool read_name(struct reader *reader, const yaml_node_t *node, const char *key, char name[WORD_MAX_SIZE])
{
	const char *text = yaml_text(node);
	size_t size = text != NULL ? strlen(text) : 0;
	bool good = size > 0 && size < WORD_MAX_SIZE && !isdigit((unsigned char)text[0]);
	for (size_t i = 0; i < size && good; i++)
		good = isalnum((unsigned char)text[i]) || text[i] == '_';
	if (!good)
		return reader_fail(reader, node, key, "write up to 47 letters, digits and _", "is no name");
	memcpy(name, text, size + 1);
	return true;
}

bool read_choice(struct reader *reader, const yaml_node_t *node, const char *key, const char *const *choices, unsigned count,
		 unsigned *choice)
{
	const char *text = yaml_text(node);
	char remedy[96] = "write";
	for (unsigned i = 0; i < count; i++) {
		size_t used = strlen(remedy);
		snprintf(remedy + used, sizeof remedy - used, "%s %s", i == 0 ? "" : i + 1 == count ? " or" : ",", choices[i]);
		if (text != NULL && strcmp(text, choices[i]) == 0) {
			*choice = i;
			return true;
		}
	}
	return reader_fail(reader, node, key, remedy, "is not a word that it may be");
}

void name_signal(char signal[WORD_MAX_SIZE + 8], const char *name, const char *suffix)
{
	strcpy(signal, name);
	strcat(signal, suffix);
}

bool read_description(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	(void)target;
	return yaml_text(node) != NULL || reader_fail(reader, node, key, "write a sentence", "is no text");
}

/* The framework version is known before the other keys are read, wherever it stands. */
static bool check_since(struct reader *reader, const yaml_node_t *key, const struct key_rule *rule)
{
	enum framework framework = reader->partition->framework;
	if (rule->since == KEY_ONLY_1_0 && framework != FRAMEWORK_1_0)
		return reader_fail(reader, key, rule->name, "write psa_framework_version: 1.0, or remove the key",
				   "is a key of framework version 1.0");
	if (rule->since == KEY_ONLY_1_1 && framework != FRAMEWORK_1_1)
		return reader_fail(reader, key, rule->name, "write psa_framework_version: 1.1, or remove the key",
				   "is a key of framework version 1.1");
	return true;
}

static bool is_needed(const struct reader *reader, const struct key_rule *rule)
{
	enum framework framework = reader->partition->framework;
	return rule->required && !(rule->since == KEY_ONLY_1_0 && framework != FRAMEWORK_1_0) &&
	       !(rule->since == KEY_ONLY_1_1 && framework != FRAMEWORK_1_1);
}

bool read_mapping(struct reader *reader, const yaml_node_t *node, const char *what, const struct key_rule *rules, void *target)
{
	uint64_t seen = 0;
	if (node->type != YAML_MAPPING_NODE)
		return reader_fail(reader, node, what, "write keys and values", "is not a list of keys and values");
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
		const char *name = yaml_text(key);
		size_t i = 0;
		while (rules[i].name != NULL && (name == NULL || strcmp(rules[i].name, name) != 0))
			i++;
		if (rules[i].name == NULL)
			return reader_fail(reader, key, name, "use a key of docs/manifest.md", "is no key here");
		if ((seen >> i & 1) != 0)
			return reader_fail(reader, key, name, "remove one of the two", "is said twice");
		seen |= UINT64_C(1) << i;
		if (!check_since(reader, key, &rules[i]) ||
		    !rules[i].read(reader, yaml_document_get_node(reader->document, pair->value), name, target))
			return false;
	}
	for (size_t i = 0; rules[i].name != NULL; i++)
		if (is_needed(reader, &rules[i]) && (seen >> i & 1) == 0)
			return reader_fail(reader, node, rules[i].name, "add the key", "is missing");
	return true;
}

bool read_list(struct reader *reader, const yaml_node_t *node, const char *key, value_reader *read, void *target)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return reader_fail(reader, node, key, "write a list: [a, b]", "is no list");
	for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
		if (!read(reader, yaml_document_get_node(reader->document, *item), key, target))
			return false;
	return true;
}
