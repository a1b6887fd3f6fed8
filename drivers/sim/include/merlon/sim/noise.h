/* SPDX-License-Identifier: Apache-2.0 */
/** Simulated noise: a seeded stream of bytes, or /dev/urandom, that can be stuck, biased or silent from any byte on. */
#ifndef MERLON_SIM_NOISE_H
#define MERLON_SIM_NOISE_H

#include <merlon/hal/noise.h>
#include <stdint.h>

enum sim_noise_kind {
	SIM_NOISE_SYSTEM,  /* /dev/urandom: the only one fit for real keys */
	SIM_NOISE_UNIFORM, /* from the seed: 8 bits of entropy per byte, as far as a test can see */
	SIM_NOISE_STUCK,   /* one byte for ever */
	SIM_NOISE_BIASED,  /* a byte of which `bits` bits are random */
	SIM_NOISE_LUMPED,  /* uniform, but byte 0 with probability 2^-bits: just that much min-entropy */
	SIM_NOISE_SILENT,  /* no byte comes */
};

struct sim_noise {
	struct noise_source source; /* hand out &noise.source */
	enum sim_noise_kind kind;   /* may be changed at any time */
	unsigned bits;              /* of BIASED and LUMPED: 0 to 8 */
	uint64_t random;            /* state of the stream */
	uint64_t bytes;             /* read so far */
	uint64_t fault_at;          /* from this byte on the source is stuck; UINT64_MAX: never */
};

void sim_noise_init(struct sim_noise *noise, enum sim_noise_kind kind, uint64_t seed);

#endif
