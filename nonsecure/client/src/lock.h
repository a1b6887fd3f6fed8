/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the client library: run one Secure call under the lock of merlon/client_lock.h. */
#ifndef MERLON_CLIENT_SRC_LOCK_H
#define MERLON_CLIENT_SRC_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/** @return Which client calls, 0 to 7; more: none that there may be. */
uint32_t client_acquire(void);
void client_release(void);
/** The Secure world answered MERLON_VENEER_AGAIN. @return False: there is nothing to wait for. */
bool client_wait(void);

#endif
