/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the manifests of an image say, and what follows from it.
 *
 * Source: Arm DEN 0063 (Firmware Framework for M 1.0), appendix C; Arm AES 0039 (1.1 extensions).
 */
#ifndef SPMGEN_MODEL_H
#define SPMGEN_MODEL_H

#include "report.h"
#include <stdint.h>

enum {
	WORD_MAX_SIZE = 48, /* names, with the zero */
	PLACE_MAX_SIZE = 256,
	PARTITIONS_MAX = 24,
	SERVICES_MAX = 32, /* as the partition manager's table */
	DEPENDENCIES_MAX = 16,
	RESOURCES_MAX = 8,
	SRAM_START = 0x20000000, /* of the architecture's address map (Arm DDI 0553) */
	SRAM_END = 0x40000000,
	IRQS_MAX = 8,
	INTERRUPTS_MAX = 32,
	ARCHIVES_MAX_SIZE = 512,
	DEVICE_REGIONS_MAX = 3, /* of the eight regions of a domain, five hold code and data */
	REGION_GRANULE = 32,    /* bytes, of the memory protection unit */
	SIGNAL_FIRST = 4,       /* bits 0 to 3 are the framework's: PSA_DOORBELL is one of them */
	SIGNAL_COUNT = 28,
};

/** The two versions of the framework differ in their keys. */
enum framework { FRAMEWORK_1_0, FRAMEWORK_1_1 };

struct dependency {
	char name[WORD_MAX_SIZE], place[PLACE_MAX_SIZE];
	bool weak;      /* the image may be without it */
	size_t service; /* found by model_check(); SERVICES_MAX: weak, and not there */
};

struct service {
	char name[WORD_MAX_SIZE], place[PLACE_MAX_SIZE];
	char signal_name[WORD_MAX_SIZE + 8]; /* <SERVICE>_SIGNAL unless a 1.0 manifest names another */
	uint32_t sid, version, handle;       /* handle: 1 to SERVICES_MAX; 0: connections, or "auto" before the check */
	uint32_t signal;                     /* IPC: one bit */
	bool strict, connection_based, stateless_given, nonsecure, mm_iovec;
	size_t partition;
};

/** A device or a piece of memory that a partition is given. */
struct resource {
	char label[WORD_MAX_SIZE], place[PLACE_MAX_SIZE]; /* label: empty for a range until model_resolve() finds its name */
	uint32_t base, size;                              /* Secure address */
	bool has_base, has_size, has_permission, writable;
	bool memory; /* Normal memory; else a device */
};

/** What the protection unit grants: resources without what is the image's own, neighbours with equal rights as one. */
struct range {
	uint32_t base, size;
	bool memory, writable;
};

struct irq {
	char name[WORD_MAX_SIZE], source[WORD_MAX_SIZE], place[PLACE_MAX_SIZE];
	char signal_name[WORD_MAX_SIZE + 8]; /* 1.0: the signal's own name; 1.1: <NAME>_SIGNAL */
	bool has_handling, flih;
	uint32_t number, signal;
};

struct partition {
	char name[WORD_MAX_SIZE], place[PLACE_MAX_SIZE];
	char file[WORD_MAX_SIZE];   /* of the manifest, without its ending: psa_manifest/<file>.h */
	char folder[WORD_MAX_SIZE]; /* that the manifest lies in */
	char entry_init[WORD_MAX_SIZE], entry_point[WORD_MAX_SIZE];
	char archives[ARCHIVES_MAX_SIZE]; /* files whose contents are this partition's alone, with commas between them */
	uint32_t stack_size, heap_size, id, signals;
	unsigned priority; /* 0 HIGH, 1 NORMAL, 2 LOW */
	enum framework framework;
	bool application; /* APPLICATION-ROT */
	bool ipc, model_given;
	bool outside;            /* not of this tree */
	bool threaded, confined; /* has a stack of its own; runs unprivileged in a domain */
	size_t dependency_count, resource_count, irq_count;
	struct dependency dependencies[DEPENDENCIES_MAX];
	struct resource resources[RESOURCES_MAX];
	struct irq irqs[IRQS_MAX];
	size_t range_count;
	struct range ranges[RESOURCES_MAX + 1];
	bool sees_image; /* it is given the memory in which the Secure image lies, and reads all of that */
};

/** What the product and the build add to the manifests. */
struct options {
	unsigned isolation; /* level, 1 to 3 */
	bool arotless;      /* no APPLICATION-ROT partition */
	bool layout;        /* firmware: partitions have memory of their own; not on the host */
};

struct model {
	struct options options;
	const struct model
		*absent; /* partitions of the tree that this image leaves out: clients of any product compile; may be NULL */
	uint32_t image_start, image_size; /* the Secure image's slot without its trailer; from the board */
	uint32_t data_start;              /* of the RAM in which partitions have their data */
	size_t partition_count, service_count;
	struct partition partitions[PARTITIONS_MAX];
	struct service services[SERVICES_MAX];
	size_t order[PARTITIONS_MAX]; /* of initialisation: whoever is depended on stands first */
	uint32_t main_stack_size;     /* bytes: the deepest chain of plain calls */
};

/**
 * Add one manifest.
 *
 * @param archives  Names of static libraries and object files, with commas, that are this partition's alone; may be empty.
 * @param outside   The partition is not of this tree.
 * @return False after messages with file, line, key and remedy.
 */
bool manifest_read(struct model *model, const char *path, const char *archives, bool outside, struct report *report);
bool manifest_read_stream(struct model *model, FILE *file, const char *path, struct report *report);

/** Judge all manifests together, give out handles, ids and signals, find the order. @return False after messages. */
bool model_check(struct model *model, struct report *report);

/** Ids alone, for partitions that are not in the image. */
void model_give_ids(struct model *model);

/** Who runs how: what follows from isolation level, type and model. After model_check(). */
void model_plan(struct model *model);

/**
 * Find devices and interrupts in the board's compiled device tree `dtb`, and judge who may have them.
 * @return False after messages.
 */
bool model_resolve(struct model *model, const void *dtb, size_t size, const char *dtb_name, struct report *report);

/** Does a range lie among the data of all partitions, where a region on each side of it keeps the rest privileged? */
bool range_is_in_sram(const struct range *range);

/** Where a partition stands in the emitted table: its place in the order of initialisation. */
size_t model_rank(const struct model *model, size_t partition);

/** The name in small letters, as C identifiers and sections have it. */
void put_lower(FILE *file, const char *name);

/* The writers. */
void emit_sid(FILE *file, const struct model *model);
void emit_pid(FILE *file, const struct model *model);
/** psa_manifest/vectors.h: the interrupts of partitions, for the image's vector table. */
void emit_vectors(FILE *file, const struct model *model);
/** psa_manifest/<file>.h of one partition. */
void emit_manifest(FILE *file, const struct model *model, size_t partition);
void emit_table(FILE *file, const struct model *model);
/** Linker script: shared code and the partitions' code, in the order of the address space. */
void emit_code_layout(FILE *file, const struct model *model);
/** Linker script: the partitions' data; and what remains for the image's own .data and .bss. */
void emit_data_layout(FILE *file, const struct model *model);
void emit_data_input(FILE *file, const struct model *model);
void emit_bss_input(FILE *file, const struct model *model);
/** For `merlon partitions`. */
void emit_json(FILE *file, const struct model *model);

#endif
