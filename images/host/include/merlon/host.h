/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The device inside a host program: build/host/lib/libmerlon_psa.a. Page: docs/host_library.md.
 *
 * A program that links the archive calls psa_*() as Non-secure firmware does, and is answered by the Secure world's own partitions
 * under its partition manager, over simulated flash, OTP and noise. BL2 runs before them. The device is switched on by the first
 * call and off by the end of the process.
 *
 * Where the device is: in the folder that the environment variable MERLON_DEVICE_DIR names (flash.bin, otp.bin, device.json, as
 * `merlon device provision` makes them), and outlives the process; a folder without a device gets a new one. Without the variable
 * the device is new, in memory, and ends with the process. One process at a time has a device.
 *
 * Threads: any may call; calls are served one after the other. Signal handlers must not.
 */
#ifndef MERLON_HOST_H
#define MERLON_HOST_H

#include <psa/error.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Switch the device off and on again, or on for the first time, and tell how that went. What is in flash and OTP stays; volatile
 * keys, operations and connections are gone, and BL2 decides anew: an update that was installed is swapped in, one that was not
 * accepted goes back.
 *
 * @retval PSA_ERROR_CONNECTION_BUSY  Another process, or the emulator, has the device.
 * @retval PSA_ERROR_STORAGE_FAILURE  The folder or a file in it cannot be made, opened or mapped, or has a wrong size.
 * @retval PSA_ERROR_NOT_PERMITTED    BL2 starts nothing: an image in a primary slot is refused. Flash another one, off-line.
 * @retval PSA_ERROR_BAD_STATE        Called from inside a call (a signal handler), or in the child of a process that has the device
 *                                    in a folder.
 * @return Otherwise the error of a partition that did not start. After any error the device is off: psa_call() answers
 *         PSA_ERROR_CONNECTION_REFUSED, and the next call tries to switch it on. The reason is a line on stderr.
 */
psa_status_t merlon_host_reset(void);

/**
 * Let the power fail: `changes` program or erase operations of flash or OTP from now go through, the next one is torn halfway. The
 * call during which that happens answers PSA_ERROR_COMMUNICATION_FAILURE (or what its API makes of that), the device has then
 * restarted as by merlon_host_reset(), and nothing is armed any more. Starts are cut, too.
 */
void merlon_host_cut_power(uint32_t changes);

#ifdef __cplusplus
}
#endif

#endif
