/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Why the device is about to reset, kept in Secure RAM that no image clears. The board's own syndrome register is of no use: it
 * reads the same after every kind of reset.
 *
 * Whoever resets the device records the cause first; BL2 takes it at the next start. A word that was never written (cold start) does
 * not carry its own complement and reads as RESET_CAUSE_POWER_ON.
 */
#ifndef MERLON_ARCH_RESET_CAUSE_H
#define MERLON_ARCH_RESET_CAUSE_H

#include <merlon/arch/fault.h>
#include <stdbool.h>

/** The first cause recorded since the last reset_cause_take() stays: a fault while handling a fault does not hide the first. */
void reset_cause_record(enum reset_cause cause);

/** As reset_cause_record(fault->cause), with the details. */
void reset_cause_record_fault(const struct fault_record *fault);

/** The details alone: of a partition that begins anew without a reset. The next reset_fault_take() finds the last. */
void reset_fault_record(const struct fault_record *fault);

/** Read and clear the cause. Called once per start, by BL2. The fault's details stay until reset_fault_take(). */
enum reset_cause reset_cause_take(void);

/** Read and clear the details of the fault that led to this start. @return false: there was none. */
bool reset_fault_take(struct fault_record *fault);

#endif
