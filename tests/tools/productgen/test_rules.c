/* SPDX-License-Identifier: Apache-2.0 */
#include "product.h"
#include <merlon/test.h>
#include <string.h>

static char messages[4096];

static bool is_accepted(uint32_t level, uint32_t isolation, uint32_t arotless)
{
	struct product product = { 0 };
	struct report report = { .program = "productgen", .source = "", .separator = "" };
	report.stream = fmemopen(messages, sizeof messages, "w");
	CHECK(report.stream != NULL);
	product.values[KEY_PSA_CERTIFIED_LEVEL].number = level;
	product.values[KEY_ISOLATION_LEVEL].number = isolation;
	product.values[KEY_AROTLESS].number = arotless;
	bool accepted = product_check(&product, &report);
	fclose(report.stream);
	CHECK_EQ(accepted, report.errors == 0);
	return accepted;
}

/* The table of the architecture, written down a second time: isolation levels that keep the rule, as a mask; 0: no such product. */
static unsigned kept_by(uint32_t level, uint32_t arotless)
{
	static const unsigned masks[2][3] = { { 7, 6, 4 }, { 0, 1, 0 } };
	return masks[arotless][level - 1];
}

TEST(the_rule_table_is_complete_and_says_what_the_architecture_says, CLAIM("product.rule"), PROPERTY)
{
	for (uint32_t level = 1; level <= 3; level++)
		for (uint32_t arotless = 0; arotless <= 1; arotless++) {
			unsigned rows = 0;
			for (size_t i = 0; i < certification_rule_count; i++)
				rows += certification_rules[i].certified_level == level &&
					certification_rules[i].arotless == arotless;
			CHECK_EQ(rows, kept_by(level, arotless) != 0);
			for (uint32_t isolation = 1; isolation <= 3; isolation++)
				CHECK_THAT(is_accepted(level, isolation, arotless) ==
						   (kept_by(level, arotless) >> (isolation - 1) & 1),
					   "level %u, arotless %u, isolation %u: %s", level, arotless, isolation, messages);
		}
}

TEST(every_key_is_described, CLAIM("product.keys"), PROPERTY)
{
	for (enum key i = 0; i < KEY_COUNT; i++) {
		const struct key_rule *rule = &key_rules[i];
		CHECK_THAT(rule->name != NULL && rule->macro != NULL && rule->meaning != NULL && rule->least <= rule->most, "%d",
			   i);
		uint32_t words = 0;
		while (words < WORDS_MAX && rule->words[words] != NULL)
			words++;
		CHECK_THAT(words == 0 || rule->most == words - 1, "%s", rule->name);
		for (enum key other = 0; other < i; other++)
			CHECK_THAT(strcmp(rule->name, key_rules[other].name) != 0, "%s", rule->name);
	}
}
