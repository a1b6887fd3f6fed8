/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/text.h>
#include <merlon/ota/http.h>
#include <string.h>

static uint32_t time_left(const struct http_client *client)
{
	uint32_t passed = client->now_ms() - client->started_ms;
	return passed < client->allowed_ms ? client->allowed_ms - passed : 0;
}

void http_close(struct http_client *client)
{
	stream_close(client->stream);
	client->is_connected = false;
	client->filled = client->used = 0;
	client->body_left = 0;
}

static size_t request_encode(const struct http_client *client, const struct http_request *request, char *out, size_t capacity)
{
	struct text text = { .data = out, .capacity = capacity };
	text_add(&text, request->method);
	text_add(&text, " ");
	text_add(&text, request->path);
	text_add(&text, " HTTP/1.1\r\nHost: ");
	text_add(&text, client->name);
	text_add(&text, "\r\n");
	if (request->has_range) {
		text_add(&text, "Range: bytes=");
		text_add_number(&text, request->first);
		text_add(&text, "-");
		text_add_number(&text, request->last);
		text_add(&text, "\r\n");
	}
	if (request->body != NULL) {
		text_add(&text, "Content-Type: application/json\r\nContent-Length: ");
		text_add_number(&text, (uint32_t)request->body_size);
		text_add(&text, "\r\n");
	}
	text_add(&text, "\r\n");
	return text_is_whole(&text) ? text.size : 0;
}

/* Receive more into the buffer. An orderly end is an error here: something is still expected. */
static psa_status_t fill(struct http_client *client)
{
	size_t size;
	psa_status_t status = stream_read(client->stream, client->buffer + client->filled, sizeof client->buffer - client->filled,
					  &size, time_left(client));
	if (status == PSA_SUCCESS && size == 0)
		return PSA_ERROR_COMMUNICATION_FAILURE;
	client->filled += size;
	return status;
}

static psa_status_t head_receive(struct http_client *client, struct http_head *head)
{
	psa_status_t status;
	do {
		status = fill(client);
		if (status == PSA_SUCCESS)
			status = http_head_parse(client->buffer, client->filled, head, &client->used);
	} while (status == PSA_ERROR_INSUFFICIENT_DATA);
	return status;
}

/* One try on a fresh or a kept connection. */
static psa_status_t try(struct http_client *client, const struct http_request *request, struct http_head *head)
{
	char out[HTTP_PATH_MAX + STREAM_HOST_MAX + 192];
	size_t size = request_encode(client, request, out, sizeof out);
	if (size == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = PSA_SUCCESS;
	if (!client->is_connected)
		status = stream_connect(client->stream, client->host, client->port, time_left(client));
	if (status == PSA_SUCCESS) {
		client->is_connected = true;
		client->filled = client->used = 0;
		status = stream_write(client->stream, out, size, time_left(client));
	}
	if (status == PSA_SUCCESS)
		status = stream_write(client->stream, request->body, request->body_size, time_left(client));
	return status == PSA_SUCCESS ? head_receive(client, head) : status;
}

psa_status_t http_exchange_begin(struct http_client *client, const struct http_request *request, uint32_t allowed_ms,
				 struct http_head *head)
{
	client->started_ms = client->now_ms();
	client->allowed_ms = allowed_ms;
	bool was_kept = client->is_connected;
	psa_status_t status = try(client, request, head);
	if (status == PSA_ERROR_COMMUNICATION_FAILURE && was_kept && client->filled == 0) {
		http_close(client);
		status = try(client, request, head);
	}
	if (status == PSA_SUCCESS && head->status == 204)
		client->body_left = 0; /* RFC 9110: no content, whatever the length says */
	else if (status == PSA_SUCCESS && head->has_length)
		client->body_left = head->length;
	else if (status == PSA_SUCCESS)
		status = PSA_ERROR_DATA_INVALID;
	if (status == PSA_SUCCESS)
		client->closes = head->closes;
	else
		http_close(client);
	return status;
}

psa_status_t http_body_read(struct http_client *client, void *data, size_t capacity, size_t *size)
{
	*size = 0;
	if (client->body_left == 0)
		return PSA_SUCCESS;
	if (time_left(client) == 0) {
		http_close(client);
		return STREAM_ERROR_TIMEOUT;
	}
	if (client->used == client->filled) {
		client->used = client->filled = 0;
		psa_status_t status = fill(client);
		if (status != PSA_SUCCESS) {
			http_close(client);
			return status;
		}
	}
	size_t take = client->filled - client->used;
	take = take < capacity ? take : capacity;
	take = take < client->body_left ? take : client->body_left;
	memcpy(data, client->buffer + client->used, take);
	client->used += take;
	client->body_left -= (uint32_t)take;
	*size = take;
	return PSA_SUCCESS;
}

void http_exchange_end(struct http_client *client)
{
	/* Bytes after the body would be taken for the next answer: such a connection is not kept. */
	if (client->body_left > 0 || client->closes || client->used != client->filled)
		http_close(client);
}
