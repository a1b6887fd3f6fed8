/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The partitions, services and interrupts of an image, as `spmgen` writes them from the manifests. Constant; nothing is registered at
 * run time. Fields that a table leaves out are 0: whoever writes one by hand names the fields it sets.
 *
 * How a partition runs follows from three fields, which `spmgen` fills by the isolation level of the product:
 *
 *     thread  map    who
 *     NULL    NULL   privileged, SFN, only ever called by the Non-secure world or by a partition of this very row: a plain call on the
 *                    caller's stack
 *     set     NULL   privileged with a stack of its own: IPC at isolation level 1; PSA-ROT at level 2 that a threaded partition calls, or
 *                    that is IPC. An SFN function is still called plainly by callers of the first row
 *     set     set    unprivileged in the domain `map`: APPLICATION-ROT at isolation level 2, every partition at level 3
 *
 * Source: Arm DEN 0063 (FF-M 1.0) appendix C, Arm AES 0039 (1.1 extensions); Armv8-M Architecture Reference Manual (Arm DDI 0553),
 * MPU_RBAR and MPU_RLAR.
 */
#ifndef MERLON_SPM_TABLE_H
#define MERLON_SPM_TABLE_H

#include <psa/service.h>
#include <stdbool.h>

enum {
	SPM_SERVICES_MAX = 32,
	SPM_PARTITIONS_MAX = 31, /* and the Non-secure world */
	SPM_MAP_REGIONS = 8,     /* all regions of the memory protection unit */
	SPM_STACK_ALIGNMENT = 32,
};

/** The handle of a stateless service: this bit, and below it the index that the manifest gives, 1 to SPM_SERVICES_MAX. */
#define SPM_STATELESS_FLAG 0x40000000

enum spm_type { SPM_PSA_ROT, SPM_APPLICATION_ROT };
enum spm_model { SPM_SFN, SPM_IPC };
enum spm_priority { SPM_PRIORITY_HIGH, SPM_PRIORITY_NORMAL, SPM_PRIORITY_LOW };

/**
 * One region of a domain: RBAR and RLAR, ready to store. `start` and `end` (first byte behind) are addresses, multiples of 32, and may be
 * symbols of the linker script. All zero: no region. No two regions of a map overlap.
 */
struct spm_region {
	uintptr_t rbar, rlar;
};
#define SPM_REGION(start, end, access)                                                                                             \
	{                                                                                                                          \
		(uintptr_t)(start) + ((access)&0x1f), (uintptr_t)(end)-32 + ((access) >> 8)                                        \
	}
#define SPM_REGION_CODE                0x0106 /* everybody reads and executes; nobody writes */
#define SPM_REGION_DATA                0x0103 /* everybody reads and writes; nobody executes */
#define SPM_REGION_DEVICE              0x0303 /* as data, Device-nGnRE */
#define SPM_REGION_DEVICE_READ_ONLY    0x0307 /* everybody reads a device; nobody writes */
#define SPM_REGION_CONSTANT            0x0107 /* everybody reads; nobody writes or executes */
#define SPM_REGION_PRIVILEGED_DATA     0x0101 /* the partition manager reads and writes; nobody executes */
#define SPM_REGION_PRIVILEGED_CONSTANT 0x0105 /* the partition manager reads; nobody writes or executes */
#define SPM_REGION_PRIVILEGED_CODE     0x0104 /* the partition manager reads and executes; nobody writes */

/** A partition's own memory, for the start and for a restart: word-aligned; [start, initialised) from `load`, [initialised, end) zero. */
struct spm_memory_image {
	uint32_t *start, *initialised, *end;
	const uint32_t *load;
};

struct spm_thread; /* spm.h */

struct spm_partition {
	const char *name;
	int32_t id;                            /* > 0: what services see as client_id */
	psa_status_t (*init)(void);            /* SFN: entry_init; NULL: none */
	void (*prepare)(void);                 /* privileged: sets up drivers in the partition's data before `init`; NULL: none */
	void (*entry)(void);                   /* IPC: the entry point, which never returns; NULL: SFN */
	uint32_t dependencies;                 /* bit i: may use services[i] */
	psa_signal_t signals;                  /* IPC: all its services' and interrupts' signals */
	struct spm_thread *thread;             /* one of its own, in the partition manager's memory; NULL: plain calls only */
	void *stack;                           /* SPM_STACK_ALIGNMENT; inside the partition's data */
	uint32_t stack_size;                   /* bytes, a multiple of 32; the uppermost 8 hold the seal */
	const struct spm_region *map;          /* SPM_MAP_REGIONS of them, own data before all else; NULL: privileged */
	const struct spm_memory_image *memory; /* NULL: part of the image's .data and .bss, no restart */
	uint8_t type, model, priority;         /* enum spm_type, spm_model, spm_priority */
};

struct spm_service {
	psa_status_t (*function)(const psa_msg_t *message); /* SFN; NULL: IPC */
	uint32_t sid, version;
	psa_signal_t signal; /* IPC: one bit of its partition's signals; SFN: 0 */
	uint8_t partition;   /* index of its partition */
	bool strict;         /* version policy; false: RELAXED */
	bool connection_based;
	bool nonsecure; /* Non-secure clients may use it */
	bool mm_iovec;  /* the partition maps vectors; isolation level 1 only */
};

struct spm_interrupt {
	psa_flih_result_t (*function)(void); /* FLIH; NULL: SLIH */
	psa_signal_t signal;                 /* one bit of its partition's signals */
	uint16_t number;                     /* as BOARD_<LABEL>_IRQ */
	uint8_t partition;                   /* index */
	bool enabled;                        /* from the start, as framework 1.0 has it; 1.1: psa_irq_enable() */
};

struct spm_table {
	const struct spm_partition *partitions;
	const struct spm_service *services;
	const struct spm_interrupt *interrupts;
	const uint8_t *stateless;            /* by handle index, SPM_SERVICES_MAX + 1 of them: index of the service, or 0xFF */
	const struct spm_region *privileged; /* SPM_MAP_REGIONS: the map of the partition manager and of privileged partitions */
	uint8_t partition_count, service_count, interrupt_count;
};

/** The table of this image, in partition order: who initialises first stands first. */
extern const struct spm_table spm_table;

/** Name of the partition with this id, for messages; "the partition manager" when there is none. */
const char *spm_partition_name(int32_t id);

#endif
