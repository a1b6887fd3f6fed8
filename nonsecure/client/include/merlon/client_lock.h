/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a kernel of the Non-secure world does around every call into the Secure world: one call at a time, and who calls.
 *
 * The Secure side refuses re-entry. Whoever owns the threads (the RTOS layer) sets these functions before the second thread starts.
 * Without them nothing is locked, which is right for bare-metal programs and for Secure partitions, whose calls the partition manager
 * serialises itself.
 *
 * Threads may be switched at any time, also in the middle of a Secure call: the thread keeps its place in the Secure world, and goes on
 * there when it runs again. Another thread that calls meanwhile waits for the mutex.
 */
#ifndef MERLON_CLIENT_LOCK_H
#define MERLON_CLIENT_LOCK_H

#include <stdint.h>

/** Client ids are -1 (the default) to -MERLON_CLIENT_COUNT. A Secure service keeps what one stores apart from what another does. */
enum { MERLON_CLIENT_COUNT = 8 };

struct merlon_client_lock {
	void (*acquire)(void *context); /* a mutex with priority inheritance */
	void (*release)(void *context);
	/* Client id of the thread that calls, after acquire(); NULL: -1 for all. Kept per thread by the kernel; out of range: refused. */
	int32_t (*client_id)(void *context);
	/* Another thread was interrupted in the Secure world and must run first: sleep for a tick. Called between release() and acquire();
	   NULL: the call answers PSA_ERROR_CONNECTION_BUSY. */
	void (*wait)(void *context);
	void *context;
};

/** @param lock  Kept by reference for ever; NULL: no lock. */
void merlon_client_lock_set(const struct merlon_client_lock *lock);

#endif
