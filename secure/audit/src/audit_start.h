/* SPDX-License-Identifier: Apache-2.0 */
/** What a start of the device adds to the log. */
#ifndef MERLON_AUDIT_START_H
#define MERLON_AUDIT_START_H

#include "audit_log.h"
#include <merlon/secure_audit/audit.h>

/** Add refusals, a panic, and what differs from the last start. A log that is full drops and counts them. */
psa_status_t audit_start_add(struct audit_log *log, const struct audit_boot *boot);

#endif
