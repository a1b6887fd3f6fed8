/* SPDX-License-Identifier: Apache-2.0 */
/** What the manifests of an image say. Source: Arm DEN 0063 appendix C, Arm AES 0039. */
#ifndef SPMGEN_MODEL_H
#define SPMGEN_MODEL_H

#include "report.h"
#include <stdint.h>

enum {
	NAME_MAX_SIZE = 48,
	PLACE_MAX_SIZE = 256,
	PARTITIONS_MAX = 16,
	SERVICES_MAX = 32, /* as the partition manager's table */
	DEPENDENCIES_MAX = 16,
};

struct dependency {
	char name[NAME_MAX_SIZE], place[PLACE_MAX_SIZE];
	size_t service; /* found by model_check() */
};

struct service {
	char name[NAME_MAX_SIZE], place[PLACE_MAX_SIZE];
	uint32_t sid, version, handle; /* handle: 1 to SERVICES_MAX; 0 for connection-based services, or "auto" before the check */
	bool strict, connection_based, nonsecure;
	size_t partition;
};

struct partition {
	char name[NAME_MAX_SIZE], place[PLACE_MAX_SIZE], entry_init[NAME_MAX_SIZE];
	uint32_t stack_size, id;
	bool application;  /* APPLICATION-ROT */
	unsigned priority; /* 0 HIGH, 1 NORMAL, 2 LOW */
	size_t dependency_count;
	struct dependency dependencies[DEPENDENCIES_MAX];
};

struct model {
	size_t partition_count, service_count;
	struct partition partitions[PARTITIONS_MAX];
	struct service services[SERVICES_MAX];
	size_t order[PARTITIONS_MAX]; /* of initialisation: whoever is depended on stands first */
};

/** Add one manifest. @return False after messages with file, line, key and remedy. */
bool manifest_read(struct model *model, const char *path, struct report *report);
bool manifest_read_stream(struct model *model, FILE *file, const char *path, struct report *report);

/** Judge all manifests together, give out handles and ids, find the order. @return False after messages. */
bool model_check(struct model *model, struct report *report);

void emit_sid(FILE *file, const struct model *model);
void emit_pid(FILE *file, const struct model *model);
void emit_table(FILE *file, const struct model *model);

#endif
