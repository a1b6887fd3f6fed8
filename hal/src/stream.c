/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/stream.h>
#include <string.h>

psa_status_t stream_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	if (host[0] == '\0' || memchr(host, '\0', STREAM_HOST_MAX + 1) == NULL || port == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return stream->ops->connect(stream, host, port, timeout_ms);
}

psa_status_t stream_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	*size = 0;
	if (capacity == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = stream->ops->read(stream, data, capacity, size, timeout_ms);
	return status == PSA_SUCCESS && *size > capacity ? PSA_ERROR_CORRUPTION_DETECTED : status;
}

psa_status_t stream_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	return size == 0 ? PSA_SUCCESS : stream->ops->write(stream, data, size, timeout_ms);
}

void stream_close(struct stream *stream)
{
	stream->ops->close(stream);
}
