/* SPDX-License-Identifier: Apache-2.0 */
/** The hardware of the device in a host program, and the two images that run on it. */
#ifndef MERLON_IMAGES_HOST_DEVICE_H
#define MERLON_IMAGES_HOST_DEVICE_H

#include <merlon/lib/handover.h>
#include <merlon/sim/flash.h>
#include <merlon/sim/noise.h>
#include <psa/client.h>

enum { HOST_PATH_MAX = 4096 };

struct host_device {
	struct sim_power power;
	struct sim_flash flash, otp;
	struct sim_noise noise;
	uint8_t handover[HANDOVER_SIZE];
	enum reset_cause cause;     /* of this start */
	enum reset_cause ending;    /* why it ended; RESET_CAUSE_POWER_ON: the power failed */
	char folder[HOST_PATH_MAX]; /* empty: in memory */
	int lock;                   /* file that is locked; -1: none */
};

/**
 * Make the device, or take it from the folder that MERLON_DEVICE_DIR names. A new one is provisioned.
 * @return As merlon_host_reset(); the reason was written to stderr.
 */
psa_status_t host_device_open(struct host_device *device);

/** Give a device that has no identity one of its own, and end its time in the factory. Repeatable after a cut. */
psa_status_t host_device_provision(struct host_device *device);

/** FOLDER/NAME. @return false when that is longer than HOST_PATH_MAX. */
bool host_device_path(const struct host_device *device, const char *name, char path[HOST_PATH_MAX]);

/** One line on stderr: "merlon: WHAT: WHY". */
void host_complain(const char *what, const char *why);

/**
 * BL2 on this device: decides, swaps, and fills in the handover. A device without images has nothing to judge: its handover says
 * how it started, and no more.
 * @retval PSA_ERROR_NOT_PERMITTED  BL2 halts.
 */
psa_status_t host_bl2_run(struct host_device *device);

/** The Secure image: configure and start its partitions. @return The first error of one. */
psa_status_t host_secure_start(struct host_device *device);

/** Inside the Secure image: which device it runs on. */
extern struct host_device *host_hardware;

/* Its gates, for the Non-secure client. */
uint32_t host_secure_version(uint32_t sid);
psa_handle_t host_secure_connect(uint32_t sid, uint32_t version);
psa_status_t host_secure_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
			      size_t out_len);
void host_secure_close(psa_handle_t handle);

#endif
