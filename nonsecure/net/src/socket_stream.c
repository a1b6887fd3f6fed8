/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <merlon/net/socket_stream.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int *descriptor_of(struct stream *stream)
{
	return &((struct socket_stream *)stream)->descriptor;
}

/* Wait for readiness. @return PSA_SUCCESS, STREAM_ERROR_TIMEOUT or PSA_ERROR_COMMUNICATION_FAILURE. */
static psa_status_t ready(int descriptor, short events, uint32_t timeout_ms)
{
	struct pollfd wanted = { .fd = descriptor, .events = events };
	int result = poll(&wanted, 1, (int)(timeout_ms < INT32_MAX ? timeout_ms : INT32_MAX));
	return result > 0 ? PSA_SUCCESS : result == 0 ? STREAM_ERROR_TIMEOUT : PSA_ERROR_COMMUNICATION_FAILURE;
}

static void socket_close(struct stream *stream)
{
	if (*descriptor_of(stream) >= 0)
		(void)close(*descriptor_of(stream));
	*descriptor_of(stream) = -1;
}

static psa_status_t socket_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *address;
	char service[8];
	socket_close(stream);
	snprintf(service, sizeof service, "%u", port);
	if (getaddrinfo(host, service, &hints, &address) != 0)
		return PSA_ERROR_CONNECTION_REFUSED;
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);
	*descriptor_of(stream) = descriptor;
	psa_status_t status = PSA_ERROR_CONNECTION_REFUSED;
	if (descriptor >= 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 &&
	    (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS))
		status = ready(descriptor, POLLOUT, timeout_ms);
	int error = 0;
	socklen_t size = sizeof error;
	if (status == PSA_SUCCESS && (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0))
		status = PSA_ERROR_CONNECTION_REFUSED;
	freeaddrinfo(address);
	if (status != PSA_SUCCESS)
		socket_close(stream);
	return status;
}

static psa_status_t socket_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	psa_status_t status = ready(*descriptor_of(stream), POLLIN, timeout_ms);
	if (status != PSA_SUCCESS)
		return status;
	ssize_t count = recv(*descriptor_of(stream), data, capacity, 0);
	*size = count > 0 ? (size_t)count : 0;
	return count >= 0 ? PSA_SUCCESS : PSA_ERROR_COMMUNICATION_FAILURE;
}

static psa_status_t socket_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	for (const char *byte = data; size > 0;) {
		psa_status_t status = ready(*descriptor_of(stream), POLLOUT, timeout_ms);
		if (status != PSA_SUCCESS)
			return status;
		ssize_t count = send(*descriptor_of(stream), byte, size, MSG_NOSIGNAL);
		if (count < 0)
			return PSA_ERROR_COMMUNICATION_FAILURE;
		byte += count;
		size -= (size_t)count;
	}
	return PSA_SUCCESS;
}

void socket_stream_init(struct socket_stream *socket)
{
	static const struct stream_ops ops = {
		.connect = socket_connect, .read = socket_read, .write = socket_write, .close = socket_close
	};
	socket->stream.ops = &ops;
	socket->descriptor = -1;
}
