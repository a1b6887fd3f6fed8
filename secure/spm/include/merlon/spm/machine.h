/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the partition manager needs from the machine. `entry/` supplies it on the device, tests and host programs supply their own.
 */
#ifndef MERLON_SPM_MACHINE_H
#define MERLON_SPM_MACHINE_H

#include <merlon/spm/spm.h>

/**
 * May the Non-secure world itself read (write) all of the range? A size of 0 is always allowed; a range that wraps never is. The world's
 * own view counts.
 */
bool spm_machine_may_read(const void *base, size_t size);
bool spm_machine_may_write(const void *base, size_t size);

/** Interrupts off and on again around a few instructions of thread mode. @return What spm_machine_unlock() takes. */
uint32_t spm_machine_lock(void);
void spm_machine_unlock(uint32_t state);

/** spm.ready has changed: go on with spm_next() as soon as the caller is in thread mode and unlocked. */
void spm_machine_reschedule(void);

/** The agent has nothing to do until *state is `wanted`: let others run, sleep when there are none. */
void spm_machine_agent_wait(const volatile uint8_t *state, uint8_t wanted);

/** Make the thread begin at `function`, on an empty stack, with a copy of *message on it as its argument; NULL: without argument. */
void spm_machine_begin(struct spm_thread *thread, void (*function)(void), const psa_msg_t *message);

/** The result of the call in which the thread blocked. */
void spm_machine_answer(struct spm_thread *thread, uintptr_t value);

/** Give the partition its memory as at the start. */
void spm_machine_renew(const struct spm_partition *partition);

/** Let the interrupt come, or keep it from coming. */
void spm_machine_interrupt(uint16_t number, bool enable);

/**
 * A partition (index; SPM_NONSECURE: the partition manager) broke a rule in the call `api`. The first does not return: the device
 * restarts. The second reports and keeps the record; the partition begins anew.
 */
_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error);
void spm_machine_report(uint8_t partition, uint8_t api, enum spm_error error);

/** Restart the device at the wish of a partition of the PSA Root of Trust. `cause`: enum reset_cause. */
_Noreturn void spm_machine_reset(uint32_t cause);

/** Does the product have partitions begin anew? False: the device restarts. */
bool spm_machine_restarts(void);

/** For partitions of the PSA Root of Trust: restart the device; others err. `cause`: enum reset_cause. api/ has it. */
_Noreturn void spm_reset(uint32_t cause);

/* Where threads go when their function returns; api/ has them, in the code that all partitions share. */
void spm_leave_function(psa_status_t status);
void spm_leave_entry(void);
void spm_leave_first_level(psa_flih_result_t result);

#endif
