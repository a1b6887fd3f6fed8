/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the start of the Secure image hands to the files that compose partitions.
 *
 * images/secure/<folder>.c composes the partition of secure/<folder>: drivers, configuration, facts. All its static objects lie in
 * that partition's data (`spmgen` writes the linker script), so that the partition can be confined. Its prepare_<folder>() runs
 * privileged, after the doors are closed and before the partition's entry, at the start and at each restart of the partition. A folder
 * without such a file needs none.
 *
 * The device inside a host program (images/host) is composed of the same files, but for those that name drivers of the board.
 */
#ifndef IMAGES_SECURE_START_H
#define IMAGES_SECURE_START_H

#include <merlon/audit.h>
#include <merlon/hal/otp.h>
#include <merlon/lib/handover.h>
#include <merlon/lib/otp_layout.h>
#include <psa_manifest/pid.h>
#include <stdbool.h>

/** Facts of this device, read before OTP was closed. Privileged memory: nobody confined sees it. */
struct start {
	struct otp_identity identity; /* keys are zeros unless `secrets`; an empty serial: the device has none */
	bool secrets;                 /* the lifecycle lets the keys be used, and they are there */
	const struct medium *otp;     /* closed as close_otp() does */
	const uint8_t *handover;      /* what BL2 handed over, handover_size bytes */
	uint16_t handover_size;
	struct merlon_audit_panic panic; /* what ended the last start, if `faulted` */
	bool faulted;
};
extern struct start start;

/** Stop the boot, and say why, unless `status` is PSA_SUCCESS. */
void require(psa_status_t status, const char *what);

/** Take out of OTP what partitions need to know, into `start`. */
void take_facts(const struct medium *otp, uint32_t lifecycle);

/** Erase what a decommissioned device stored of its owner's. @param flash  The board's. */
psa_status_t clear_storage(const struct medium *flash);

/** Close for writing all but the records of the lifecycle, and for reading where the secrets lie. */
psa_status_t close_otp(struct otp_guard *guard);

void prepare_attest(void);
void prepare_audit(void);
void prepare_crypto(void);
void prepare_flash(void);
void prepare_fwu(void);
void prepare_its(void);
void prepare_platform(void);
void prepare_ps(void);

#endif
