/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/watchdog.h>

psa_status_t watchdog_start(const struct watchdog *watchdog, uint32_t period_ms)
{
	return period_ms > 0 ? watchdog->ops->start(watchdog, period_ms) : PSA_ERROR_INVALID_ARGUMENT;
}

void watchdog_feed(const struct watchdog *watchdog)
{
	watchdog->ops->feed(watchdog);
}
