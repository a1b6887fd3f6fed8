/* SPDX-License-Identifier: Apache-2.0 */
#include "token_reference.h"
#include <merlon/lib/lifecycle.h>
#include <stdio.h>
#include <string.h>

enum { COMPONENT_TYPE = 1, COMPONENT_VERSION, COMPONENT_MEASUREMENT, COMPONENT_SIGNER, LIFECYCLE_STATE_MASK = 0xff00 };

static const char any[] = "*";

static bool is_hex(const char *word, const struct token_slice *slice)
{
	char text[2 * REFERENCE_WORD_MAX + 1];
	if (slice->data == NULL || slice->size > REFERENCE_WORD_MAX)
		return false;
	hex_encode(slice->data, slice->size, text);
	return strcmp(word, text) == 0;
}

static bool is_text(const char *word, const struct token_slice *slice)
{
	return slice->data != NULL && strlen(word) == slice->size && memcmp(word, slice->data, slice->size) == 0;
}

static bool instance_matches(const struct reference_line *line, const struct token_claims *claims)
{
	return is_hex(line->words[1], &claims->instance);
}

static bool implementation_matches(const struct reference_line *line, const struct token_claims *claims)
{
	return is_hex(line->words[1], &claims->implementation);
}

static bool certification_matches(const struct reference_line *line, const struct token_claims *claims)
{
	return is_text(line->words[1], &claims->certification);
}

static bool service_matches(const struct reference_line *line, const struct token_claims *claims)
{
	return is_text(line->words[1], &claims->service);
}

static bool lifecycle_matches(const struct reference_line *line, const struct token_claims *claims)
{
	return strcmp(line->words[1], lifecycle_name(claims->lifecycle & LIFECYCLE_STATE_MASK)) == 0;
}

static bool client_matches(const struct reference_line *line, const struct token_claims *claims)
{
	char text[16];
	snprintf(text, sizeof text, "%d", claims->client);
	return strcmp(line->words[1], text) == 0;
}

static bool is_hex_or_any(const char *word, const struct token_slice *slice)
{
	return strcmp(word, any) == 0 || is_hex(word, slice);
}

static bool is_component(const struct reference_line *line, const struct token_component *component)
{
	const char *version = line->words[COMPONENT_VERSION];
	return is_text(line->words[COMPONENT_TYPE], &component->type) &&
	       (strcmp(version, any) == 0 || is_text(version, &component->version)) &&
	       is_hex_or_any(line->words[COMPONENT_MEASUREMENT], &component->measurement) &&
	       is_hex_or_any(line->words[COMPONENT_SIGNER], &component->signer);
}

/* A type that is listed has to run; components_allowed() says in which versions. */
static bool component_runs(const struct reference_line *line, const struct token_claims *claims)
{
	for (size_t i = 0; i < claims->component_count; i++)
		if (is_text(line->words[COMPONENT_TYPE], &claims->components[i].type))
			return true;
	return false;
}

/* Keys of the file. Lines of one key are alternatives; components are a list, and `all` of their lines have to hold. */
static const struct key_rule {
	const char *key;
	unsigned words; /* with the key */
	bool (*matches)(const struct reference_line *line, const struct token_claims *claims);
	bool all;
} rules[] = {
	{ "instance", 2, instance_matches, false },
	{ "implementation", 2, implementation_matches, false },
	{ "lifecycle", 2, lifecycle_matches, false },
	{ "client", 2, client_matches, false },
	{ "certification-reference", 2, certification_matches, false },
	{ "verification-service", 2, service_matches, false },
	{ "component", REFERENCE_WORDS, component_runs, true },
};
enum { RULE_COUNT = sizeof rules / sizeof rules[0], RULE_COMPONENT = RULE_COUNT - 1 };

static const struct key_rule *rule_of(const struct reference_line *line)
{
	for (unsigned i = 0; i < RULE_COUNT; i++)
		if (strcmp(line->words[0], rules[i].key) == 0)
			return &rules[i];
	return NULL;
}

/* Words of one line, up to a `#`. @return False: too many, or one too long. */
static bool split(char *text, struct reference_line *line)
{
	text[strcspn(text, "#\r")] = '\0';
	line->count = 0;
	for (char *word; (word = strsep(&text, " \t")) != NULL;) {
		if (word[0] == '\0')
			continue;
		if (line->count == REFERENCE_WORDS || strlen(word) >= REFERENCE_WORD_MAX)
			return false;
		strcpy(line->words[line->count++], word);
	}
	return true;
}

static bool parse(char *text, struct reference *reference, struct error *error)
{
	unsigned number = 0;
	for (char *rest = text, *at; (at = strsep(&rest, "\n")) != NULL;) {
		struct reference_line line;
		number++;
		if (!split(at, &line))
			return error_set(error, "line %u: too long", number);
		if (line.count == 0)
			continue;
		const struct key_rule *rule = rule_of(&line);
		if (rule == NULL)
			return error_set(error, "line %u: '%s' is no key of a reference", number, line.words[0]);
		if (line.count != rule->words)
			return error_set(error, "line %u: '%s' takes %u values", number, rule->key, rule->words - 1);
		if (reference->count == REFERENCE_LINE_MAX)
			return error_set(error, "more than %d lines", REFERENCE_LINE_MAX);
		reference->lines[reference->count++] = line;
	}
	return reference->count > 0 || error_set(error, "no reference value in it");
}

bool reference_load(const char *path, struct reference *reference, struct error *error)
{
	struct buffer text;
	reference->count = 0;
	if (!file_read(path, &text, error))
		return false;
	bool parsed = parse((char *)text.data, reference, error);
	buffer_free(&text);
	if (parsed)
		return true;
	error_within(error, "%s", path);
	return error_try(error, "the form in docs/format/token.md, \"Reference values\"");
}

/* With one component listed at least, nothing runs that is not listed. */
static bool components_allowed(const struct reference *reference, const struct token_claims *claims)
{
	for (size_t i = 0; i < claims->component_count; i++) {
		bool is_listed = false, are_listed = false;
		for (unsigned j = 0; j < reference->count; j++) {
			if (rule_of(&reference->lines[j]) != &rules[RULE_COMPONENT])
				continue;
			are_listed = true;
			is_listed = is_listed || is_component(&reference->lines[j], &claims->components[i]);
		}
		if (are_listed && !is_listed)
			return false;
	}
	return true;
}

static bool rule_holds(const struct reference *reference, const struct key_rule *rule, const struct token_claims *claims)
{
	unsigned said = 0, matched = 0;
	for (unsigned i = 0; i < reference->count; i++) {
		if (rule_of(&reference->lines[i]) != rule)
			continue;
		said++;
		matched += rule->matches(&reference->lines[i], claims);
	}
	return said == 0 || (rule->all ? matched == said : matched > 0);
}

static bool says_lifecycle(const struct reference *reference)
{
	for (unsigned i = 0; i < reference->count; i++)
		if (rule_of(&reference->lines[i])->matches == lifecycle_matches)
			return true;
	return false;
}

bool reference_matches(const struct reference *reference, const struct token_claims *claims, char detail[REFERENCE_DETAIL_MAX])
{
	detail[0] = '\0';
	for (unsigned i = 0; i < RULE_COUNT && detail[0] == '\0'; i++)
		if (!rule_holds(reference, &rules[i], claims))
			snprintf(detail, REFERENCE_DETAIL_MAX, "%s", rules[i].key);
	if (detail[0] == '\0' && !components_allowed(reference, claims))
		snprintf(detail, REFERENCE_DETAIL_MAX, "%s", rules[RULE_COMPONENT].key);
	if (detail[0] == '\0' && !says_lifecycle(reference) && (claims->lifecycle & LIFECYCLE_STATE_MASK) != OTP_LIFECYCLE_SECURED)
		snprintf(detail, REFERENCE_DETAIL_MAX, "lifecycle");
	return detail[0] == '\0';
}
