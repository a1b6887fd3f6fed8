/* SPDX-License-Identifier: Apache-2.0 */
/** The partitions of one firmware build, for `merlon partitions`: what spmgen wrote down, what the linker placed, what tests measured. */
#ifndef MERLON_PARTITIONS_H
#define MERLON_PARTITIONS_H

#include "error.h"
#include <stdint.h>
#include <stdio.h>

enum { PARTITIONS_MAX = 24, SERVICES_MAX = 32, CALLS_MAX = 16, WORD_SIZE = 48, LIST_SIZE = 256, UNMEASURED = -1 };

struct partition_service {
	char name[WORD_SIZE];
	uint32_t sid;
	bool nonsecure;
	size_t owner; /* index of its partition */
};

struct partition_row {
	char name[WORD_SIZE], type[WORD_SIZE], model[WORD_SIZE];
	char devices[LIST_SIZE]; /* labels, with a space between them; empty: none */
	char calls[CALLS_MAX][WORD_SIZE];
	size_t call_count;
	bool own_stack, confined, outside;
	uint32_t stack, heap; /* bytes that the manifest allows */
	int64_t stack_used;   /* the most that board tests saw; UNMEASURED: none did */
	uint32_t flash, ram;  /* bytes in the link map: code and constants; data, heap and stack */
};

struct partitions {
	const char *root, *board, *product; /* in: where the tree is, and which build */
	uint32_t isolation_level, main_stack;
	int64_t main_stack_used;
	size_t count, service_count;
	struct partition_row rows[PARTITIONS_MAX];
	struct partition_service services[SERVICES_MAX];
};

/** Read partitions.json and the link map of the build, and what board tests measured, if they did. */
bool partitions_read(struct partitions *partitions, struct error *error);

/** May partition `caller` call a service of `callee`? */
bool partitions_may_call(const struct partitions *partitions, size_t caller, size_t callee);
/** May the Non-secure world? */
bool partitions_is_open(const struct partitions *partitions, size_t callee);

void partitions_write_text(const struct partitions *partitions, FILE *out);
void partitions_write_json(const struct partitions *partitions);
void partitions_write_svg(const struct partitions *partitions, FILE *out);

#endif
