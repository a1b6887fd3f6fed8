/* SPDX-License-Identifier: Apache-2.0 */
/** What the files of entry/ share. */
#ifndef MERLON_SPM_ENTRY_SRC_H
#define MERLON_SPM_ENTRY_SRC_H

#include <merlon/spm/spm.h>

/** A call of the Non-secure world is under way. */
extern uint8_t spm_gate_busy;
/** A partition became ready when the machine could not switch to it: look again when the call is over. */
extern bool spm_deferred;

#endif
