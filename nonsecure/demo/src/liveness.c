/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/demo/demo.h>
#include <merlon/platform.h>

enum { CHECK_MS = 500 };

/* The updater may be in a Secure call that judges a whole image. */
static const uint32_t limits_ms[DEMO_WORKER_COUNT] = { [DEMO_APPLICATION] = 5000, [DEMO_UPDATER] = 20000 };

static bool is_everybody_alive(void)
{
	uint32_t now = osKernelGetTickCount();
	for (unsigned i = 0; i < DEMO_WORKER_COUNT; i++)
		if (now - demo.seen_ms[i] > limits_ms[i])
			return false;
	return true;
}

void demo_liveness(void *argument)
{
	(void)argument;
	for (;;) {
		/* The watchdog answers for a call that fails as for one that is left out. */
		if (is_everybody_alive())
			(void)merlon_platform_alive();
		(void)osDelay(CHECK_MS);
	}
}
