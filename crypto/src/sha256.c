/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/crypto/sha256.h>
#include <string.h>

enum { ROUNDS = 64, STATE_WORDS = 8, BLOCK_WORDS = SHA256_BLOCK_SIZE / 4, LENGTH_SIZE = 8 };

static const uint32_t round_constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned bits)
{
	return x >> bits | x << (32 - bits);
}

static uint32_t be32_load(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void be32_store(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 24);
	p[1] = (uint8_t)(value >> 16);
	p[2] = (uint8_t)(value >> 8);
	p[3] = (uint8_t)value;
}

/* One round of FIPS 180-4, section 6.2.2. Of a to h only d and h change: the next round has them under other names. Inlined, so that
 * the names are registers. */
__attribute__((always_inline)) static inline void step(uint32_t input, uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e,
						       uint32_t f, uint32_t g, uint32_t *h)
{
	uint32_t sum = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + input;
	*d += sum;
	*h = sum + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
}

static void sha256_compress(struct sha256 *hash, const uint8_t *block)
{
	uint32_t schedule[ROUNDS], *const state = hash->state;
	for (unsigned i = 0; i < BLOCK_WORDS; i++)
		schedule[i] = be32_load(block + 4 * i);
	for (uint32_t *w = schedule; w < schedule + ROUNDS - BLOCK_WORDS; w++)
		w[16] = w[0] + (rotate(w[1], 7) ^ rotate(w[1], 18) ^ w[1] >> 3) + w[9] +
			(rotate(w[14], 17) ^ rotate(w[14], 19) ^ w[14] >> 10);
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
	const uint32_t *w = schedule, *k = round_constants;
	for (uint32_t kept; w < schedule + ROUNDS; w += 4, k += 4) {
		step(w[0] + k[0], a, b, c, &d, e, f, g, &h);
		step(w[1] + k[1], h, a, b, &c, d, e, f, &g);
		step(w[2] + k[2], g, h, a, &b, c, d, e, &f);
		step(w[3] + k[3], f, g, h, &a, b, c, d, &e);
		/* Four names on, each half stands in the other's place. */
		kept = a, a = e, e = kept;
		kept = b, b = f, f = kept;
		kept = c, c = g, g = kept;
		kept = d, d = h, h = kept;
	}
	const uint32_t v[STATE_WORDS] = { a, b, c, d, e, f, g, h };
	for (unsigned i = 0; i < STATE_WORDS; i++)
		state[i] += v[i];
}

void sha256_begin(struct sha256 *hash)
{
	static const uint32_t initial[STATE_WORDS] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	memcpy(hash->state, initial, sizeof initial);
	hash->size = 0;
}

void sha256_update(struct sha256 *hash, const void *data, size_t size)
{
	const uint8_t *in = data;
	while (size > 0) {
		size_t used = hash->size % SHA256_BLOCK_SIZE, piece = SHA256_BLOCK_SIZE - used;
		const uint8_t *block = in; /* a whole block is taken where it lies */
		if (piece > size)
			piece = size;
		if (piece < SHA256_BLOCK_SIZE) {
			memcpy(hash->block + used, in, piece);
			block = hash->block;
		}
		in += piece;
		size -= piece;
		hash->size += piece;
		if (used + piece == SHA256_BLOCK_SIZE)
			sha256_compress(hash, block);
	}
}

void sha256_finish(struct sha256 *hash, uint8_t digest[SHA256_SIZE])
{
	uint8_t length[LENGTH_SIZE], byte = 0x80; /* a one bit, zeros up to the length in bits */
	be32_store(length, (uint32_t)(hash->size >> 29));
	be32_store(length + 4, (uint32_t)(hash->size << 3));
	do {
		sha256_update(hash, &byte, sizeof byte);
		byte = 0;
	} while (hash->size % SHA256_BLOCK_SIZE != SHA256_BLOCK_SIZE - LENGTH_SIZE);
	sha256_update(hash, length, sizeof length);
	for (unsigned i = 0; i < STATE_WORDS; i++)
		be32_store(digest + 4 * i, hash->state[i]);
}
