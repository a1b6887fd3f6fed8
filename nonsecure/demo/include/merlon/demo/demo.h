/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The demo application: what a device maker's Non-secure image looks like on Merlon. Three threads:
 *
 * - `application` does the device's work (it counts), reads commands from the console and never waits for the network;
 * - `updater` runs IP, TLS and the update agent;
 * - `liveness` tells the Secure world that the other two are alive; when one is not, it falls silent and the watchdog resets.
 *
 * Console lines: `app: beat N` once per second; `ota: ...` for each event of the agent. Commands: docs of demo_start().
 */
#ifndef MERLON_DEMO_DEMO_H
#define MERLON_DEMO_DEMO_H

#include <cmsis_os2.h>
#include <merlon/hal/console.h>
#include <merlon/hal/ethernet.h>
#include <merlon/net/network.h>
#include <merlon/net/tls_stream.h>
#include <merlon/ota/agent.h>

enum {
	DEMO_APPLICATION_STACK = 2048,
	DEMO_UPDATER_STACK = 8192, /* a handshake's certificate checks go deep */
	DEMO_LIVENESS_STACK = 1024,
	DEMO_TLS_ARENA = 64 * 1024,
	DEMO_CA_MAX = 1024,
	DEMO_URL_MAX = 127,
	DEMO_POLL_MS = 2000, /* a product asks once an hour or less */
};

/** Who must show a sign of life, and how often at least. */
enum demo_worker { DEMO_APPLICATION, DEMO_UPDATER, DEMO_WORKER_COUNT };

/** What main.c gives. */
struct demo_hardware {
	const struct console *console;
	struct ethernet *ethernet;
	void (*ethernet_listen)(void); /* let its interrupt in, once: the handler shuts it out and calls demo_on_frame() */
	uintptr_t secure_address;      /* a word of Secure memory, for the command that must fail */
};

/** All of the demo's state; one instance in main.c. */
struct demo {
	const struct demo_hardware *hardware;
	osMutexId_t console_lock;
	osThreadId_t updater;
	uint32_t seen_ms[DEMO_WORKER_COUNT];
	uint32_t beats;
	char command[32];
	size_t command_size;

	struct network_config network;
	struct tcp_stream tcp;
	struct tls_stream tls;
	struct ota_config config;
	struct ota_agent agent;
	char serial[OTA_SERIAL_MAX + 1], url[DEMO_URL_MAX + 1], server_name[STREAM_HOST_MAX + 1];
	uint8_t ca[DEMO_CA_MAX];
	size_t ca_size;

	uint64_t application_stack[DEMO_APPLICATION_STACK / 8], updater_stack[DEMO_UPDATER_STACK / 8],
		liveness_stack[DEMO_LIVENESS_STACK / 8], tls_arena[DEMO_TLS_ARENA / 8];
};

extern struct demo demo;

/**
 * Make the threads. The kernel is initialized; the caller starts it.
 *
 * Commands, each a line on the console: `help`; `status` prints what runs; `read-secure` reads Secure memory, which the hardware
 * answers with a SecureFault and the Secure world with a report and a reset.
 */
void demo_start(const struct demo_hardware *hardware);

/** From the Ethernet interrupt. */
void demo_on_frame(void);

/* Shared by the demo's files. */

/** Write one line, whole: lines of threads do not mix. */
void demo_say(const char *line);
void demo_sign_of_life(enum demo_worker worker);
void demo_application(void *argument);
void demo_updater(void *argument);
void demo_liveness(void *argument);

#endif
