/* SPDX-License-Identifier: Apache-2.0 */
/** The device's side of the partition manager, for the Secure image's main.c. */
#ifndef MERLON_SPM_ENTRY_H
#define MERLON_SPM_ENTRY_H

#include <merlon/hal/console.h>

/** Where panics are written; before this call they are silent. The console must outlive the image. */
void spm_entry_init(struct console *console);

/** Write why and restart with RESET_CAUSE_PANIC. `who` names a partition or a part of the start-up. */
_Noreturn void spm_entry_stop(const char *who, const char *why);

#endif
