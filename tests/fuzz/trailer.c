/* SPDX-License-Identifier: Apache-2.0 */
/* The trailer under libFuzzer: any slot, of any size, has an answer within the enumerations. */
#include <merlon/lib/trailer.h>
#include <stdlib.h>
#include <string.h>

struct slot {
	struct medium medium;
	const uint8_t *bytes;
};

static psa_status_t slot_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	memcpy(data, ((const struct slot *)(const void *)medium)->bytes + offset, size);
	return PSA_SUCCESS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct medium_ops ops = { .read = slot_read };
	struct slot slot = { .medium = { .ops = &ops, .size = (uint32_t)size }, .bytes = data };
	struct trailer trailer;
	struct trailer_swap swap;
	for (uint32_t slot_size = 0; slot_size <= size + 1; slot_size++) {
		if (trailer_read(&slot.medium, slot_size, &trailer) != PSA_SUCCESS)
			continue;
		if (trailer.magic > TRAILER_MAGIC_BAD || trailer.image_ok > TRAILER_FLAG_BAD ||
		    trailer.copy_done > TRAILER_FLAG_BAD)
			abort();
		if (trailer.align != 8 && trailer.align != 16 && trailer.align != 32)
			abort();
		if (trailer_swap_read(&slot.medium, slot_size, trailer.align, &swap) != PSA_SUCCESS)
			continue;
		if (swap.type < TRAILER_SWAP_NONE || swap.type > TRAILER_SWAP_REVERT || swap.image > 15)
			abort();
	}
	return 0;
}
