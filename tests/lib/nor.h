/* SPDX-License-Identifier: Apache-2.0 */
/* A small NOR flash for tests of formats: power cuts at every operation, and units that read differently from time to time. */
#ifndef TESTS_LIB_NOR_H
#define TESTS_LIB_NOR_H

#include <merlon/lib/medium.h>
#include <setjmp.h>
#include <stdbool.h>

enum { NOR_SIZE = 8192, NOR_ERASE = 4096, NOR_UNIT = 8, NOR_NEVER = -1 };
enum nor_tear { NOR_BEFORE, NOR_HALFWAY, NOR_RANDOM, NOR_AFTER, NOR_UNSTABLE, NOR_TEAR_COUNT };

struct nor {
	struct medium base;
	uint8_t cells[NOR_SIZE];
	int32_t unstable; /* offset of a unit that reads now old, now new, now something between; or NOR_NEVER */
	uint8_t old[NOR_UNIT], new[NOR_UNIT];
	uint32_t random;
	int32_t operations, cut_at;
	enum nor_tear tear;
	unsigned erases, breaches;
	jmp_buf power;
};

void nor_init(struct nor *nor, uint32_t erase_size, uint32_t seed);
/** Cut the power at operation `operation` from now (0 = the next). */
void nor_cut(struct nor *nor, int32_t operation, enum nor_tear tear);
/** Runs body(context); true when the power was cut inside it. Afterwards the power stays on. */
bool nor_run(struct nor *nor, void (*body)(void *context), void *context);

#endif
