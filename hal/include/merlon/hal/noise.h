/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Raw noise, and the health tests that stand between it and everything else (NIST SP 800-90B, section 4.4).
 *
 * A sample is a byte. The source is taken to give NOISE_MIN_ENTROPY bits of min-entropy per byte, half of what it could: whoever
 * needs n bits of entropy reads noise_size_for(n) bytes and conditions them (a DRBG with derivation function does).
 *
 * Cutoffs, for a false alarm of at most 2^-30 per sample on a source that has just the assumed entropy:
 * - repetition count: 1 + ceil(30 / H) equal samples in a row;
 * - adaptive proportion: among NOISE_WINDOW samples, the first one 1 + critbinom(NOISE_WINDOW, 2^-H, 1 - 2^-30) times.
 * tests/hal/test_noise.c computes both again from these definitions.
 */
#ifndef MERLON_HAL_NOISE_H
#define MERLON_HAL_NOISE_H

#include <psa/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NOISE_MIN_ENTROPY = 4,
	NOISE_WINDOW = 512,
	NOISE_REPETITION_CUTOFF = 9,
	NOISE_PROPORTION_CUTOFF = 71,
	NOISE_STARTUP_SAMPLES = 1024,
};

struct noise_source;

/** The driver's side. */
struct noise_source_ops {
	/** Wait for `size` raw bytes, not 0, but not for ever. PSA_ERROR_HARDWARE_FAILURE: they did not come. */
	psa_status_t (*read)(const struct noise_source *source, uint8_t *raw, size_t size);
};

/** First member of every driver of a noise source. */
struct noise_source {
	const struct noise_source_ops *ops;
};

enum noise_state { NOISE_STOPPED, NOISE_RUNNING, NOISE_FAILED };

/** The tests' state. Starts as all zeros (static storage); nothing leads out of NOISE_FAILED but a reset. */
struct noise {
	const struct noise_source *source;
	enum noise_state state;
	uint8_t last; /* repetition count */
	uint32_t repetitions;
	uint8_t first; /* adaptive proportion */
	uint32_t seen, matches;
};

/**
 * The start-up test: NOISE_STARTUP_SAMPLES samples go through both tests and are thrown away.
 *
 * @param source  Kept by reference.
 * @retval PSA_ERROR_HARDWARE_FAILURE  The source fails, now or since an earlier call.
 * @retval PSA_ERROR_BAD_STATE         Already started.
 */
psa_status_t noise_start(struct noise *noise, const struct noise_source *source);

/**
 * `size` tested bytes.
 *
 * @param data  All zeros after an error.
 * @retval PSA_ERROR_BAD_STATE         Not started.
 * @retval PSA_ERROR_HARDWARE_FAILURE  A test failed or the source did, now or earlier: for ever, until a reset.
 */
psa_status_t noise_read(struct noise *noise, uint8_t *data, size_t size);

/** Bytes of noise that hold `bits` bits of entropy. */
static inline size_t noise_size_for(size_t bits)
{
	return (bits + NOISE_MIN_ENTROPY - 1) / NOISE_MIN_ENTROPY;
}

#endif
