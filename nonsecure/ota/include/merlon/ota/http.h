/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The part of HTTP/1.1 that an update needs, read strictly: what is not understood exactly is refused.
 *
 * Refused: other versions than 1.1, Transfer-Encoding, a Content-Encoding, repeated or malformed framing headers, folded lines, bare CR
 * or LF, control characters, heads longer than HTTP_HEAD_MAX, interim (1xx) answers. Every exchange has one deadline.
 * Source: RFC 9110, RFC 9112.
 */
#ifndef MERLON_OTA_HTTP_H
#define MERLON_OTA_HTTP_H

#include <merlon/hal/stream.h>
#include <stdbool.h>

enum { HTTP_HEAD_MAX = 1024, HTTP_PATH_MAX = 95 };

/** What the head of an answer says, as far as it matters here. */
struct http_head {
	uint16_t status; /* 200 to 599 */
	bool has_length, has_range;
	bool closes;                 /* the server closes the connection after the body */
	uint32_t length;             /* Content-Length, bytes */
	uint32_t first, last, total; /* Content-Range: bytes first-last/total; first <= last < total */
};

/**
 * Parse the head of an answer at the start of `data`.
 *
 * @param used  Bytes of the head including its empty line; written on PSA_SUCCESS only.
 * @retval PSA_ERROR_INSUFFICIENT_DATA  The head does not end within `size` bytes; so far nothing is wrong with its length.
 * @retval PSA_ERROR_DATA_INVALID       Malformed, or longer than HTTP_HEAD_MAX.
 * @retval PSA_ERROR_NOT_SUPPORTED      Transfer-Encoding or Content-Encoding.
 */
psa_status_t http_head_parse(const char *data, size_t size, struct http_head *head, size_t *used);

struct http_request {
	const char *method, *path; /* "GET" or "PUT"; an absolute path */
	bool has_range;
	uint32_t first, last; /* of the range asked for */
	const void *body;     /* JSON; NULL for none */
	size_t body_size;
};

/** A client of one server; keeps the connection between exchanges while both sides want to. All members but the first four private. */
struct http_client {
	struct stream *stream;
	const char *host, *name; /* where to connect; what Host says */
	uint16_t port;
	uint32_t (*now_ms)(void);

	bool is_connected;
	uint32_t started_ms, allowed_ms;
	char buffer[HTTP_HEAD_MAX];
	size_t filled, used; /* received and not yet taken: buffer[used..filled) */
	uint32_t body_left;
	bool closes;
};

/**
 * Send a request and read the head of the answer. A kept connection that the server has closed meanwhile is opened anew, once.
 *
 * The whole exchange, body included, must end within `allowed_ms`.
 *
 * @retval PSA_ERROR_DATA_INVALID, PSA_ERROR_NOT_SUPPORTED  The answer is malformed: see http_head_parse(); or it has no Content-Length.
 * @retval STREAM_ERROR_TIMEOUT                             The time is over. Other errors: as stream_connect().
 * After an error the connection is closed.
 */
psa_status_t http_exchange_begin(struct http_client *client, const struct http_request *request, uint32_t allowed_ms,
				 struct http_head *head);

/**
 * Read the next bytes of the body, at most `capacity`; *size = 0 at its end and only then.
 * @retval PSA_ERROR_COMMUNICATION_FAILURE  The connection ended before the body did.
 */
psa_status_t http_body_read(struct http_client *client, void *data, size_t capacity, size_t *size);

/** End the exchange; closes the connection unless the body was read to its end and the server keeps it open. */
void http_exchange_end(struct http_client *client);

void http_close(struct http_client *client);

#endif
