/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The partitions and services of an image, as `spmgen` writes them from the manifests. Constant; nothing is registered at run time.
 */
#ifndef MERLON_SPM_TABLE_H
#define MERLON_SPM_TABLE_H

#include <psa/service.h>
#include <stdbool.h>

enum { SPM_SERVICES_MAX = 32 };

/** The handle of a stateless service: this bit, and below it the index that the manifest gives, 1 to SPM_SERVICES_MAX. */
#define SPM_STATELESS_FLAG 0x40000000

struct spm_partition {
	const char *name;
	int32_t id;                 /* > 0: what services see as client_id */
	psa_status_t (*init)(void); /* entry_init; NULL: none */
	uint32_t dependencies;      /* bit i: may use services[i] */
};

struct spm_service {
	psa_status_t (*function)(const psa_msg_t *message);
	uint32_t sid, version;
	uint8_t partition; /* index of its partition */
	bool strict;       /* version policy; false: RELAXED */
	bool connection_based;
	bool nonsecure; /* Non-secure clients may use it */
};

struct spm_table {
	const struct spm_partition *partitions;
	const struct spm_service *services;
	const uint8_t *stateless; /* by handle index, SPM_SERVICES_MAX + 1 of them: index of the service, or 0xFF */
	uint8_t partition_count, service_count;
};

/** The table of this image, in partition order: who initialises first stands first. */
extern const struct spm_table spm_table;

/** Name of the partition with this id, for messages; "the partition manager" when there is none. */
const char *spm_partition_name(int32_t id);

#endif
