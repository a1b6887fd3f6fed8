/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Audit log: what happened to the security of the device, kept by the Secure world over resets and power cuts until somebody has
 * taken note of it. Page: docs/format/audit.md.
 *
 * A reader walks the records from sequence number 0 up, hands them on, and acknowledges what has arrived. Until then a record stays.
 * The log is bounded: of each kind at most MERLON_AUDIT_KIND_MAX records wait, so that a flood of one kind cannot push out another, and
 * what did not fit is counted. A record that equals the newest waiting one of its kind is not kept twice.
 *
 * The structures are the messages: integers in the order of the machine, unused bytes 0.
 * Every call may also return what psa_call() returns, and PSA_ERROR_STORAGE_FAILURE when the flash failed.
 */
#ifndef MERLON_AUDIT_H
#define MERLON_AUDIT_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	MERLON_AUDIT_KIND_MAX = 16, /* records of one kind that wait */
	MERLON_AUDIT_DATA_SIZE = 40,
};

/** What a record is about, and which member of the union it fills. Append, never renumber. */
enum merlon_audit_kind {
	MERLON_AUDIT_REFUSED = 1,   /* refused: BL2 or the update service refused an image */
	MERLON_AUDIT_STORAGE = 2,   /* storage: an object of Protected Storage failed its authentication */
	MERLON_AUDIT_PANIC = 3,     /* panic: the Secure world stopped itself, or a fault stopped it */
	MERLON_AUDIT_LIFECYCLE = 4, /* change: of the lifecycle state, as PSA numbers it; `which` is 0 */
	MERLON_AUDIT_COUNTER = 5,   /* change: of the security counter of image `which` */
	MERLON_AUDIT_EPOCH = 6,     /* change: internal flash was put back: its epoch, and that of one-time memory; `which` is 0 */
	MERLON_AUDIT_KIND_COUNT,
};

/** An image that was refused. */
struct merlon_audit_refused {
	uint8_t code, image; /* docs/format/refusal.md; 0 Secure, 1 Non-secure */
	uint8_t major, minor;
	uint16_t revision;
	uint16_t reserved;
	uint32_t build;
	uint8_t digest_prefix[8];
};

/** An object whose protection was broken. */
struct merlon_audit_storage {
	uint64_t uid;
	int32_t client; /* its owner */
	int32_t status; /* what the call answered */
};

/** Why the Secure world stopped. Addresses and registers are those of the Armv8-M core; 0 where there was no fault. */
struct merlon_audit_panic {
	int32_t partition; /* who ran; 0: none, or not known */
	uint32_t cause;    /* enum merlon_reset_cause */
	uint32_t pc, lr, status, address;
	uint16_t call, error; /* the rule of the framework that was broken, as the partition manager numbers it; 0: none */
};

struct merlon_audit_change {
	uint32_t which, from, to;
};

struct merlon_audit_record {
	uint32_t sequence; /* from 1, never used twice: a gap is records that had been acknowledged, or that were dropped */
	uint8_t kind;      /* enum merlon_audit_kind */
	uint8_t reserved[3];
	union {
		struct merlon_audit_refused refused;
		struct merlon_audit_storage storage;
		struct merlon_audit_panic panic;
		struct merlon_audit_change change;
		uint8_t bytes[MERLON_AUDIT_DATA_SIZE];
	} data;
};

/** How full the log is. */
struct merlon_audit_state {
	uint32_t waiting; /* records not yet acknowledged */
	uint32_t next;    /* sequence number of the next record */
	uint32_t dropped; /* records that did not fit since the last acknowledgement; a power cut may forget the newest of them */
};

/**
 * Read the oldest waiting record with a sequence number above `after`.
 * @param after  0: from the beginning.
 * @retval PSA_ERROR_DOES_NOT_EXIST  There is none.
 * @retval PSA_ERROR_DATA_CORRUPT    There is one, and it is damaged; only its sequence number is valid.
 */
psa_status_t merlon_audit_read(uint32_t after, struct merlon_audit_record *record);

/** How many records wait, and how many were dropped. */
psa_status_t merlon_audit_state(struct merlon_audit_state *state);

/**
 * Give up all records up to `sequence`, that one included: they have arrived where they are kept. Ends the count of the dropped
 * when no record is left. Reversed by nothing; a power cut leaves each record waiting or gone.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT  No record has had this number yet.
 * @retval PSA_ERROR_NOT_PERMITTED     The caller is not the Non-secure world: partitions add, they do not take away.
 */
psa_status_t merlon_audit_acknowledge(uint32_t sequence);

/**
 * Add a record. For partitions alone; `record->sequence` is not read.
 * @retval PSA_ERROR_NOT_PERMITTED         The caller is the Non-secure world.
 * @retval PSA_ERROR_INVALID_ARGUMENT      No such kind, or one that only the start of the device can witness: partitions report REFUSED,
 *                                         STORAGE and EPOCH.
 * @retval PSA_ERROR_INSUFFICIENT_STORAGE  As many of this kind wait as may; it was counted as dropped.
 */
psa_status_t merlon_audit_add(const struct merlon_audit_record *record);

/* How the calls travel through psa_call(). Input 0: READ, ACKNOWLEDGE a uint32_t, ADD the record. Output 0: READ the record, STATE. */
enum merlon_audit_call { MERLON_AUDIT_READ = 1, MERLON_AUDIT_STATE = 2, MERLON_AUDIT_ACKNOWLEDGE = 3, MERLON_AUDIT_ADD = 4 };

#ifdef __cplusplus
}
#endif

#endif
