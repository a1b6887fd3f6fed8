/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A byte stream to a peer with a name: what the update agent and TLS speak through. Implementations: TCP over lwIP and TLS over
 * any stream (`nonsecure/net`), sockets and scripted peers on the host. One connection at a time; state is the implementation's.
 *
 * Every call that waits takes a time in milliseconds from now and fails with STREAM_ERROR_TIMEOUT when it has passed. After any
 * error but a timeout of stream_read() the connection is only good for stream_close().
 */
#ifndef MERLON_HAL_STREAM_H
#define MERLON_HAL_STREAM_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_HOST_MAX = 63 }; /* characters of a host name or address */

/** Nothing came, or could be sent, in time. */
#define STREAM_ERROR_TIMEOUT PSA_OPERATION_INCOMPLETE

struct stream;

/** The implementation's side; arguments have been checked. */
struct stream_ops {
	psa_status_t (*connect)(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms);
	psa_status_t (*read)(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms);
	psa_status_t (*write)(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms);
	void (*close)(struct stream *stream);
};

/** First member of every implementation. */
struct stream {
	const struct stream_ops *ops;
};

/**
 * Connect, and for a protected stream authenticate the peer.
 *
 * @param host  A name or a dotted IPv4 address, at most STREAM_HOST_MAX characters.
 * @retval PSA_ERROR_INVALID_ARGUMENT       The name is empty or too long, or port 0.
 * @retval PSA_ERROR_CONNECTION_REFUSED     The peer refused, or there is no way to it.
 * @retval PSA_ERROR_INVALID_SIGNATURE      The peer did not prove that it is who it should be.
 * @retval PSA_ERROR_COMMUNICATION_FAILURE  The connection broke or the protocol failed.
 * @retval STREAM_ERROR_TIMEOUT             Not connected in time.
 */
psa_status_t stream_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms);

/**
 * Read what is there, at least one byte.
 *
 * @param size  Bytes read; 0 with PSA_SUCCESS means that the peer closed in an orderly way.
 * @retval PSA_ERROR_COMMUNICATION_FAILURE  The connection broke, or was cut where the protocol does not allow an end.
 * @retval STREAM_ERROR_TIMEOUT             Nothing came in time; reading may go on.
 */
psa_status_t stream_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms);

/** Write all of it. @retval PSA_ERROR_COMMUNICATION_FAILURE, STREAM_ERROR_TIMEOUT  Part of it may have been sent. */
psa_status_t stream_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms);

/** Close; harmless when not connected. */
void stream_close(struct stream *stream);

#endif
