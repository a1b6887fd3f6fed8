/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A medium: a range of bytes under flash rules. The one interface through which formats reach storage.
 *
 * Implementations: flash and OTP drivers, a window of another medium (`hal/flash.h`), the client of the Secure flash partition,
 * a RAM image. Code above never knows which. Offsets are relative to the start of the medium.
 *
 * Rules that every implementation keeps and that the wrappers below check:
 * - `read` takes any offset and size inside the medium;
 * - `program` takes whole units of `write_size`, each once between two erases (OTP: bits go from 1 to 0 only);
 * - `erase` takes whole sectors of `erase_size` and leaves 0xFF. A medium with `erase_size` 0 cannot be erased.
 */
#ifndef MERLON_LIB_MEDIUM_H
#define MERLON_LIB_MEDIUM_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

struct medium;

/** The driver's side. Offsets and sizes have been checked when these are called; `size` is never 0. */
struct medium_ops {
	psa_status_t (*read)(const struct medium *medium, uint32_t offset, void *data, size_t size);
	psa_status_t (*program)(const struct medium *medium, uint32_t offset, const void *data, size_t size);
	psa_status_t (*erase)(const struct medium *medium, uint32_t offset, size_t size);
};

/** First member of every implementation. Sizes in bytes. State that changes lives behind it, owned by whoever made it. */
struct medium {
	const struct medium_ops *ops;
	uint32_t size, erase_size, write_size;
};

/**
 * Read, program or erase `size` bytes at `offset`. A size of 0 does nothing and succeeds.
 *
 * @retval PSA_ERROR_INVALID_ARGUMENT  Out of range, or not a multiple of the unit (`write_size`, `erase_size`).
 * @retval PSA_ERROR_NOT_PERMITTED     The medium is write-protected, or a unit would be programmed twice.
 * @retval PSA_ERROR_NOT_SUPPORTED     The medium has no such operation.
 * @retval PSA_ERROR_STORAGE_FAILURE   The device failed; what was being changed is undefined.
 */
psa_status_t medium_read(const struct medium *medium, uint32_t offset, void *data, size_t size);
psa_status_t medium_program(const struct medium *medium, uint32_t offset, const void *data, size_t size);
psa_status_t medium_erase(const struct medium *medium, uint32_t offset, size_t size);

/**
 * Erase every sector that is not blank, first to last; may be cut and repeated. Sectors are whole multiples of 64 bytes.
 * @retval PSA_ERROR_NOT_SUPPORTED  The medium cannot be erased.
 */
psa_status_t medium_clear(const struct medium *medium);

#endif
