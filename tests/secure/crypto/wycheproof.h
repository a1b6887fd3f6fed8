/* SPDX-License-Identifier: Apache-2.0 */
/** Wycheproof's vectors in the text form that BoringSSL keeps them in: groups of [name = value], then tests of name = value. */
#ifndef MERLON_TEST_WYCHEPROOF_H
#define MERLON_TEST_WYCHEPROOF_H

#include <stddef.h>
#include <stdint.h>

enum { VECTOR_MAX = 20000 };

struct vector_bytes {
	uint8_t data[VECTOR_MAX];
	size_t size;
};

struct vector;

/** The value of a field of the test or of its group, "" when there is none. */
const char *vector_text(const struct vector *vector, const char *name);
/** The same, decoded from hexadecimal digits. */
const struct vector_bytes *vector_bytes(const struct vector *vector, const char *name);
int vector_number(const struct vector *vector, const char *name);
/** For messages. */
const char *vector_name(const struct vector *vector);

/** What the test asks for. "acceptable" leaves the choice. */
enum vector_result { VECTOR_VALID, VECTOR_ACCEPTABLE, VECTOR_INVALID };
enum vector_result vector_result(const struct vector *vector);

/** Run every test of a file. @return How many there were. */
unsigned vectors_run(const char *file, void (*run)(const struct vector *vector));

#endif
