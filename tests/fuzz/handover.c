/* SPDX-License-Identifier: Apache-2.0 */
/* Shared data under libFuzzer: whatever lies there, each entry is inside, or the whole is refused. */
#include <merlon/lib/handover.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint16_t capacity = size > UINT16_MAX ? UINT16_MAX : (uint16_t)size, entry_size;
	const uint8_t *entry;
	struct handover_refusal refusal;
	struct handover_set set;
	struct handover_measurement measurement;
	uint32_t value;
	for (unsigned type = 0; type <= UINT16_MAX; type += 7)
		if (handover_find(data, capacity, (uint16_t)type, &entry, &entry_size) == PSA_SUCCESS &&
		    (entry < data || entry + entry_size > data + capacity))
			abort();
	for (unsigned i = 0; i <= HANDOVER_REFUSAL_MAX; i++)
		if (handover_find_refusal(data, capacity, i, &refusal) == PSA_SUCCESS && refusal.image >= IMAGE_COUNT)
			abort();
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		(void)handover_find_measurement(data, capacity, i, &measurement);
	(void)handover_find_set(data, capacity, &set);
	(void)handover_find_u32(data, capacity, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), &value);
	return 0;
}
