/* SPDX-License-Identifier: Apache-2.0 */
/** The device of BL2's tests with the real update service on it, called through psa/update.h. */
#ifndef TESTS_SECURE_FWU_BENCH_H
#define TESTS_SECURE_FWU_BENCH_H

#include "rig.h"
#include <merlon/secure_fwu/fwu.h>
#include <merlon/test_secure/spm.h>
#include <psa/update.h>

enum { CLIENT = -1, OTHER_CLIENT = -7, PARTITION_CLIENT = 300, BENCH_LOG_HALF = 512 };

struct bench {
	struct rig rig;
	struct sim_flash state;
	struct fwu_config config;
	unsigned accepted, reboots; /* calls of the callbacks */
	enum refusal refused;       /* what the audit log was told last, */
	unsigned refusals;          /* and how often */
};

/** A secured device whose images 1.0.0 (counter 1) run and are confirmed. Calls come from CLIENT. Free with bench_deinit(). */
void bench_init(struct bench *bench);
void bench_deinit(struct bench *bench);
void bench_copy(struct bench *to, const struct bench *from);

/** Reset: BL2, then the service. @return whether the device started. */
bool bench_boot(struct bench *bench);
/** The service alone starts anew, as after a reset in which BL2 had nothing to do. */
void bench_restart(struct bench *bench);

psa_fwu_component_info_t bench_info(uint8_t component);
uint8_t bench_state(uint8_t component);

/** Write an image from `offset` to its end, in blocks of `block` bytes. */
psa_status_t bench_write(const struct rig_image *image, uint32_t offset, uint32_t block);
/** Start, write and finish. Ends the test unless all of it succeeds. */
void bench_stage(const struct rig_image *image);
/** Bring component 1 into a state of psa/update.h, with component 0 READY. From a device that has just been made. */
void bench_reach(struct bench *bench, uint8_t state);

#endif
