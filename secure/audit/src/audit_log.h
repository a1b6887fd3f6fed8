/* SPDX-License-Identifier: Apache-2.0 */
/** The log: records in a store, by kind and sequence number, and one object that says what has been. Page: docs/format/audit.md. */
#ifndef MERLON_AUDIT_LOG_H
#define MERLON_AUDIT_LOG_H

#include <merlon/audit.h>
#include <merlon/lib/image.h>
#include <merlon/lib/store.h>

enum {
	AUDIT_RECORDS_MAX = MERLON_AUDIT_KIND_MAX * (MERLON_AUDIT_KIND_COUNT - 1),
	AUDIT_META_SIZE = 24,
};

/** What the log remembers beside its records. */
struct audit_meta {
	uint32_t next;    /* a sequence number that was never used */
	uint32_t dropped; /* records that did not fit */
	bool has_state;
	uint32_t lifecycle, counters[IMAGE_COUNT]; /* at the last start */
};

struct audit_log {
	struct store store;
	struct store_entry entries[AUDIT_RECORDS_MAX + 1];
	uint8_t buffer[128];
	struct store_config config;
	struct audit_meta meta;
	uint8_t waiting[MERLON_AUDIT_KIND_COUNT]; /* per kind */
	uint32_t newest[MERLON_AUDIT_KIND_COUNT]; /* sequence numbers; 0: none waits */
};

/** Open the log on `medium`, which outlives it. Errors as for store_open(). */
psa_status_t audit_log_open(struct audit_log *log, const struct medium *medium);

/** Add a record; the log gives it its number. Errors as for merlon_audit_add(). */
psa_status_t audit_log_add(struct audit_log *log, const struct merlon_audit_record *record);

/** The oldest record above `after`. Errors as for merlon_audit_read(). */
psa_status_t audit_log_read(struct audit_log *log, uint32_t after, struct merlon_audit_record *record);

/** Give up all records up to `sequence`. Errors as for merlon_audit_acknowledge(). */
psa_status_t audit_log_acknowledge(struct audit_log *log, uint32_t sequence);

uint32_t audit_log_waiting(const struct audit_log *log);

/** Store log->meta. */
psa_status_t audit_log_save(struct audit_log *log);

#endif
