/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The system control block: what the Secure world fixes about the core, and reset.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553), AIRCR, SHCSR, CCR, NSACR, CPACR.
 */
#ifndef MERLON_ARCH_SYSTEM_H
#define MERLON_ARCH_SYSTEM_H

#include <psa/error.h>
#include <stdint.h>

/**
 * Fix the core's security settings and read them back. Called once by the Secure image before it starts the Non-secure world.
 *
 * - exceptions of the Non-secure world rank below all Secure ones (AIRCR.PRIS);
 * - bus faults, HardFault and NMI stay Secure (AIRCR.BFHFNMINS 0), and only the Secure world may request a reset (SYSRESETREQS);
 * - the Non-secure world has no coprocessor and no FPU (NSACR 0), and neither has the Secure world (CPACR 0);
 * - memory, bus, usage and security faults have handlers of their own; division by zero is a fault.
 *
 * @retval PSA_ERROR_CORRUPTION_DETECTED  A register read back differs; the caller stops the boot.
 */
psa_status_t system_harden(void);

/** Request a system reset and wait for it. Record why first: reset_cause.h. */
_Noreturn void system_reset(void);

#endif
