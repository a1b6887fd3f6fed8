/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A journal from fuzzer input. Raw bytes alone would never pass a CRC; so the first byte chooses: raw, or units of four bytes each
 * whose CRC is made right, so that every content and every order of units is reached.
 */
#ifndef TESTS_FUZZ_JOURNAL_UNITS_H
#define TESTS_FUZZ_JOURNAL_UNITS_H

#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/log.h>
#include <merlon/lib/mem.h>
#include <string.h>

/** Fill the `size` bytes of both halves. @return Bytes of the input that were used. */
static inline size_t journal_from_input(uint8_t *journal, uint32_t size, const uint8_t *data, size_t data_size)
{
	memset(journal, 0xff, size);
	if (data_size == 0)
		return 0;
	if (data[0] % 4 == 0) {
		size_t count = data_size - 1 < size ? data_size - 1 : size;
		memcpy(journal, data + 1, count);
		return 1 + count;
	}
	size_t used = 1;
	for (uint32_t at = 0; at < size && data_size - used >= 4; at += LOG_UNIT_SIZE, used += 4) {
		uint32_t half = at / (size / 2);
		uint8_t salted[6];
		memcpy(salted, data + used, 4);
		le16_store(salted + 4, (salted[0] & LOG_TYPE_MAX) == 0 ? le16_load(salted + 2) : (uint16_t)(half + 1));
		if (mem_is_filled(salted, 0xff, 4))
			continue; /* a blank unit */
		memcpy(journal + at, salted, 4);
		le32_store(journal + at + 4, crc32_update(0, salted, sizeof salted));
	}
	return used;
}

#endif
