/* SPDX-License-Identifier: Apache-2.0 */
/* From READY to the last byte: a sector is erased when the first block reaches it, and committed when it is full. */
#include "guard.h"
#include "record.h"
#include <merlon/lib/mem.h>
#include <string.h>

static const struct medium *slot_of(const struct fwu *fwu, uint32_t component)
{
	return fwu->config->secondary[component];
}

static uint32_t sector_size(const struct fwu *fwu, uint32_t component)
{
	return slot_of(fwu, component)->erase_size;
}

static uint32_t image_limit(const struct fwu *fwu, uint32_t component)
{
	return fwu->config->slot_size - fwu_unit(fwu, (uint8_t)component);
}

static bool is_touched(const struct fwu_transfer *transfer, uint32_t sector)
{
	return (transfer->touched[sector / 8] >> sector % 8 & 1) != 0;
}

static void touch(struct fwu_transfer *transfer, uint32_t sector)
{
	transfer->touched[sector / 8] |= (uint8_t)(1u << sector % 8);
}

/* Sectors below what was committed are as they were written; any other is erased before it is used again. */
static void transfer_begin(struct fwu *fwu, uint8_t component, uint16_t sectors)
{
	struct fwu_transfer *transfer = &fwu->transfers[component];
	memset(transfer, 0, sizeof *transfer);
	transfer->end = sectors * sector_size(fwu, component);
	for (uint32_t i = 0; i < sectors; i++)
		touch(transfer, i);
}

static psa_status_t erase_sector(const struct fwu *fwu, uint32_t component, uint32_t offset)
{
	uint32_t size = sector_size(fwu, component);
	return medium_erase(slot_of(fwu, component), offset - offset % size, size);
}

psa_status_t fwu_open(struct fwu *fwu, const struct fwu_config *config)
{
	fwu->config = config;
	psa_status_t status = journal_open(&fwu->journal, config->journal);
	if (status == PSA_SUCCESS)
		status = record_open(fwu);
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++) {
		if (config->slot_size / sector_size(fwu, i) > FWU_SECTOR_MAX)
			return PSA_ERROR_NOT_SUPPORTED;
		transfer_begin(fwu, i, fwu->records[i].sectors);
	}
	return status;
}

/* The first sector and the one with the trailer go now: neither the rest of an older image nor an older request survives. */
psa_status_t fwu_start(struct fwu *fwu, int32_t client, uint32_t component)
{
	psa_status_t status = guard_component(fwu, FWU_CALL_START, client, component);
	if (status == PSA_SUCCESS)
		status = erase_sector(fwu, component, fwu->config->slot_size - sector_size(fwu, component));
	if (status == PSA_SUCCESS)
		status = erase_sector(fwu, component, 0);
	if (status == PSA_SUCCESS)
		status = record_write(fwu, (uint8_t)component, &(struct fwu_record) { .state = PSA_FWU_WRITING, .owner = client });
	if (status != PSA_SUCCESS)
		return status;
	transfer_begin(fwu, (uint8_t)component, 0);
	touch(&fwu->transfers[component], 0);
	return PSA_SUCCESS;
}

psa_status_t fwu_write_begin(const struct fwu *fwu, int32_t client, uint32_t component, uint32_t offset, size_t size)
{
	psa_status_t status = guard_component(fwu, FWU_CALL_WRITE, client, component);
	if (status != PSA_SUCCESS)
		return status;
	uint32_t limit = image_limit(fwu, component);
	bool fits = size > 0 && size <= PSA_FWU_MAX_WRITE_SIZE && offset < limit && size <= limit - offset;
	return fits && offset % (1u << PSA_FWU_LOG2_WRITE_ALIGN) == 0 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

/* Program what is not there yet. Unit by unit: what a cut or a lost answer left half done is completed by writing it again. */
static psa_status_t program(const struct medium *slot, uint32_t offset, const uint8_t *data, size_t size)
{
	enum { UNIT = 1 << PSA_FWU_LOG2_WRITE_ALIGN };
	uint8_t there[FWU_PIECE_SIZE];
	psa_status_t status = medium_read(slot, offset, there, size);
	for (size_t first = 0, end; first < size && status == PSA_SUCCESS; first = end) {
		for (end = first; end < size && mem_equal(data + end, there + end, UNIT); end += UNIT)
			;
		for (first = end; end < size && !mem_equal(data + end, there + end, UNIT); end += UNIT)
			if (!mem_is_filled(there + end, 0xff, UNIT))
				return PSA_ERROR_INVALID_ARGUMENT;
		status = medium_program(slot, offset + (uint32_t)first, data + first, end - first);
	}
	return status;
}

psa_status_t fwu_write_piece(struct fwu *fwu, uint32_t component, uint32_t offset, const uint8_t *data, size_t size)
{
	uint8_t padded[FWU_PIECE_SIZE];
	uint32_t sector = offset / sector_size(fwu, component), last = (offset + (uint32_t)size - 1) / sector_size(fwu, component);
	struct fwu_transfer *transfer = &fwu->transfers[component];
	size_t whole = (size + (1u << PSA_FWU_LOG2_WRITE_ALIGN) - 1) >> PSA_FWU_LOG2_WRITE_ALIGN << PSA_FWU_LOG2_WRITE_ALIGN;
	memset(padded, 0xff, sizeof padded);
	memcpy(padded, data, size);
	for (; sector <= last; sector++) {
		if (is_touched(transfer, sector))
			continue;
		psa_status_t status = erase_sector(fwu, component, sector * sector_size(fwu, component));
		if (status != PSA_SUCCESS)
			return status;
		touch(transfer, sector);
	}
	return program(slot_of(fwu, component), offset, padded, whole);
}

psa_status_t fwu_write_end(struct fwu *fwu, uint32_t component, uint32_t offset, size_t size)
{
	struct fwu_transfer *transfer = &fwu->transfers[component];
	if (offset > transfer->end || offset + (uint32_t)size <= transfer->end)
		return PSA_SUCCESS;
	transfer->end = offset + (uint32_t)size;
	uint16_t full = (uint16_t)(transfer->end / sector_size(fwu, component));
	return full > fwu->records[component].sectors ? record_progress(fwu, (uint8_t)component, full) : PSA_SUCCESS;
}
