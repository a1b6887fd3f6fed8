/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the client library: run one Secure call under the lock of merlon/client_lock.h. */
#ifndef MERLON_CLIENT_SRC_LOCK_H
#define MERLON_CLIENT_SRC_LOCK_H

void client_acquire(void);
void client_release(void);

#endif
