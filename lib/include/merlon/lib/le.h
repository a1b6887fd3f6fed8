/* SPDX-License-Identifier: Apache-2.0 */
/** Little-endian loads and stores at any alignment: every Merlon format is little-endian unless its page says otherwise. */
#ifndef MERLON_LIB_LE_H
#define MERLON_LIB_LE_H

#include <stdint.h>

static inline uint16_t le16_load(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32_load(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void le16_store(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void le32_store(uint8_t *p, uint32_t value)
{
	le16_store(p, (uint16_t)value);
	le16_store(p + 2, (uint16_t)(value >> 16));
}

#endif
