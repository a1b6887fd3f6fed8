/* SPDX-License-Identifier: Apache-2.0 */
/** What the files of core/ share. */
#ifndef MERLON_SPM_CORE_H
#define MERLON_SPM_CORE_H

#include <merlon/spm/spm.h>

enum { SPM_NO_SERVICE = 0xff };

/** May the caller (NULL: Non-secure) use services[index]? A partition may not use its own. */
bool spm_may_use(const struct spm_message *caller, uint8_t index);

/** The connection that the handle names for this client; NULL: none, or another's, or an earlier generation's. */
struct spm_connection *spm_connection_find(int32_t client_id, psa_handle_t handle);

/** Run the service's function on a message that is complete but for its handle, rhandle and caller. */
psa_status_t spm_serve(struct spm_message *message, struct spm_message *caller, const struct spm_service *service);

/** Tell a Non-secure caller; end a partition. */
psa_status_t spm_programmer_error(const struct spm_message *caller, const char *why);

#endif
