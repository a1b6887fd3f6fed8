/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A partition manager for tests of single services: psa_call() straight to the service functions that a test has registered. It keeps
 * the rules that a service could break (reading a vector that is not there, writing past the end) and ends the program on a breach.
 */
#ifndef MERLON_TEST_SPM_H
#define MERLON_TEST_SPM_H

#include <psa/service.h>

/** The identity of the outermost caller: negative for the Non-secure world. */
extern int32_t spm_client;

/** What psa_rot_lifecycle_state() answers; *secured* at first. */
extern uint32_t spm_lifecycle;

/** Calls of the service behind `handle` go to `sfn`; what `sfn` itself calls comes from client `identity`. */
void spm_register(psa_handle_t handle, psa_status_t (*sfn)(const psa_msg_t *msg), int32_t identity);

/** psa_call() fails with this status from now on, before it reaches a service; PSA_SUCCESS: no more. */
void spm_fail(psa_status_t status);

#endif
