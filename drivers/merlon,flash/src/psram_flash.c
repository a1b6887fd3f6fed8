/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/psram_flash.h>
#include <string.h>

static uint8_t *at(const struct medium *medium, uint32_t offset)
{
	return ((const struct psram_flash *)medium)->memory + offset;
}

static psa_status_t flash_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	memcpy(data, at(medium, offset), size);
	return PSA_SUCCESS;
}

static psa_status_t flash_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	volatile uint32_t *to = (volatile uint32_t *)(void *)at(medium, offset);
	const uint8_t *from = data;
	for (size_t i = 0; i < size / sizeof *to; i++)
		if (to[i] != UINT32_MAX)
			return PSA_ERROR_NOT_PERMITTED;
	for (size_t i = 0; i < size / sizeof *to; i++) {
		uint32_t word;
		memcpy(&word, from + i * sizeof word, sizeof word);
		to[i] = word;
	}
	return PSA_SUCCESS;
}

static psa_status_t flash_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	volatile uint32_t *to = (volatile uint32_t *)(void *)at(medium, offset);
	for (size_t i = 0; i < size / sizeof *to; i++)
		to[i] = UINT32_MAX;
	return PSA_SUCCESS;
}

void psram_flash_init(struct psram_flash *flash, void *memory, uint32_t size, uint32_t erase_size, uint32_t write_size)
{
	static const struct medium_ops ops = { .read = flash_read, .program = flash_program, .erase = flash_erase };
	flash->medium = (struct medium) { .ops = &ops, .size = size, .erase_size = erase_size, .write_size = write_size };
	flash->memory = memory;
}
