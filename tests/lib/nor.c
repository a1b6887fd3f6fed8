/* SPDX-License-Identifier: Apache-2.0 */
#include "nor.h"
#include <string.h>

static uint32_t next_random(struct nor *nor)
{
	nor->random ^= nor->random << 13;
	nor->random ^= nor->random >> 17;
	nor->random ^= nor->random << 5;
	return nor->random;
}

static psa_status_t nor_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	struct nor *nor = (struct nor *)(uintptr_t)medium;
	memcpy(data, nor->cells + offset, size);
	for (uint32_t i = 0; nor->unstable != NOR_NEVER && i < NOR_UNIT; i++) {
		uint32_t place = (uint32_t)nor->unstable + i;
		uint32_t mix = next_random(nor) % 4; /* most often one whole reading: that is where decisions differ */
		uint8_t mask = (uint8_t)(mix == 0 ? 0 : mix == 1 ? next_random(nor) : 0xff);
		if (place >= offset && place < offset + size)
			((uint8_t *)data)[place - offset] = (uint8_t)((nor->old[i] & ~mask) | (nor->new[i] & mask));
	}
	return PSA_SUCCESS;
}

/* data == NULL: erase. */
static psa_status_t change(struct nor *nor, uint32_t offset, const uint8_t *data, size_t size)
{
	bool cut = nor->operations++ == nor->cut_at;
	enum nor_tear tear = cut ? nor->tear : NOR_AFTER;
	if (cut && tear == NOR_UNSTABLE && data != NULL && size == NOR_UNIT) {
		nor->unstable = (int32_t)offset;
		memcpy(nor->old, nor->cells + offset, size);
		memcpy(nor->new, data, size);
	}
	for (size_t i = 0; i < size; i++) {
		uint8_t *cell = &nor->cells[offset + i];
		uint8_t target = data != NULL ? *cell & data[i] : 0xff, random = (uint8_t)next_random(nor);
		if (tear == NOR_AFTER || (tear == NOR_HALFWAY && i < size / 2))
			*cell = target;
		else if (tear == NOR_RANDOM || tear == NOR_UNSTABLE)
			*cell = (uint8_t)((*cell & ~random) | (target & random));
	}
	if (cut)
		longjmp(nor->power, 1);
	return PSA_SUCCESS;
}

static psa_status_t nor_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	struct nor *nor = (struct nor *)(uintptr_t)medium;
	for (size_t i = 0; i < size; i++) {
		if (nor->cells[offset + i] == 0xff)
			continue;
		nor->breaches += (int32_t)offset != nor->unstable; /* that one may have looked erased */
		return PSA_ERROR_NOT_PERMITTED;
	}
	return change(nor, offset, data, size);
}

static psa_status_t nor_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	struct nor *nor = (struct nor *)(uintptr_t)medium;
	nor->erases++;
	if (nor->unstable >= (int32_t)offset && nor->unstable < (int32_t)(offset + size))
		nor->unstable = NOR_NEVER;
	return change(nor, offset, NULL, size);
}

void nor_init(struct nor *nor, uint32_t erase_size, uint32_t seed)
{
	static const struct medium_ops ops = { .read = nor_read, .program = nor_program, .erase = nor_erase };
	memset(nor, 0, sizeof *nor);
	memset(nor->cells, 0xff, sizeof nor->cells);
	nor->base = (struct medium) { .ops = &ops, .size = 2 * erase_size, .erase_size = erase_size, .write_size = NOR_UNIT };
	nor->unstable = NOR_NEVER;
	nor->random = seed | 1;
	nor->cut_at = NOR_NEVER;
}

void nor_cut(struct nor *nor, int32_t operation, enum nor_tear tear)
{
	nor->operations = 0;
	nor->cut_at = operation;
	nor->tear = tear;
}

bool nor_run(struct nor *nor, void (*body)(void *context), void *context)
{
	volatile bool cut = true;
	if (setjmp(nor->power) == 0) {
		body(context);
		cut = false;
	}
	nor->cut_at = NOR_NEVER;
	return cut;
}
