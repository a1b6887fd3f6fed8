/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A device on disk: a folder with flash.bin, otp.bin and device.json, which the emulator and the tools share.
 *
 * Its memories are reached as media under the rules of flash and OTP (drivers/sim), by the formats of lib/: the tool knows no offset
 * that the firmware does not know. A device must be switched off while the tool works on it.
 */
#ifndef MERLON_TOOL_DEVICE_H
#define MERLON_TOOL_DEVICE_H

#include "error.h"
#include <merlon/hal/flash.h>
#include <merlon/sim/flash.h>

enum { DEVICE_PATH_MAX = 4096 };
#define DEVICE_AREA_PRIMARY(image)   ((image) == 0 ? "s_primary" : "ns_primary")
#define DEVICE_AREA_SECONDARY(image) ((image) == 0 ? "s_secondary" : "ns_secondary")

struct device {
	struct sim_flash flash, otp; /* flash: the whole of flash.bin */
};

/** DIR/NAME. @return false when that is longer than DEVICE_PATH_MAX. */
bool device_path(const char *folder, const char *name, char path[DEVICE_PATH_MAX], struct error *error);

/**
 * Make the folder with an erased flash.bin and a blank otp.bin, readable by the owner only. Until device_commit() the folder bears a mark: a
 * device that was cut off before that is made anew, because nobody can have it. A finished device is refused.
 */
bool device_create(struct device *device, const char *folder, struct error *error);

/** Everything is on the disk; take the mark away. */
bool device_commit(const char *folder, struct error *error);

/** @return Whether the folder holds a device that was finished. */
bool device_is_finished(const char *folder);

/** Remove what device_create() and provisioning made: a device that was not finished never leaves the factory. */
void device_discard(const char *folder);

/** Open an existing device. Close with device_close(). */
bool device_open(struct device *device, const char *folder, struct error *error);
void device_close(struct device *device);

/** A flash area by its label in board.dts; stops the program when there is none of that name: a bug, not an input. */
struct flash_window device_area(const struct device *device, const char *name);

/** What a status of a device call means to people, for error_set(). */
const char *device_status_text(psa_status_t status);

#endif
