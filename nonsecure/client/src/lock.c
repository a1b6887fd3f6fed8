/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"
#include <merlon/client_lock.h>
#include <stddef.h>

static const struct merlon_client_lock *lock;

void merlon_client_lock_set(const struct merlon_client_lock *new_lock)
{
	lock = new_lock;
}

uint32_t client_acquire(void)
{
	if (lock == NULL)
		return 0;
	lock->acquire(lock->context);
	if (lock->client_id == NULL)
		return 0;
	uint32_t client = ~(uint32_t)lock->client_id(lock->context); /* -1 - id */
	return client < MERLON_CLIENT_COUNT ? client : MERLON_CLIENT_COUNT;
}

void client_release(void)
{
	if (lock != NULL)
		lock->release(lock->context);
}

bool client_wait(void)
{
	if (lock == NULL || lock->wait == NULL)
		return false;
	lock->wait(lock->context);
	return true;
}
