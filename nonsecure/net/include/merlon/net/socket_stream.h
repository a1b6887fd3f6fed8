/* SPDX-License-Identifier: Apache-2.0 */
/** TCP as a stream over the sockets of a POSIX host: what tcp_stream is on the device. */
#ifndef MERLON_NET_SOCKET_STREAM_H
#define MERLON_NET_SOCKET_STREAM_H

#include <merlon/hal/stream.h>

struct socket_stream {
	struct stream stream; /* hand out &socket.stream */
	int descriptor;       /* -1: not connected */
};

void socket_stream_init(struct socket_stream *socket);

#endif
