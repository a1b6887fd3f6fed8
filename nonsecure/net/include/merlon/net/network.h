/* SPDX-License-Identifier: Apache-2.0 */
/**
 * IPv4 over one Ethernet device (lwIP), for one thread: every call here and on the streams comes from it.
 *
 * Nothing runs in the background: network_wait() moves frames and timers, and so do the streams while they wait.
 */
#ifndef MERLON_NET_NETWORK_H
#define MERLON_NET_NETWORK_H

#include <merlon/hal/ethernet.h>
#include <merlon/hal/stream.h>
#include <stdbool.h>

struct network_config {
	struct ethernet *device;
	uint32_t (*now_ms)(void);   /* wraps */
	uint32_t (*random)(void);   /* unpredictable: TCP sequence numbers, ports */
	void (*sleep)(uint32_t ms); /* at most so long; ends early when the device's interrupt came */
};

/** Start the device and DHCP. Once. @return as ethernet_start(). */
psa_status_t network_init(const struct network_config *config);

/** Move frames and timers until is_done(context), for at most `timeout_ms`. @return is_done's last answer. */
bool network_wait(bool (*is_done)(void *context), void *context, uint32_t timeout_ms);

/** Wait until DHCP has given an address. @retval STREAM_ERROR_TIMEOUT */
psa_status_t network_address_wait(uint32_t timeout_ms, uint8_t address[4]);

struct tcp_pcb;
struct pbuf;

/** TCP as a stream; hand out &tcp.stream. All other members private. */
struct tcp_stream {
	struct stream stream;
	struct tcp_pcb *pcb; /* NULL: not connected */
	struct pbuf *received;
	bool is_resolved, is_connected, is_ended, is_broken;
	uint32_t address; /* network order; 0: the name is unknown */
};

void tcp_stream_init(struct tcp_stream *tcp);

#endif
