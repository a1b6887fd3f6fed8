/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/ota/http.h>
#include <string.h>

/* A piece of the head, not terminated. */
struct span {
	const char *data;
	size_t size;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(struct span span, const char *word)
{
	for (size_t i = 0; i < span.size; i++)
		if (word[i] == '\0' || lower(span.data[i]) != word[i])
			return false;
	return word[span.size] == '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A token character of RFC 9110. */
static bool is_token(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Take a number of 1 to 10 digits that fits 32 bits. */
static bool take_number(struct span *span, uint32_t *value)
{
	uint64_t number = 0;
	size_t i = 0;
	for (; i < span->size && i < 10 && is_digit(span->data[i]); i++)
		number = number * 10 + (uint64_t)(span->data[i] - '0');
	if (i == 0 || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	span->data += i;
	span->size -= i;
	return true;
}

static bool take_text(struct span *span, const char *text)
{
	size_t size = strlen(text);
	if (span->size < size || memcmp(span->data, text, size) != 0)
		return false;
	span->data += size;
	span->size -= size;
	return true;
}

/* "bytes 0-99/1000"; an unknown total ("*") does not serve. */
static psa_status_t range_parse(struct span value, struct http_head *head)
{
	if (head->has_range || !take_text(&value, "bytes ") || !take_number(&value, &head->first) || !take_text(&value, "-") ||
	    !take_number(&value, &head->last) || !take_text(&value, "/") || !take_number(&value, &head->total) || value.size != 0 ||
	    head->first > head->last || head->last >= head->total)
		return PSA_ERROR_DATA_INVALID;
	head->has_range = true;
	return PSA_SUCCESS;
}

static psa_status_t length_parse(struct span value, struct http_head *head)
{
	if (head->has_length || !take_number(&value, &head->length) || value.size != 0)
		return PSA_ERROR_DATA_INVALID;
	head->has_length = true;
	return PSA_SUCCESS;
}

static psa_status_t header_parse(struct span line, struct http_head *head)
{
	size_t i = 0;
	while (i < line.size && is_token(line.data[i]))
		i++;
	if (i == 0 || i == line.size || line.data[i] != ':')
		return PSA_ERROR_DATA_INVALID;
	struct span name = { line.data, i }, value = { line.data + i + 1, line.size - i - 1 };
	while (value.size > 0 && (value.data[0] == ' ' || value.data[0] == '\t')) {
		value.data++;
		value.size--;
	}
	while (value.size > 0 && (value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t'))
		value.size--;
	if (is_word(name, "content-length"))
		return length_parse(value, head);
	if (is_word(name, "content-range"))
		return range_parse(value, head);
	if (is_word(name, "transfer-encoding") || (is_word(name, "content-encoding") && !is_word(value, "identity")))
		return PSA_ERROR_NOT_SUPPORTED;
	if (is_word(name, "connection") && is_word(value, "close"))
		head->closes = true;
	return PSA_SUCCESS;
}

static psa_status_t status_parse(struct span line, struct http_head *head)
{
	uint32_t status;
	if (!take_text(&line, "HTTP/1.1 ") || line.size < 3 || !is_digit(line.data[2]) || !take_number(&line, &status) ||
	    status < 200 || status > 599 || !take_text(&line, " "))
		return PSA_ERROR_DATA_INVALID;
	head->status = (uint16_t)status;
	return PSA_SUCCESS;
}

/* The next line without its CR LF. */
static psa_status_t take_line(struct span *rest, struct span *line)
{
	for (size_t i = 0; i < rest->size; i++) {
		unsigned char c = (unsigned char)rest->data[i];
		if (c == '\r') {
			if (i + 1 == rest->size)
				break;
			if (rest->data[i + 1] != '\n')
				return PSA_ERROR_DATA_INVALID;
			*line = (struct span) { rest->data, i };
			rest->data += i + 2;
			rest->size -= i + 2;
			return PSA_SUCCESS;
		}
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return PSA_ERROR_DATA_INVALID;
	}
	return PSA_ERROR_INSUFFICIENT_DATA;
}

psa_status_t http_head_parse(const char *data, size_t size, struct http_head *head, size_t *used)
{
	bool is_cut = size >= HTTP_HEAD_MAX;
	struct span rest = { data, is_cut ? HTTP_HEAD_MAX : size }, line;
	memset(head, 0, sizeof *head);
	psa_status_t status = take_line(&rest, &line);
	if (status == PSA_SUCCESS)
		status = status_parse(line, head);
	while (status == PSA_SUCCESS) {
		status = take_line(&rest, &line);
		if (status != PSA_SUCCESS)
			break;
		if (line.size == 0) {
			*used = (size_t)(rest.data - data);
			return PSA_SUCCESS;
		}
		status = header_parse(line, head);
	}
	return status == PSA_ERROR_INSUFFICIENT_DATA && is_cut ? PSA_ERROR_DATA_INVALID : status;
}
