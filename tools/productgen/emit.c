/* SPDX-License-Identifier: Apache-2.0 */
#include "product.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static void put_capitals(FILE *file, const char *word)
{
	for (; *word != '\0'; word++)
		fputc(toupper((unsigned char)*word), file);
}

/* Words become constants MERLON_<KEY>_<WORD>; the key's macro is one of them. */
static void emit_word(FILE *file, const struct key_rule *rule, uint32_t number)
{
	for (uint32_t i = 0; i < WORDS_MAX && rule->words[i] != NULL; i++) {
		fprintf(file, "#define MERLON_%s_", rule->macro);
		put_capitals(file, rule->words[i]);
		fprintf(file, " %" PRIu32 "\n", i);
	}
	fprintf(file, "#define MERLON_%s MERLON_%s_", rule->macro, rule->macro);
	put_capitals(file, rule->words[number]);
	fputs("\n", file);
}

/* Names become MERLON_<KEY>(DO): DO(name) for each, whatever whoever includes this wants to make of them. */
static void emit_names(FILE *file, const struct key_rule *rule, const struct value *value)
{
	fprintf(file, "#define MERLON_%s(DO)", rule->macro);
	for (const char *name = value->text; *name != '\0'; name += strspn(name, " ")) {
		size_t size = strcspn(name, " ");
		fprintf(file, " DO(%.*s)", (int)size, name);
		name += size;
	}
	fputs("\n", file);
}

void emit_header(FILE *file, const struct product *product, const char *name, const char *board)
{
	fprintf(file,
		"/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by productgen. */\n"
		"#ifndef MERLON_PRODUCT_CONFIG_H\n#define MERLON_PRODUCT_CONFIG_H\n\n#include <stdint.h>\n\n"
		"#define MERLON_PRODUCT_NAME \"%s\"\n#define MERLON_BOARD_NAME \"%s\"\n",
		name, board);
	for (enum key i = 0; i < KEY_COUNT; i++) {
		const struct key_rule *rule = &key_rules[i];
		fprintf(file, "\n/** %c%s. */\n", toupper((unsigned char)rule->meaning[0]), rule->meaning + 1);
		if (rule->kind == KIND_NAMES) {
			emit_names(file, rule, &product->values[i]);
			continue;
		}
		if (rule->kind == KIND_TEXT) {
			fprintf(file, "#define MERLON_%s \"%s\"\n", rule->macro, product->values[i].text);
			continue;
		}
		if (rule->words[0] != NULL) {
			emit_word(file, rule, product->values[i].number);
			continue;
		}
		fprintf(file, "#define MERLON_%s UINT32_C(%" PRIu32 ")\n", rule->macro, product->values[i].number);
		fprintf(file, "_Static_assert(MERLON_%s >= %" PRIu32 " && MERLON_%s <= %" PRIu32 ", \"%s is out of range\");\n",
			rule->macro, rule->least, rule->macro, rule->most, rule->name);
	}
	fputs("\n#endif\n", file);
}

void emit_cmake(FILE *file, const struct product *product, const char *name, const char *board)
{
	fprintf(file,
		"# SPDX-License-Identifier: Apache-2.0\n# Written by productgen.\nset(MERLON_PRODUCT_NAME "
		"%s)\nset(MERLON_BOARD_NAME %s)\n",
		name, board);
	for (enum key i = 0; i < KEY_COUNT; i++) {
		const struct key_rule *rule = &key_rules[i];
		uint32_t number = product->values[i].number;
		if (rule->kind == KIND_NAMES)
			fprintf(file, "set(MERLON_%s %s)\n", rule->macro, product->values[i].text);
		else if (rule->kind == KIND_TEXT)
			fprintf(file, "set(MERLON_%s \"%s\")\n", rule->macro, product->values[i].text);
		else if (rule->words[0] != NULL)
			fprintf(file, "set(MERLON_%s %s)\n", rule->macro, rule->words[number]);
		else
			fprintf(file, "set(MERLON_%s %" PRIu32 ")\n", rule->macro, number);
	}
}
