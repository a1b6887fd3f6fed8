/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/ota/http.h>
#include <merlon/test.h>
#include <string.h>

static psa_status_t parse(const char *text, struct http_head *head)
{
	size_t used;
	return http_head_parse(text, strlen(text), head, &used);
}

TEST(reads_the_head_of_a_range, CLAIM("ota.http"), FUNCTIONAL)
{
	static const char text[] =
		"HTTP/1.1 206 Partial Content\r\nServer: nginx\r\ncontent-LENGTH:  100 \r\nContent-Range: bytes 1000-1099/2000\r\n"
		"Connection: close\r\nContent-Encoding: identity\r\n\r\nbody";
	struct http_head head;
	size_t used;
	CHECK_EQ(http_head_parse(text, sizeof text - 1, &head, &used), PSA_SUCCESS);
	CHECK_EQ(used, sizeof text - 1 - 4);
	CHECK_EQ(head.status, 206);
	CHECK(head.has_length && head.has_range && head.closes);
	CHECK_EQ(head.length, 100);
	CHECK_EQ(head.first, 1000);
	CHECK_EQ(head.last, 1099);
	CHECK_EQ(head.total, 2000);
}

/* Every head that ends too early wants more, and nothing else. */
TEST(each_beginning_wants_more, CLAIM("ota.http"), PROPERTY)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 4294967295\r\nX-Y: z\r\n\r\n";
	for (size_t size = 0; size < sizeof text; size++) {
		struct http_head head;
		size_t used;
		psa_status_t wanted = size == sizeof text - 1 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_DATA;
		CHECK_THAT(http_head_parse(text, size, &head, &used) == wanted, "%zu bytes", size);
	}
}

TEST(refuses_what_is_not_exact, CLAIM("ota.http"), MALFORMED)
{
	static const char *const bad[] = {
		"HTTP/1.0 200 OK\r\n\r\n",
		"HTTP/2 200 OK\r\n\r\n",
		"http/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200\r\n\r\n",
		"HTTP/1.1 2000 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 600 Odd\r\n\r\n",
		"HTTP/1.1 200 OK\n\n",
		"HTTP/1.1 200 OK\r\nA: b\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
		"HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n",
		"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
		"HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 5-4/10\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 0-10/10\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/*\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes */10\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: octets 0-9/10\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10 \tx\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 0-4294967296/4294967297\r\n\r\n",
		"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/10\r\nContent-Range: bytes 0-9/10\r\n\r\n",
	};
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct http_head head;
		CHECK_THAT(parse(bad[i], &head) == PSA_ERROR_DATA_INVALID, "%u: %s", i, bad[i]);
	}
	struct http_head head;
	CHECK_EQ(parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &head), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(parse("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", &head), PSA_ERROR_NOT_SUPPORTED);
}

TEST(a_head_ends_at_its_limit, CLAIM("ota.http"), ATTACK)
{
	char text[HTTP_HEAD_MAX + 8] = "HTTP/1.1 200 OK\r\nX: ";
	struct http_head head;
	size_t used, size = strlen(text);
	memset(text + size, 'x', sizeof text - size);
	CHECK_EQ(http_head_parse(text, HTTP_HEAD_MAX - 1, &head, &used), PSA_ERROR_INSUFFICIENT_DATA);
	CHECK_EQ(http_head_parse(text, HTTP_HEAD_MAX, &head, &used), PSA_ERROR_DATA_INVALID);
	memcpy(text + HTTP_HEAD_MAX - 4, "\r\n\r\n", 4);
	CHECK_EQ(http_head_parse(text, HTTP_HEAD_MAX, &head, &used), PSA_SUCCESS);
	CHECK_EQ(used, HTTP_HEAD_MAX);
	memcpy(text + HTTP_HEAD_MAX - 4, "xxxx\r\n\r\n", 8);
	CHECK_EQ(http_head_parse(text, HTTP_HEAD_MAX + 4, &head, &used), PSA_ERROR_DATA_INVALID);
}
