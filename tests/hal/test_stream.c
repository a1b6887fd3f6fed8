/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/ethernet.h>
#include <merlon/hal/stream.h>
#include <merlon/test.h>
#include <string.h>

/* What reached the implementation. */
static unsigned calls;
static size_t read_size;

static psa_status_t on_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	(void)stream, (void)host, (void)port, (void)timeout_ms;
	calls++;
	return PSA_SUCCESS;
}

static psa_status_t on_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	(void)stream, (void)data, (void)capacity, (void)timeout_ms;
	calls++;
	*size = read_size;
	return PSA_SUCCESS;
}

static psa_status_t on_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	(void)stream, (void)data, (void)size, (void)timeout_ms;
	calls++;
	return PSA_SUCCESS;
}

static const struct stream_ops stream_ops = { .connect = on_connect, .read = on_read, .write = on_write };
static struct stream stream = { &stream_ops };

TEST(stream_checks_what_it_is_asked, CLAIM("hal.stream"), MALFORMED)
{
	char host[STREAM_HOST_MAX + 2];
	memset(host, 'h', sizeof host);
	host[STREAM_HOST_MAX + 1] = '\0';
	calls = 0;
	CHECK_EQ(stream_connect(&stream, host, 443, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(stream_connect(&stream, "", 443, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(stream_connect(&stream, "host", 0, 1), PSA_ERROR_INVALID_ARGUMENT);
	size_t size = 9;
	CHECK_EQ(stream_read(&stream, host, 0, &size, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(size, 0);
	CHECK_EQ(stream_write(&stream, host, 0, 1), PSA_SUCCESS);
	CHECK_EQ(calls, 0);
	host[STREAM_HOST_MAX] = '\0';
	CHECK_EQ(stream_connect(&stream, host, 443, 1), PSA_SUCCESS);
	CHECK_EQ(calls, 1);
}

TEST(stream_does_not_trust_a_size_beyond_the_buffer, CLAIM("hal.stream"), MALFORMED)
{
	char data[4];
	size_t size;
	read_size = sizeof data;
	CHECK_EQ(stream_read(&stream, data, sizeof data, &size, 1), PSA_SUCCESS);
	read_size = sizeof data + 1;
	CHECK_EQ(stream_read(&stream, data, sizeof data, &size, 1), PSA_ERROR_CORRUPTION_DETECTED);
}

static psa_status_t on_send(struct ethernet *device, const void *frame, size_t size)
{
	(void)device, (void)frame, (void)size;
	calls++;
	return PSA_SUCCESS;
}

TEST(ethernet_checks_sizes, CLAIM("hal.ethernet"), MALFORMED)
{
	static const struct ethernet_ops ops = { .send = on_send };
	struct ethernet device = { .ops = &ops };
	uint8_t frame[ETHERNET_FRAME_MAX + 1] = { 0 };
	size_t size;
	calls = 0;
	CHECK_EQ(ethernet_send(&device, frame, ETHERNET_HEADER_SIZE - 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(ethernet_send(&device, frame, ETHERNET_FRAME_MAX + 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(ethernet_receive(&device, frame, ETHERNET_FRAME_MAX - 1, &size), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(calls, 0);
	CHECK_EQ(ethernet_send(&device, frame, ETHERNET_HEADER_SIZE), PSA_SUCCESS);
	CHECK_EQ(ethernet_send(&device, frame, ETHERNET_FRAME_MAX), PSA_SUCCESS);
	CHECK_EQ(calls, 2);
}
