/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The test harness for C. A test says which claim it supports and how:
 *
 *     TEST(refuses_wrong_signature, CLAIM("boot.refuse.signature"), FUNCTIONAL)
 *     {
 *             CHECK(image_judge(...) == REFUSAL_SIGNATURE);
 *     }
 *
 * Tests register themselves; `main` is the harness's. A failed CHECK ends its test, prints the place and goes on with the next.
 * Each result is printed as a line `pass|FAIL <claim> <kind> <file>:<name>`; with MERLON_TEST_RESULTS set, a JSON line per test
 * is appended to that file. A program with no test fails. Arguments choose tests by name.
 */
#ifndef MERLON_TEST_H
#define MERLON_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum test_kind { FUNCTIONAL, MALFORMED, POWER_CUT, ATTACK, PROPERTY };

struct test {
	const char *name, *claim, *file;
	enum test_kind kind;
	void (*run)(void);
	struct test *next;
};

void test_register(struct test *test);
_Noreturn void test_fail(const char *file, int line, const char *condition, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define CLAIM(id) id
#define TEST(test_name, claim_id, test_kind)                                                                                       \
	static void test_##test_name(void);                                                                                        \
	static struct test test_entry_##test_name = { #test_name, claim_id, __FILE__, test_kind, test_##test_name, NULL };         \
	__attribute__((constructor)) static void test_register_##test_name(void)                                                   \
	{                                                                                                                          \
		test_register(&test_entry_##test_name);                                                                            \
	}                                                                                                                          \
	static void test_##test_name(void)

/** CHECK for a plain condition; CHECK_THAT when the inputs must be in the message; CHECK_EQ prints both numbers. */
#define CHECK(condition)                                                                                                           \
	do {                                                                                                                       \
		if (!(condition))                                                                                                  \
			test_fail(__FILE__, __LINE__, #condition, "false");                                                        \
	} while (0)
#define CHECK_THAT(condition, ...)                                                                                                 \
	do {                                                                                                                       \
		if (!(condition))                                                                                                  \
			test_fail(__FILE__, __LINE__, #condition, __VA_ARGS__);                                                    \
	} while (0)
#define CHECK_EQ(left, right)                                                                                                      \
	do {                                                                                                                       \
		long long left_ = (long long)(left), right_ = (long long)(right);                                                  \
		if (left_ != right_)                                                                                               \
			test_fail(__FILE__, __LINE__, #left " == " #right, "%lld (0x%llx) != %lld (0x%llx)", left_,                \
				  (unsigned long long)left_, right_, (unsigned long long)right_);                                  \
	} while (0)

#endif
