/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The lock around every call into the Secure world: one call at a time.
 *
 * The Secure side refuses re-entry. Whoever owns the threads (the RTOS layer) sets two functions before the second thread starts:
 * a mutex with priority inheritance. Without them nothing is locked, which is right for bare-metal programs and for Secure
 * partitions, whose calls the partition manager serialises itself.
 */
#ifndef MERLON_CLIENT_LOCK_H
#define MERLON_CLIENT_LOCK_H

struct merlon_client_lock {
	void (*acquire)(void *context);
	void (*release)(void *context);
	void *context;
};

/** @param lock  Kept by reference for ever; NULL: no lock. */
void merlon_client_lock_set(const struct merlon_client_lock *lock);

#endif
