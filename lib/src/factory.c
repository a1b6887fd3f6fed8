/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/factory.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <string.h>

#define MAGIC 0x4341464du /* "MFAC" */
enum { FORMAT_VERSION = 1, UNIT = 8, ERASED = 0xff };

static const uint16_t size_max[MERLON_FACTORY_ITEM_COUNT] = {
	[MERLON_FACTORY_SERIAL] = FACTORY_SERIAL_MAX,
	[MERLON_FACTORY_SERVER_URL] = FACTORY_TEXT_MAX,
	[MERLON_FACTORY_SERVER_NAME] = FACTORY_TEXT_MAX,
	[MERLON_FACTORY_SERVER_CA] = FACTORY_CA_MAX,
};

psa_status_t factory_encode(const struct factory_value values[MERLON_FACTORY_ITEM_COUNT], uint8_t *out, size_t *size)
{
	size_t at = FACTORY_HEADER_SIZE;
	for (unsigned item = 0; item < MERLON_FACTORY_ITEM_COUNT; item++) {
		if (values[item].size > size_max[item])
			return PSA_ERROR_INVALID_ARGUMENT;
		if (values[item].size == 0)
			continue;
		le16_store(out + at, (uint16_t)item);
		le16_store(out + at + 2, (uint16_t)values[item].size);
		memcpy(out + at + FACTORY_ENTRY_SIZE, values[item].data, values[item].size);
		at += FACTORY_ENTRY_SIZE + values[item].size;
	}
	uint32_t entries_size = (uint32_t)(at - FACTORY_HEADER_SIZE);
	le32_store(out, MAGIC);
	le32_store(out + 4, FORMAT_VERSION);
	le32_store(out + 8, entries_size);
	le32_store(out + 12, crc32_update(0, out + FACTORY_HEADER_SIZE, entries_size));
	while (at % UNIT != 0)
		out[at++] = ERASED;
	*size = at;
	return PSA_SUCCESS;
}

/* Judge header and checksum. `end` is the first byte behind the entries. */
static psa_status_t check(const struct medium *area, uint32_t *end)
{
	uint8_t header[FACTORY_HEADER_SIZE], piece[64];
	psa_status_t status = medium_read(area, 0, header, sizeof header);
	if (status != PSA_SUCCESS)
		return status;
	if (mem_is_filled(header, ERASED, sizeof header))
		return PSA_ERROR_DOES_NOT_EXIST;
	uint32_t size = le32_load(header + 8);
	if (le32_load(header) != MAGIC || le32_load(header + 4) != FORMAT_VERSION ||
	    size > FACTORY_SIZE_MAX - FACTORY_HEADER_SIZE || size > area->size - FACTORY_HEADER_SIZE)
		return PSA_ERROR_DATA_CORRUPT;

	uint32_t crc = 0;
	for (uint32_t done = 0; done < size && status == PSA_SUCCESS;) {
		uint32_t step = size - done < sizeof piece ? size - done : (uint32_t)sizeof piece;
		status = medium_read(area, FACTORY_HEADER_SIZE + done, piece, step);
		crc = crc32_update(crc, piece, step);
		done += step;
	}
	if (status == PSA_SUCCESS && crc != le32_load(header + 12))
		status = PSA_ERROR_DATA_CORRUPT;
	*end = FACTORY_HEADER_SIZE + size;
	return status;
}

psa_status_t factory_read(const struct medium *area, enum merlon_factory_item item, void *data, size_t size, size_t *length)
{
	uint32_t end;
	*length = 0;
	psa_status_t status = check(area, &end);
	for (uint32_t at = FACTORY_HEADER_SIZE; status == PSA_SUCCESS;) {
		uint8_t entry[FACTORY_ENTRY_SIZE];
		if (end - at < sizeof entry)
			return PSA_ERROR_DOES_NOT_EXIST;
		status = medium_read(area, at, entry, sizeof entry);
		if (status != PSA_SUCCESS)
			return status;
		uint16_t found = le16_load(entry + 2);
		if (found > end - at - sizeof entry)
			return PSA_ERROR_DATA_CORRUPT;
		if (le16_load(entry) == item) {
			*length = found;
			return found <= size ? medium_read(area, at + sizeof entry, data, found) : PSA_ERROR_BUFFER_TOO_SMALL;
		}
		at += (uint32_t)sizeof entry + found;
	}
	return status;
}
