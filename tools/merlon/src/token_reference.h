/* SPDX-License-Identifier: Apache-2.0 */
/** Reference values: what the claims of a token must be. Page: docs/format/token.md. */
#ifndef MERLON_TOOL_TOKEN_REFERENCE_H
#define MERLON_TOOL_TOKEN_REFERENCE_H

#include "file.h"
#include <merlon/lib/token.h>

enum { REFERENCE_LINE_MAX = 64, REFERENCE_WORD_MAX = 200, REFERENCE_WORDS = 5, REFERENCE_DETAIL_MAX = 128 };

/** A line of the file: a key and its values, "*" for any. */
struct reference_line {
	char words[REFERENCE_WORDS][REFERENCE_WORD_MAX];
	unsigned count;
};

struct reference {
	struct reference_line lines[REFERENCE_LINE_MAX];
	unsigned count;
};

bool reference_load(const char *path, struct reference *reference, struct error *error);

/** @param detail  Out: which value differs; "" when all match. */
bool reference_matches(const struct reference *reference, const struct token_claims *claims, char detail[REFERENCE_DETAIL_MAX]);

#endif
