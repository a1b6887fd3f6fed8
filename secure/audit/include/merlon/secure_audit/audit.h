/* SPDX-License-Identifier: Apache-2.0 */
/** The audit log's partition, for the image that holds it and for its manifest. Clients include merlon/audit.h. */
#ifndef MERLON_SECURE_AUDIT_H
#define MERLON_SECURE_AUDIT_H

#include <merlon/audit.h>
#include <merlon/lib/handover.h>
#include <psa/service.h>
#include <stdbool.h>

struct medium;

/** What this start of the device brings with it. A copy: the partition need not reach where it came from. */
struct audit_boot {
	struct handover_refusal refusals[HANDOVER_REFUSAL_MAX];
	uint8_t refusal_count;
	bool has_state;                 /* `lifecycle` and `counters` were handed over */
	bool has_panic;                 /* the start before this one ended in `panic` */
	uint32_t lifecycle;             /* PSA lifecycle, 0x1000 to 0x6000 */
	uint32_t counters[IMAGE_COUNT]; /* stored security counters */
	struct merlon_audit_panic panic;
};

/**
 * Fill in what BL2 handed over, and a panic without details where the reset cause says that there was one; the rest is 0. Whoever has
 * the record of a fault or of a panic fills `panic` in afterwards.
 * @retval PSA_ERROR_DATA_INVALID  The shared data are malformed; what could be read is there.
 */
psa_status_t audit_boot_read(struct audit_boot *boot, const uint8_t *handover, uint16_t handover_size);

/** Before audit_init(). @param medium  The area; must outlive the service. @param boot  Copied. */
void audit_configure(const struct medium *medium, const struct audit_boot *boot);

/**
 * Entry of the partition: opens the log and adds what this start brings.
 * @return PSA_SUCCESS also when the area cannot be read: the device starts, and each call answers what is wrong.
 */
psa_status_t audit_init(void);

/** The service: one message of merlon/audit.h. */
psa_status_t audit_sfn(const psa_msg_t *msg);

#endif
