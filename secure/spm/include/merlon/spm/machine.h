/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the partition manager needs from the machine. `entry/` supplies it on the device, tests and host programs supply their own.
 */
#ifndef MERLON_SPM_MACHINE_H
#define MERLON_SPM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * May this client itself read (write) all of the range? A size of 0 is always allowed; a range that wraps never is.
 * @param client_id  Negative: the Non-secure world, whose own view counts. Positive: a partition.
 */
bool spm_machine_may_read(int32_t client_id, const void *base, size_t size);
bool spm_machine_may_write(int32_t client_id, const void *base, size_t size);

/** A partition broke a rule of the framework, or called psa_panic(). Does not return: the device restarts. `why` is for people. */
_Noreturn void spm_machine_panic(int32_t partition_id, const char *why);

#endif
