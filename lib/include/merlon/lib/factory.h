/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Factory data: what provisioning tells a device beside its secrets, and what is public. Page: docs/format/factory.md.
 *
 * Written once by `merlon device provision`, read by the platform service. The checksum finds damage, not attackers: the area lies in
 * Secure flash, and nothing in it is trusted further than the CA that a TLS client pins.
 */
#ifndef MERLON_LIB_FACTORY_H
#define MERLON_LIB_FACTORY_H

#include <merlon/lib/medium.h>
#include <merlon/platform.h>

enum {
	FACTORY_HEADER_SIZE = 16,
	FACTORY_ENTRY_SIZE = 4,  /* before the data of each item */
	FACTORY_SERIAL_MAX = 32, /* bytes of each item */
	FACTORY_TEXT_MAX = 255,
	FACTORY_CA_MAX = 2048,
	FACTORY_SIZE_MAX = 4096, /* encoded, at the most */
};

/** One item as the caller gives it. `size` 0: absent. */
struct factory_value {
	const void *data;
	size_t size;
};

/**
 * Encode all items, indexed by enum merlon_factory_item. The result is padded with 0xFF to whole units of 8 bytes.
 *
 * @param out  FACTORY_SIZE_MAX bytes.
 * @retval PSA_ERROR_INVALID_ARGUMENT  An item is longer than its maximum; nothing useful is in `out`.
 */
psa_status_t factory_encode(const struct factory_value values[MERLON_FACTORY_ITEM_COUNT], uint8_t *out, size_t *size);

/**
 * Read one item. The checksum over all of them is judged first.
 *
 * @param length  Bytes of the item, also when the buffer is too small; 0 at every other error.
 * @retval PSA_ERROR_DOES_NOT_EXIST    The area is erased, the item is absent, or there is no such item.
 * @retval PSA_ERROR_DATA_CORRUPT      Not factory data, of another format version, or the checksum differs.
 * @retval PSA_ERROR_BUFFER_TOO_SMALL  The item is longer than `size`; nothing was written.
 */
psa_status_t factory_read(const struct medium *area, enum merlon_factory_item item, void *data, size_t size, size_t *length);

#endif
