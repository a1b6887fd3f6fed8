/* SPDX-License-Identifier: Apache-2.0 */
/** What the writers share. */
#ifndef SPMGEN_EMIT_H
#define SPMGEN_EMIT_H

#include "model.h"

/** The first lines of a generated file of C. */
void emit_head(FILE *file, const char *what);

/** Prototypes of the functions that a partition must define: entry, services, first-level handlers. */
void emit_declarations(FILE *file, const struct model *model, size_t partition);

/** The name in small letters: the prefix of functions. */
void put_lower(FILE *file, const char *name);

#endif
