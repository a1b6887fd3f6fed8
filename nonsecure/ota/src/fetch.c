/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_internal.h"

static const char catalogue_path[] = "/catalogue.json";

/* However slowly the server sends, an exchange ends: this is the whole defence against slow retrieval. */
static uint32_t time_for(uint32_t size)
{
	return OTA_EXCHANGE_MS + size / OTA_RATE_MIN;
}

/* Read exactly `size` bytes of the body. */
static psa_status_t body_read_all(struct http_client *http, uint8_t *data, size_t size)
{
	for (size_t done = 0, piece; done < size; done += piece) {
		psa_status_t status = http_body_read(http, data + done, size - done, &piece);
		if (status != PSA_SUCCESS)
			return status;
		if (piece == 0)
			return PSA_ERROR_DATA_INVALID;
	}
	return PSA_SUCCESS;
}

static psa_status_t status_translate(const struct http_head *head, uint16_t wanted)
{
	if (head->status == wanted)
		return PSA_SUCCESS;
	return head->status == 404 || head->status == 410 ? PSA_ERROR_DOES_NOT_EXIST : PSA_ERROR_DATA_INVALID;
}

psa_status_t ota_catalogue_fetch(struct ota_agent *agent, struct catalogue *catalogue)
{
	struct http_request request = { .method = "GET", .path = catalogue_path };
	struct http_head head;
	psa_status_t status = http_exchange_begin(&agent->http, &request, time_for(CATALOGUE_SIZE_MAX), &head);
	if (status != PSA_SUCCESS)
		return status;
	agent->has_contact = true;
	status = status_translate(&head, 200);
	if (status == PSA_SUCCESS && head.length > sizeof agent->scratch)
		status = PSA_ERROR_DATA_INVALID;
	if (status == PSA_SUCCESS)
		status = body_read_all(&agent->http, agent->scratch, head.length);
	if (status == PSA_SUCCESS)
		status = catalogue_parse((const char *)agent->scratch, head.length, catalogue);
	http_exchange_end(&agent->http);
	return status;
}

/* The answer must be exactly the range that was asked for: a whole file (200), another part or another length is refused. */
static psa_status_t range_check(const struct http_head *head, const struct http_request *request, uint32_t total)
{
	psa_status_t status = status_translate(head, 206);
	if (status != PSA_SUCCESS)
		return status;
	if (!head->has_range || head->first != request->first || head->last != request->last || head->total != total ||
	    head->length != request->last - request->first + 1)
		return PSA_ERROR_DATA_INVALID;
	return PSA_SUCCESS;
}

static psa_status_t range_store(struct ota_agent *agent, const struct catalogue_image *image, uint32_t first, uint32_t last)
{
	enum { BLOCK = PSA_FWU_MAX_WRITE_SIZE };
	_Static_assert(sizeof agent->scratch >= BLOCK, "a block fits");
	for (uint32_t offset = first, size; offset <= last; offset += size) {
		size = last - offset + 1 < BLOCK ? last - offset + 1 : BLOCK;
		psa_status_t status = body_read_all(&agent->http, agent->scratch, size);
		if (status == PSA_SUCCESS)
			status = psa_fwu_write(image->component, offset, agent->scratch, size);
		if (status != PSA_SUCCESS)
			return status;
		agent->written[image->component] = offset + size;
		agent->has_fetched = true;
	}
	return PSA_SUCCESS;
}

psa_status_t ota_range_fetch(struct ota_agent *agent, const struct catalogue_image *image, uint32_t offset)
{
	uint32_t size = image->size - offset < OTA_RANGE_SIZE ? image->size - offset : OTA_RANGE_SIZE;
	struct http_request request = {
		.method = "GET", .path = image->path, .has_range = true, .first = offset, .last = offset + size - 1
	};
	struct http_head head;
	psa_status_t status = http_exchange_begin(&agent->http, &request, time_for(size), &head);
	if (status != PSA_SUCCESS)
		return status;
	status = range_check(&head, &request, image->size);
	if (status == PSA_SUCCESS)
		status = range_store(agent, image, request.first, request.last);
	http_exchange_end(&agent->http);
	if (status != PSA_SUCCESS) {
		agent->written[image->component] = 0; /* the Secure world knows what is stored */
		return status;
	}
	struct ota_news news = { .event = OTA_EVENT_PROGRESS,
				 .component = image->component,
				 .version = image->version,
				 .offset = offset + size,
				 .size = image->size };
	ota_tell(agent, &news);
	return PSA_SUCCESS;
}
