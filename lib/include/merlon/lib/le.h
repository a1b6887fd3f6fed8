/* SPDX-License-Identifier: Apache-2.0 */
/** Little-endian loads and stores at any alignment: every Merlon format is little-endian unless its page says otherwise. */
#ifndef MERLON_LIB_LE_H
#define MERLON_LIB_LE_H

#include <stdint.h>
#include <string.h>

/* Whole words are moved, and turned where the processor is big-endian; compilers make one instruction of each. */
static inline uint16_t le16_of(uint16_t value)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? (uint16_t)(value << 8 | value >> 8) : value;
}

static inline uint32_t le32_of(uint32_t value)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(value) : value;
}

static inline uint16_t le16_load(const uint8_t *p)
{
	uint16_t value;
	memcpy(&value, p, sizeof value);
	return le16_of(value);
}

static inline uint32_t le32_load(const uint8_t *p)
{
	uint32_t value;
	memcpy(&value, p, sizeof value);
	return le32_of(value);
}

static inline void le16_store(uint8_t *p, uint16_t value)
{
	value = le16_of(value);
	memcpy(p, &value, sizeof value);
}

static inline void le32_store(uint8_t *p, uint32_t value)
{
	value = le32_of(value);
	memcpy(p, &value, sizeof value);
}

#endif
