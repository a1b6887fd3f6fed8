/* SPDX-License-Identifier: Apache-2.0 */
#include "product.h"
#include "yaml_text.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

struct reader {
	struct product *product;
	const char *folder;
	struct report *report;
	char source[PATH_MAX_SIZE];
	unsigned depth;
};

static const char key_remedy[] = "use a key of docs/product_yaml.md";

static bool fail(struct reader *reader, const yaml_node_t *node, const char *key, const char *remedy, const char *what)
{
	char place[PATH_MAX_SIZE + 16];
	yaml_place(reader->source, node, place, PATH_MAX_SIZE + 16);
	report_error(reader->report, place, key, remedy, "%s", what);
	return false;
}

static bool parse_number(const char *text, uint32_t *number)
{
	uint64_t value = 0;
	if (*text == '\0' || (*text == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (!isdigit((unsigned char)*text) || value > UINT32_MAX)
			return false;
		value = 10 * value + (uint64_t)(*text - '0');
	}
	*number = (uint32_t)value;
	return value <= UINT32_MAX;
}

static bool read_word(struct reader *reader, const yaml_node_t *node, const struct key_rule *rule, const char *text,
		      uint32_t *number)
{
	char remedy[128] = "write one of:";
	for (uint32_t i = 0; i < WORDS_MAX && rule->words[i] != NULL; i++) {
		if (strcmp(text, rule->words[i]) == 0) {
			*number = i;
			return true;
		}
		size_t used = strlen(remedy);
		snprintf(remedy + used, sizeof remedy - used, " %s", rule->words[i]);
	}
	return fail(reader, node, rule->name, remedy, "is not a word that it may be");
}

static bool read_number(struct reader *reader, const yaml_node_t *node, const struct key_rule *rule, const char *text,
			uint32_t *number)
{
	char remedy[128];
	snprintf(remedy, sizeof remedy, "write a number from %" PRIu32 " to %" PRIu32, rule->least, rule->most);
	if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || !parse_number(text, number))
		return fail(reader, node, rule->name, remedy, "is not a decimal number");
	return (*number >= rule->least && *number <= rule->most) || fail(reader, node, rule->name, remedy, "is out of range");
}

static bool is_word(const char *text)
{
	bool good = text != NULL && *text != '\0';
	for (; good && *text != '\0'; text++)
		good = isalnum((unsigned char)*text) || *text == '_';
	return good;
}

/* Is `name` one of the words of `list`? */
static bool has_word(const char *list, const char *name)
{
	size_t size = strlen(name);
	for (const char *at = list; (at = strstr(at, name)) != NULL; at += size)
		if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
			return true;
	return false;
}

static bool read_names(struct reader *reader, yaml_document_t *document, const yaml_node_t *node, const struct key_rule *rule,
		       struct value *value)
{
	char remedy[128];
	snprintf(remedy, sizeof remedy, "write a list of %" PRIu32 " to %" PRIu32 " names: [a, b]", rule->least, rule->most);
	value->number = 0;
	value->text[0] = '\0';
	if (node->type != YAML_SEQUENCE_NODE)
		return fail(reader, node, rule->name, remedy, "is no list");
	for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
		const yaml_node_t *element = yaml_document_get_node(document, *item);
		const char *name = yaml_text(element);
		size_t used = strlen(value->text);
		if (!is_word(name))
			return fail(reader, element, rule->name, "write letters, digits and _", "holds what is no name");
		if (has_word(value->text, name))
			return fail(reader, element, rule->name, "remove one of the two", "names somebody twice");
		if (++value->number > rule->most || used + strlen(name) + 2 > sizeof value->text)
			return fail(reader, element, rule->name, remedy, "is too long");
		snprintf(value->text + used, sizeof value->text - used, "%s%s", used > 0 ? " " : "", name);
	}
	return value->number >= rule->least || fail(reader, node, rule->name, remedy, "is too short");
}

static bool read_scalar(struct reader *reader, const yaml_node_t *key, const yaml_node_t *node, const struct key_rule *rule,
			uint32_t *number)
{
	const char *text = yaml_text(node);
	if (text == NULL)
		return fail(reader, key, rule->name, "write `key: value` on one line", "has the wrong type");
	return rule->words[0] != NULL ? read_word(reader, node, rule, text, number) : read_number(reader, node, rule, text, number);
}

/* The text goes between quotes into C and CMake as it is. */
static bool has_form(const char *text, const char *form)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		char c = text[i];
		if (form != NULL ? (form[i] == '9' ? !isdigit((unsigned char)c) : form[i] != c)
				 : c <= ' ' || c > '~' || strchr("\"\\$;", c) != NULL)
			return false;
	}
	return true;
}

static bool read_text(struct reader *reader, const yaml_node_t *key, const yaml_node_t *node, const struct key_rule *rule,
		      struct value *value)
{
	char remedy[128];
	const char *text = yaml_text(node);
	if (text == NULL)
		return fail(reader, key, rule->name, "write `key: value` on one line", "has the wrong type");
	snprintf(remedy, sizeof remedy, "write %" PRIu32 " to %" PRIu32 " characters%s%s", rule->least, rule->most,
		 rule->form != NULL ? " such as " : "", rule->form != NULL ? rule->form : "");
	if (strlen(text) < rule->least || strlen(text) > rule->most)
		return fail(reader, node, rule->name, remedy, "is too short or too long");
	if (!has_form(text, rule->form))
		return fail(reader, node, rule->name, remedy, "has characters that it may not have");
	strcpy(value->text, text);
	return true;
}

static bool read_value(struct reader *reader, yaml_document_t *document, const yaml_node_t *key, const yaml_node_t *node,
		       enum key index)
{
	const struct key_rule *rule = &key_rules[index];
	struct value *value = &reader->product->values[index];
	bool good = rule->kind == KIND_NAMES  ? read_names(reader, document, node, rule, value)
		    : rule->kind == KIND_TEXT ? read_text(reader, key, node, rule, value)
					      : read_scalar(reader, key, node, rule, &value->number);
	if (!good)
		return false;
	yaml_place(reader->source, node, value->place, PATH_MAX_SIZE + 16);
	return true;
}

static int find_key(const char *text)
{
	for (int i = 0; i < KEY_COUNT; i++)
		if (strcmp(text, key_rules[i].name) == 0)
			return i;
	return KEY_COUNT;
}

static bool read_file(struct reader *reader, const char *name);

/* A product's name is a folder's name: it leads nowhere else. */
static bool is_name(const char *text)
{
	if (text == NULL || *text == '\0' || strlen(text) > 32)
		return false;
	for (; *text != '\0'; text++)
		if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && *text != '_')
			return false;
	return true;
}

/* `extends` is read before the other keys, wherever it stands: these override it. */
static bool read_extends(struct reader *reader, const yaml_node_t *node)
{
	const char *name = yaml_text(node);
	if (!is_name(name))
		return fail(reader, node, "extends", "write the name of a folder in products/", "is no name of a product");
	if (reader->depth == DEPTH_MAX)
		return fail(reader, node, "extends", "extend a product that stands by itself", "goes too deep, or in a circle");
	struct reader parent = { reader->product, reader->folder, reader->report, "", reader->depth + 1 };
	return read_file(&parent, name);
}

static bool check_keys(struct reader *reader, yaml_document_t *document, const yaml_node_t *root)
{
	bool seen[KEY_COUNT + 1] = { false };
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(document, pair->key);
		const char *text = yaml_text(key);
		if (text == NULL)
			return fail(reader, key, NULL, key_remedy, "a key is not a word");
		int index = find_key(text);
		if (index == KEY_COUNT && strcmp(text, "extends") != 0)
			return fail(reader, key, text, key_remedy, "is no key of a product");
		if (seen[index])
			return fail(reader, key, text, "remove one of the two", "is said twice");
		seen[index] = true;
	}
	return true;
}

static bool read_keys(struct reader *reader, yaml_document_t *document, const yaml_node_t *root, bool extends)
{
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(document, pair->key),
				  *value = yaml_document_get_node(document, pair->value);
		int index = find_key(yaml_text(key));
		if ((index == KEY_COUNT) != extends)
			continue;
		if (!(extends ? read_extends(reader, value) : read_value(reader, document, key, value, (enum key)index)))
			return false;
	}
	return true;
}

static bool read_document(struct reader *reader, yaml_document_t *document)
{
	const yaml_node_t *root = yaml_document_get_root_node(document);
	if (root == NULL || root->type != YAML_MAPPING_NODE) {
		report_error(reader->report, reader->source, NULL, "write lines of `key: value`",
			     "is not a list of keys and values");
		return false;
	}
	return check_keys(reader, document, root) && read_keys(reader, document, root, true) &&
	       read_keys(reader, document, root, false);
}

static bool read_stream(struct reader *reader, FILE *file)
{
	yaml_parser_t parser;
	yaml_document_t document;
	if (yaml_parser_initialize(&parser) == 0)
		return false;
	yaml_parser_set_input_file(&parser, file);
	bool good = yaml_parser_load(&parser, &document) != 0;
	if (good) {
		good = read_document(reader, &document);
		yaml_document_delete(&document);
	} else {
		char place[PATH_MAX_SIZE + 16];
		snprintf(place, sizeof place, "%s:%zu", reader->source, parser.problem_mark.line + 1);
		report_error(reader->report, place, NULL, "write YAML", "%s",
			     parser.problem != NULL ? parser.problem : "cannot be read");
	}
	yaml_parser_delete(&parser);
	return good;
}

static bool read_file(struct reader *reader, const char *name)
{
	if (snprintf(reader->source, sizeof reader->source, "%s/%s/product.yaml", reader->folder, name) >=
	    (int)sizeof reader->source) {
		report_error(reader->report, reader->folder, NULL, "use a folder with a shorter name", "the path is too long");
		return false;
	}
	FILE *file = fopen(reader->source, "rb");
	if (file == NULL) {
		report_error(reader->report, reader->source, NULL, "name a folder of products/ that has a product.yaml",
			     "cannot be opened");
		return false;
	}
	bool good = read_stream(reader, file);
	fclose(file);
	return good;
}

static bool check_complete(const struct reader *reader)
{
	for (enum key i = 0; i < KEY_COUNT; i++)
		if (reader->product->values[i].place[0] == '\0' && key_rules[i].kind != KIND_TEXT)
			report_error(reader->report, reader->source, key_rules[i].name,
				     "add the line, or extend a product that has it", "is missing: %s", key_rules[i].meaning);
	return reader->report->errors == 0;
}

bool product_read(struct product *product, const char *folder, const char *name, struct report *report)
{
	struct reader reader = { product, folder, report, "", 0 };
	memset(product, 0, sizeof *product);
	if (!is_name(name)) {
		report_error(report, folder, name, "write the name of a folder in products/", "is no name of a product");
		return false;
	}
	return read_file(&reader, name) && check_complete(&reader);
}

bool product_read_stream(struct product *product, FILE *stream, struct report *report)
{
	struct reader reader = { product, ".", report, "product.yaml", DEPTH_MAX };
	memset(product, 0, sizeof *product);
	return read_stream(&reader, stream) && check_complete(&reader);
}
