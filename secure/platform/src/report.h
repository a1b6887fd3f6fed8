/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Platform partition: from BL2's shared data to the report for clients. */
#ifndef MERLON_PLATFORM_REPORT_H
#define MERLON_PLATFORM_REPORT_H

#include <merlon/platform.h>
#include <merlon/secure_platform/platform.h>

/** @retval PSA_ERROR_DATA_INVALID  The shared data are malformed; an entry that is absent leaves its fields 0. */
psa_status_t report_fill(const struct platform_config *config, struct merlon_boot_report *report);

/** Whether BL2 says that the running images are on trial. Malformed shared data count as yes: then somebody has to accept. */
bool report_on_trial(const struct platform_config *config);

#endif
