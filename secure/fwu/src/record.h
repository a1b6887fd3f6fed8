/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Firmware Update partition: the log of states, one entry per change. */
#ifndef MERLON_FWU_RECORD_H
#define MERLON_FWU_RECORD_H

#include <merlon/secure_fwu/fwu.h>

/** Open the log and fold it into fwu->records. */
psa_status_t record_open(struct fwu *fwu);

/** Make `record` the record of `component`: details first, the unit with the state decides. */
psa_status_t record_write(struct fwu *fwu, uint8_t component, const struct fwu_record *record);

/** WRITING: `sectors` sectors are committed. */
psa_status_t record_progress(struct fwu *fwu, uint8_t component, uint16_t sectors);

#endif
