/* SPDX-License-Identifier: Apache-2.0 */
/** CRC-32 (polynomial 0xEDB88320 reflected, initial and final 0xFFFFFFFF, as in IEEE 802.3). Finds torn writes, never attackers. */
#ifndef MERLON_LIB_CRC_H
#define MERLON_LIB_CRC_H

#include <stddef.h>
#include <stdint.h>

/** @param crc  0 for the first piece, the previous result for each further one. */
uint32_t crc32_update(uint32_t crc, const void *data, size_t size);

#endif
