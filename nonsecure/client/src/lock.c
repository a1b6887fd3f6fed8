/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"
#include <merlon/client_lock.h>
#include <stddef.h>

static const struct merlon_client_lock *lock;

void merlon_client_lock_set(const struct merlon_client_lock *new_lock)
{
	lock = new_lock;
}

void client_acquire(void)
{
	if (lock != NULL)
		lock->acquire(lock->context);
}

void client_release(void)
{
	if (lock != NULL)
		lock->release(lock->context);
}
