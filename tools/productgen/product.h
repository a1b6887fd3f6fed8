/* SPDX-License-Identifier: Apache-2.0 */
/** A product: the values of products/<p>/product.yaml, as one table of keys describes them. */
#ifndef PRODUCTGEN_PRODUCT_H
#define PRODUCTGEN_PRODUCT_H

#include "report.h"
#include <stdint.h>

enum { WORDS_MAX = 4, PATH_MAX_SIZE = 512, DEPTH_MAX = 4, TEXT_MAX_SIZE = 256 };

enum key {
	KEY_PSA_CERTIFIED_LEVEL,
	KEY_ISOLATION_LEVEL,
	KEY_AROTLESS,
	KEY_UPGRADE_MODE,
	KEY_FALLBACK,
	KEY_SECONDARY,
	KEY_PS_EPOCH,
	KEY_SIGNATURE,
	KEY_CONFIRM_WINDOW_S,
	KEY_TRIAL_ATTEMPTS,
	KEY_WATCHDOG_MS,
	KEY_CRYPTO_SET,
	KEY_PANIC_POLICY,
	KEY_PARTITIONS,
	KEY_HARDWARE_KEY_USERS,
	KEY_ATTESTATION_KEY_USERS,
	KEY_CERTIFICATION_REFERENCE,
	KEY_VERIFICATION_SERVICE,
	KEY_COUNT,
};

enum value_kind {
	KIND_NUMBER, /* from `least` to `most`, or, with words, the index of one of them */
	KIND_TEXT,   /* of `least` to `most` characters, in `form`; may be left out and is then empty */
	KIND_NAMES,  /* a list of `least` to `most` different names: letters, digits and _ */
};

struct key_rule {
	const char *name, *macro;
	uint32_t least, most;
	const char *words[WORDS_MAX];
	const char *meaning; /* for messages and for the generated header */
	enum value_kind kind;
	const char *form; /* of a text: 9 stands for a digit, another character for itself; NULL: any printable one */
};
extern const struct key_rule key_rules[KEY_COUNT];

struct value {
	uint32_t number;                /* names: how many */
	char text[TEXT_MAX_SIZE];       /* of a text; names, with a space between them */
	char place[PATH_MAX_SIZE + 16]; /* file:line that said so; empty: nobody did */
};

struct product {
	struct value values[KEY_COUNT];
};

/**
 * Read FOLDER/NAME/product.yaml, and what it extends, which it overrides.
 * @return False after messages with file, line, key and remedy.
 */
bool product_read(struct product *product, const char *folder, const char *name, struct report *report);

/** The same for text that comes from anywhere and may extend nothing. */
bool product_read_stream(struct product *product, FILE *stream, struct report *report);

/** What a PSA Certified Level asks of the isolation level. Architecture, section 7. */
struct certification_rule {
	uint32_t certified_level, arotless;
	uint32_t isolation_least, isolation_most;
	const char *text;
};
extern const struct certification_rule certification_rules[];
extern const size_t certification_rule_count;

/** The rule for a product; NULL when there is none: the ARoT-less profile exists at Level 2 only. */
const struct certification_rule *certification_rule_find(uint32_t certified_level, uint32_t arotless);

/** Judge the values against each other. @return False after messages. */
bool product_check(const struct product *product, struct report *report);

void emit_header(FILE *file, const struct product *product, const char *name, const char *board);
void emit_cmake(FILE *file, const struct product *product, const char *name, const char *board);

#endif
