/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/handover.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/le.h>
#include <string.h>

enum { HEADER_SIZE = 4, ENTRY_SIZE = 4 };

void handover_begin(struct handover_writer *writer, uint8_t *buffer, uint16_t capacity)
{
	*writer = (struct handover_writer) { .buffer = buffer, .capacity = capacity, .used = HEADER_SIZE };
	le16_store(buffer, HANDOVER_MAGIC);
	le16_store(buffer + 2, HEADER_SIZE);
}

psa_status_t handover_find(const uint8_t *buffer, uint16_t capacity, uint16_t type, const uint8_t **data, uint16_t *size)
{
	psa_status_t status = PSA_ERROR_DOES_NOT_EXIST;
	if (capacity < HEADER_SIZE || le16_load(buffer) != HANDOVER_MAGIC)
		return PSA_ERROR_DATA_INVALID;
	uint32_t total = le16_load(buffer + 2);
	if (total < HEADER_SIZE || total > capacity)
		return PSA_ERROR_DATA_INVALID;
	for (uint32_t offset = HEADER_SIZE, entry_size; offset < total; offset += ENTRY_SIZE + entry_size) {
		if (total - offset < ENTRY_SIZE)
			return PSA_ERROR_DATA_INVALID;
		entry_size = le16_load(buffer + offset + 2);
		if (entry_size > total - offset - ENTRY_SIZE)
			return PSA_ERROR_DATA_INVALID;
		if (le16_load(buffer + offset) != type)
			continue;
		if (status == PSA_SUCCESS)
			return PSA_ERROR_DATA_INVALID;
		*data = buffer + offset + ENTRY_SIZE;
		*size = (uint16_t)entry_size;
		status = PSA_SUCCESS;
	}
	return status;
}

/* Room for an entry's data, or NULL. */
static uint8_t *reserve(struct handover_writer *writer, unsigned type, uint16_t size)
{
	uint8_t *entry = writer->buffer + writer->used;
	if (ENTRY_SIZE + size > writer->capacity - writer->used) {
		writer->overflow = true;
		return NULL;
	}
	le16_store(entry, (uint16_t)type);
	le16_store(entry + 2, size);
	writer->used = (uint16_t)(writer->used + ENTRY_SIZE + size);
	le16_store(writer->buffer + 2, writer->used);
	return entry + ENTRY_SIZE;
}

void handover_add(struct handover_writer *writer, uint16_t type, const void *data, uint16_t size)
{
	uint8_t *place = reserve(writer, type, size);
	if (place != NULL)
		memcpy(place, data, size);
}

static void add_merlon(struct handover_writer *writer, unsigned minor, const void *data, uint16_t size)
{
	handover_add(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, minor), data, size);
}

void handover_add_u32(struct handover_writer *writer, uint16_t type, uint32_t value)
{
	uint8_t bytes[4];
	le32_store(bytes, value);
	handover_add(writer, type, bytes, sizeof bytes);
}

void handover_add_set(struct handover_writer *writer, const struct handover_set *set)
{
	const uint8_t bytes[HANDOVER_SET_SIZE] = { set->phase, set->images, set->attempts_left };
	add_merlon(writer, HANDOVER_SET, bytes, sizeof bytes);
}

void handover_add_refusal(struct handover_writer *writer, unsigned index, const struct handover_refusal *refusal)
{
	uint8_t *place = reserve(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_REFUSAL) + index, HANDOVER_REFUSAL_SIZE);
	if (place == NULL)
		return;
	place[0] = refusal->code;
	place[1] = refusal->image;
	image_version_encode(&refusal->version, place + 2);
	memcpy(place + 10, refusal->digest, HANDOVER_DIGEST_PREFIX);
}

void handover_add_measurement(struct handover_writer *writer, uint8_t image, const struct handover_measurement *measurement)
{
	handover_add_measured(writer, image, &measurement->version, measurement->digest, measurement->signer);
}

void handover_add_measured(struct handover_writer *writer, uint8_t image, const struct image_version *version,
			   const uint8_t digest[IMAGE_DIGEST_SIZE], const uint8_t signer[IMAGE_DIGEST_SIZE])
{
	uint8_t *place =
		reserve(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_MEASUREMENT) + image, HANDOVER_MEASUREMENT_SIZE);
	if (place == NULL)
		return;
	image_version_encode(version, place);
	memcpy(place + IMAGE_VERSION_SIZE, digest, IMAGE_DIGEST_SIZE);
	memcpy(place + IMAGE_VERSION_SIZE + IMAGE_DIGEST_SIZE, signer, IMAGE_DIGEST_SIZE);
}

/* An entry that must have exactly this size. */
static psa_status_t find_exact(const uint8_t *buffer, uint16_t capacity, uint16_t type, uint16_t size, const uint8_t **data)
{
	uint16_t found;
	psa_status_t status = handover_find(buffer, capacity, type, data, &found);
	return status == PSA_SUCCESS && found != size ? PSA_ERROR_DATA_INVALID : status;
}

psa_status_t handover_find_u32(const uint8_t *buffer, uint16_t capacity, uint16_t type, uint32_t *value)
{
	const uint8_t *data;
	psa_status_t status = find_exact(buffer, capacity, type, sizeof *value, &data);
	if (status == PSA_SUCCESS)
		*value = le32_load(data);
	return status;
}

psa_status_t handover_find_set(const uint8_t *buffer, uint16_t capacity, struct handover_set *set)
{
	const uint8_t *data;
	psa_status_t status =
		find_exact(buffer, capacity, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_SET), HANDOVER_SET_SIZE, &data);
	if (status != PSA_SUCCESS)
		return status;
	if (data[0] >= JOURNAL_PHASE_COUNT || data[3] != 0)
		return PSA_ERROR_DATA_INVALID;
	*set = (struct handover_set) { data[0], data[1], data[2] };
	return PSA_SUCCESS;
}

psa_status_t handover_find_refusal(const uint8_t *buffer, uint16_t capacity, unsigned index, struct handover_refusal *refusal)
{
	const uint8_t *data;
	if (index >= HANDOVER_REFUSAL_MAX)
		return PSA_ERROR_DOES_NOT_EXIST;
	psa_status_t status = find_exact(buffer, capacity, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_REFUSAL + index),
					 HANDOVER_REFUSAL_SIZE, &data);
	if (status != PSA_SUCCESS)
		return status;
	if (data[1] > IMAGE_COMMAND)
		return PSA_ERROR_DATA_INVALID;
	*refusal = (struct handover_refusal) { .code = data[0], .image = data[1] };
	image_version_decode(data + 2, &refusal->version);
	memcpy(refusal->digest, data + 10, HANDOVER_DIGEST_PREFIX);
	return PSA_SUCCESS;
}

psa_status_t handover_find_measurement(const uint8_t *buffer, uint16_t capacity, uint8_t image,
				       struct handover_measurement *measurement)
{
	const uint8_t *data;
	psa_status_t status = find_exact(buffer, capacity, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_MEASUREMENT + image),
					 HANDOVER_MEASUREMENT_SIZE, &data);
	if (status != PSA_SUCCESS)
		return status;
	image_version_decode(data, &measurement->version);
	memcpy(measurement->digest, data + IMAGE_VERSION_SIZE, IMAGE_DIGEST_SIZE);
	memcpy(measurement->signer, data + IMAGE_VERSION_SIZE + IMAGE_DIGEST_SIZE, IMAGE_DIGEST_SIZE);
	return PSA_SUCCESS;
}
