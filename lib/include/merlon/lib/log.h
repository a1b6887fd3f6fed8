/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A rotating log in two flash sectors: small records of 8 bytes, each of which decides something. Page: docs/format/log.md.
 *
 * What a client sees: a sequence of units, folded into the client's state by `apply`. What the log promises:
 * - A unit is there or not there, whatever instant the power goes. A torn unit is no unit.
 * - Readings are stable. A unit whose programming was cut may read differently from one boot to the next; log_settle() makes
 *   what was read last time stand for ever, or leaves the decision unmade, and writes nothing when nothing is in doubt.
 * - When the sector is full, the client's state is written as a snapshot into the other sector. One unit decides that, too.
 * - A unit that became unreadable in the middle is noticed, never skipped in silence.
 *
 * Unit: { seal 1 bit | type 7 bits, ordinal 4 bits | argument 4 bits, value u16, crc32 u32 }, little-endian.
 *
 * Reads that fail are repeated; a unit that still cannot be read counts as torn. Programs are read back.
 */
#ifndef MERLON_LIB_LOG_H
#define MERLON_LIB_LOG_H

#include <merlon/lib/medium.h>
#include <stdbool.h>

enum {
	LOG_UNIT_SIZE = 8,
	LOG_TYPE_MAX = 127, /* types are 1 to LOG_TYPE_MAX; 0 is the log's own header */
	LOG_ARGUMENT_MAX = 15,
	LOG_SNAPSHOT_MAX = 15, /* units of a snapshot */
};

struct log_unit {
	uint8_t type, argument;
	uint16_t value;
};

/** What the owner of a log supplies. `context` is passed through. */
struct log_client {
	/** Fold one unit into the state, which the caller of log_open() has set to its beginning.
	 *  @return false: no such unit can follow here. The state is unchanged then, and the log is corrupt. */
	bool (*apply)(void *context, const struct log_unit *unit);
	/** The shortest sequence of units that leads from the beginning to the present state. @return their count. */
	unsigned (*snapshot)(const void *context, struct log_unit units[LOG_SNAPSHOT_MAX]);
};

/** An open log. Owned by the caller, who reads no member; rebuilt by log_open() after every reset. */
struct log {
	const struct medium *medium; /* two equal halves, each one or more erase sectors; write_size divides 8 */
	const struct log_client *client;
	void *context;
	uint32_t next; /* offset in the half where the next unit goes */
	uint32_t last; /* the newest unit that stands, as its first four bytes */
	uint16_t sequence;
	uint8_t half;
	bool exists;    /* false: both halves are blank */
	bool tentative; /* the half was written but not sealed: rotate before use */
	bool sealed;    /* `last` is known to have been programmed completely, and flash says so */
	bool settled;   /* the same, or this boot wrote it itself */
	bool dirty;     /* something unreadable lies behind the last unit */
	bool rival;     /* the other half has a newer header whose seal did not read this time: erase it before use */
};

/**
 * Find the newest half and fold its units, oldest first, through `client->apply`. Never writes.
 *
 * @param client, context  Must outlive the log.
 * @retval PSA_ERROR_INVALID_ARGUMENT  The medium has no two halves of whole sectors, or its write_size does not divide 8.
 * @retval PSA_ERROR_DATA_CORRUPT      No half is valid although something was written, a unit in the middle is lost, or `apply`
 *                                     refused a unit.
 */
psa_status_t log_open(struct log *log, const struct medium *medium, const struct log_client *client, void *context);

/**
 * Make what log_open() read stand. Whoever acts on the state without appending (boots it, erases a sector) calls this first;
 * the writing calls below do it themselves.
 *
 * @retval PSA_ERROR_STORAGE_FAILURE  The device failed. Nothing that stood before is lost. Holds for the calls below as well.
 */
psa_status_t log_settle(struct log *log);

/**
 * Append one unit and fold it. Rotates when the half is full.
 * @retval PSA_ERROR_BAD_STATE  `apply` refused the unit: the client did not check before. The log must be opened anew.
 */
psa_status_t log_append(struct log *log, const struct log_unit *unit);

/** Put a second copy behind the last unit, so that later boots find nothing in doubt and write nothing. Does nothing when sealed. */
psa_status_t log_seal(struct log *log);

/**
 * Rotate now when fewer than `count` units are free here, if the other half would hold them: so that what follows needs at most
 * this one erase.
 */
psa_status_t log_reserve(struct log *log, uint32_t count);

#endif
