/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Firmware Update partition: the state machine of psa/update.h over two slots, the set journal and a log of its own.
 *
 * `struct fwu` and its calls know no partition manager; the partition around them unpacks messages and wires the one instance.
 * Log of states: docs/format/fwu_state.md.
 */
#ifndef MERLON_SECURE_FWU_H
#define MERLON_SECURE_FWU_H

#include <merlon/lib/journal.h>
#include <merlon/lib/trust.h>
#include <psa/service.h>
#include <psa/update.h>

/** What the service stands on. All pointers must outlive it. */
struct fwu_config {
	const struct medium *primary[IMAGE_COUNT];   /* read; only the trailer's image_ok is written */
	const struct medium *secondary[IMAGE_COUNT]; /* at least slot_size bytes */
	const struct medium *journal, *state;        /* two sectors each */
	const struct medium *otp;
	const struct image_crypto *crypto;
	uint32_t run_address[IMAGE_COUNT];       /* where an active image's header lies */
	uint32_t candidate_address[IMAGE_COUNT]; /* where that of a candidate will lie when it runs */
	uint32_t slot_size;                      /* bytes; the last sector of it is the trailer's */
	uint8_t attempts;                        /* boots that a set on trial gets */
	void (*accepted)(void);                  /* ends the confirm window; may be NULL */
	void (*reboot)(void);                    /* resets the device */
	/** Told of each image that is refused, once per judgement; may be NULL. */
	void (*refused)(uint8_t component, const struct image_verdict *verdict);
};

enum { FWU_SECTOR_MAX = 128 }; /* sectors of a slot */

/** What the log holds for one component. */
struct fwu_record {
	uint8_t state;    /* PSA_FWU_READY, WRITING, CANDIDATE, FAILED; STAGED: the journal's set `set` says what became of it */
	uint8_t set;      /* STAGED: number of the set in the journal */
	uint8_t refusal;  /* enum refusal */
	uint16_t sectors; /* WRITING: sectors from 0 that are written and committed */
	int32_t owner;    /* client that started it */
	psa_status_t error;
};

/** A transfer since this start of the device. */
struct fwu_transfer {
	uint32_t end;                        /* bytes written in one piece from 0 */
	uint8_t touched[FWU_SECTOR_MAX / 8]; /* sectors that this transfer has erased */
};

struct fwu {
	const struct fwu_config *config;
	struct journal journal;
	struct log log;
	struct fwu_record records[IMAGE_COUNT];
	struct fwu_transfer transfers[IMAGE_COUNT];
};

/** Read journal and log. @retval PSA_ERROR_DATA_CORRUPT, PSA_ERROR_STORAGE_FAILURE  One cannot be read; `fwu` serves no call. */
psa_status_t fwu_open(struct fwu *fwu, const struct fwu_config *config);

/** The last unit of a slot is its trailer's: the larger of both slots' sectors, in bytes, as in BL2. */
static inline uint32_t fwu_unit(const struct fwu *fwu, uint8_t image)
{
	const struct medium *primary = fwu->config->primary[image], *secondary = fwu->config->secondary[image];
	return primary->erase_size > secondary->erase_size ? primary->erase_size : secondary->erase_size;
}

/** The state of a component as psa_fwu_query() tells it: what the log says, read in the light of the journal. */
uint8_t fwu_state_of(const struct fwu *fwu, uint8_t component);

/* The calls of psa/update.h, for client `client`. `component` comes from outside, unchecked. */
psa_status_t fwu_query(const struct fwu *fwu, uint32_t component, psa_fwu_component_info_t *info);
psa_status_t fwu_start(struct fwu *fwu, int32_t client, uint32_t component);
/** May `size` bytes be written at `offset`? Everything is checked here that can be before the first byte. */
psa_status_t fwu_write_begin(const struct fwu *fwu, int32_t client, uint32_t component, uint32_t offset, size_t size);
/** A piece of that block: from `offset` on, in order, at most FWU_PIECE_SIZE bytes, all but the last of exactly so many. */
psa_status_t fwu_write_piece(struct fwu *fwu, uint32_t component, uint32_t offset, const uint8_t *data, size_t size);
/** The whole block is written: commit sectors that are complete now. */
psa_status_t fwu_write_end(struct fwu *fwu, uint32_t component, uint32_t offset, size_t size);
psa_status_t fwu_finish(struct fwu *fwu, int32_t client, uint32_t component);
psa_status_t fwu_cancel(struct fwu *fwu, int32_t client, uint32_t component);
psa_status_t fwu_clean(struct fwu *fwu, int32_t client, uint32_t component);
psa_status_t fwu_install(struct fwu *fwu, int32_t client);
psa_status_t fwu_reject(struct fwu *fwu, int32_t client, psa_status_t error);
psa_status_t fwu_accept(struct fwu *fwu, int32_t client);

enum { FWU_PIECE_SIZE = 256 };

/** The status that stands for a refusal in psa/update.h. */
psa_status_t fwu_status_of(enum refusal refusal);

/* The partition. */

/** Before fwu_init(). @param config  Kept by reference. */
void fwu_configure(const struct fwu_config *config);
psa_status_t fwu_init(void);
psa_status_t firmware_update_sfn(const psa_msg_t *msg);

/** The callbacks of the image policy over psa/crypto.h. `progress` may be NULL. */
void fwu_crypto_init(struct image_crypto *crypto, void (*progress)(void *context));

#endif
