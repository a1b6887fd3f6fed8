/* SPDX-License-Identifier: Apache-2.0 */
/** What boardgen writes. Each writer makes one file of a board that `board_check()` has accepted. */
#ifndef BOARDGEN_EMIT_H
#define BOARDGEN_EMIT_H

#include "board.h"

struct output {
	const char *path; /* under the output folder */
	void (*write)(FILE *file, const struct board *board);
};

extern const struct output outputs[];
extern const size_t output_count;

/** Print a label as part of a macro name: in capitals. */
void emit_capitals(FILE *file, const char *label);

void emit_flash_map(FILE *file, const struct board *board);
void emit_memory(FILE *file, const struct board *board);
void emit_devices_secure(FILE *file, const struct board *board);
void emit_devices_nonsecure(FILE *file, const struct board *board);
void emit_linker_bl2(FILE *file, const struct board *board);
void emit_linker_secure(FILE *file, const struct board *board);
void emit_linker_nonsecure(FILE *file, const struct board *board);
void emit_world_table(FILE *file, const struct board *board);
void emit_host_map_header(FILE *file, const struct board *board);
void emit_host_map(FILE *file, const struct board *board);

#endif
