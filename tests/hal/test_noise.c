/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <merlon/hal/noise.h>
#include <merlon/lib/mem.h>
#include <merlon/sim/noise.h>
#include <merlon/test.h>
#include <string.h>

enum { ALPHA_BITS = 30 };

TEST(cutoffs_follow_from_the_assumed_entropy, CLAIM("noise.cutoffs"), PROPERTY)
{
	CHECK_EQ(NOISE_REPETITION_CUTOFF, 1 + (ALPHA_BITS + NOISE_MIN_ENTROPY - 1) / NOISE_MIN_ENTROPY);
	/* The tail is summed from the far end, where the terms are small, so that 2^-30 is not lost in rounding. */
	long double p = ldexpl(1, -NOISE_MIN_ENTROPY), tail = 0, alpha = ldexpl(1, -ALPHA_BITS);
	int critical = NOISE_WINDOW;
	for (int k = NOISE_WINDOW; k > 0; k--) {
		long double log_term = lgammal(NOISE_WINDOW + 1) - lgammal(k + 1) - lgammal(NOISE_WINDOW - k + 1) + k * logl(p) +
				       (NOISE_WINDOW - k) * log1pl(-p);
		tail += expl(log_term);
		if (tail > alpha) {
			critical =
				k; /* P(X >= k) > alpha, so P(X <= k - 1) < 1 - alpha: k is the least with P(X <= k) >= 1 - alpha */
			break;
		}
	}
	CHECK_EQ(NOISE_PROPORTION_CUTOFF, 1 + critical);
	CHECK_EQ(noise_size_for(256), 256 / NOISE_MIN_ENTROPY);
	CHECK_EQ(noise_size_for(1), 1);
}

static psa_status_t start(struct noise *noise, struct sim_noise *source, enum sim_noise_kind kind, uint64_t seed)
{
	sim_noise_init(source, kind, seed);
	*noise = (struct noise) { 0 };
	return noise_start(noise, &source->source);
}

TEST(a_good_source_raises_no_false_alarm, CLAIM("noise.health"), PROPERTY)
{
	/* 2^22 samples at full entropy: a false alarm has a chance below 2^-40 per sample. */
	static uint8_t data[4096];
	struct sim_noise source;
	struct noise noise;
	CHECK_EQ(start(&noise, &source, SIM_NOISE_UNIFORM, 11), PSA_SUCCESS);
	for (unsigned i = 0; i < 1024; i++)
		CHECK_THAT(noise_read(&noise, data, sizeof data) == PSA_SUCCESS, "after %u KB", 4 * i);
}

TEST(a_source_with_just_the_assumed_entropy_passes, CLAIM("noise.health"), PROPERTY)
{
	static uint8_t data[4096];
	struct sim_noise source;
	struct noise noise;
	sim_noise_init(&source, SIM_NOISE_LUMPED, 5);
	source.bits = NOISE_MIN_ENTROPY;
	noise = (struct noise) { 0 };
	CHECK_EQ(noise_start(&noise, &source.source), PSA_SUCCESS);
	for (unsigned i = 0; i < 256; i++)
		CHECK_THAT(noise_read(&noise, data, sizeof data) == PSA_SUCCESS, "after %u KB", 4 * i);
}

TEST(a_source_with_half_the_assumed_entropy_fails_within_a_few_windows, CLAIM("noise.health"), PROPERTY)
{
	static uint8_t data[16 * NOISE_WINDOW];
	for (unsigned bits = 0; bits <= NOISE_MIN_ENTROPY / 2; bits++)
		for (uint64_t seed = 1; seed <= 100; seed++)
			for (enum sim_noise_kind kind = SIM_NOISE_BIASED; kind <= SIM_NOISE_LUMPED; kind++) {
				struct sim_noise source;
				struct noise noise = { 0 };
				sim_noise_init(&source, kind, seed);
				source.bits = bits;
				psa_status_t status = noise_start(&noise, &source.source);
				if (status == PSA_SUCCESS)
					status = noise_read(&noise, data, sizeof data);
				CHECK_THAT(status == PSA_ERROR_HARDWARE_FAILURE, "kind %d, %u bits, seed %u", kind, bits,
					   (unsigned)seed);
			}
}

TEST(a_source_that_gets_stuck_is_dead_until_reset, CLAIM("crypto.entropy.health"), ATTACK)
{
	uint8_t data[NOISE_REPETITION_CUTOFF + 1];
	struct sim_noise source;
	struct noise noise;
	CHECK_EQ(start(&noise, &source, SIM_NOISE_UNIFORM, 3), PSA_SUCCESS);
	source.fault_at = source.bytes;
	CHECK_EQ(noise_read(&noise, data, sizeof data), PSA_ERROR_HARDWARE_FAILURE);
	CHECK(mem_is_filled(data, 0, sizeof data));
	source.fault_at = UINT64_MAX; /* well again: too late */
	for (unsigned i = 0; i < 1000; i++)
		CHECK_EQ(noise_read(&noise, data, 1), PSA_ERROR_HARDWARE_FAILURE);
	CHECK_EQ(noise_read(&noise, data, 0), PSA_ERROR_HARDWARE_FAILURE);
	CHECK_EQ(noise_start(&noise, &source.source), PSA_ERROR_HARDWARE_FAILURE);
}

TEST(the_repetition_test_fires_at_its_cutoff_and_not_before, CLAIM("noise.health"), FUNCTIONAL)
{
	uint8_t data[NOISE_REPETITION_CUTOFF];
	struct sim_noise source;
	struct noise noise;
	for (size_t count = NOISE_REPETITION_CUTOFF - 1; count <= NOISE_REPETITION_CUTOFF; count++) {
		/* A stuck byte that differs from the last good one: 0xff at seed 3 follows another byte. */
		CHECK_EQ(start(&noise, &source, SIM_NOISE_UNIFORM, 3), PSA_SUCCESS);
		CHECK(noise.last != 0xff);
		source.fault_at = source.bytes;
		psa_status_t wanted = count < NOISE_REPETITION_CUTOFF ? PSA_SUCCESS : PSA_ERROR_HARDWARE_FAILURE;
		for (size_t i = 0; i + 1 < count; i++)
			CHECK_EQ(noise_read(&noise, data, 1), PSA_SUCCESS);
		CHECK_EQ(noise_read(&noise, data, 1), wanted);
	}
}

TEST(a_source_that_is_stuck_or_silent_at_the_start_never_starts, CLAIM("crypto.entropy.health"), ATTACK)
{
	static const enum sim_noise_kind kinds[] = { SIM_NOISE_STUCK, SIM_NOISE_SILENT };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		uint8_t byte;
		struct sim_noise source;
		struct noise noise;
		CHECK_EQ(start(&noise, &source, kinds[i], 1), PSA_ERROR_HARDWARE_FAILURE);
		CHECK_EQ(noise_read(&noise, &byte, 1), PSA_ERROR_HARDWARE_FAILURE);
	}
}

TEST(a_source_that_falls_silent_is_dead_until_reset, CLAIM("crypto.entropy.health"), ATTACK)
{
	uint8_t byte;
	struct sim_noise source;
	struct noise noise;
	CHECK_EQ(start(&noise, &source, SIM_NOISE_UNIFORM, 1), PSA_SUCCESS);
	source.kind = SIM_NOISE_SILENT;
	CHECK_EQ(noise_read(&noise, &byte, 1), PSA_ERROR_HARDWARE_FAILURE);
	source.kind = SIM_NOISE_UNIFORM;
	CHECK_EQ(noise_read(&noise, &byte, 1), PSA_ERROR_HARDWARE_FAILURE);
}

TEST(nothing_comes_before_the_start_up_test, CLAIM("noise.health"), FUNCTIONAL)
{
	uint8_t data[4] = { 1, 2, 3, 4 };
	struct sim_noise source;
	struct noise noise = { 0 };
	CHECK_EQ(noise_read(&noise, data, sizeof data), PSA_ERROR_BAD_STATE);
	CHECK(mem_is_filled(data, 0, sizeof data));
	CHECK_EQ(start(&noise, &source, SIM_NOISE_SYSTEM, 0), PSA_SUCCESS);
	CHECK_EQ(source.bytes, NOISE_STARTUP_SAMPLES);
	CHECK_EQ(noise_start(&noise, &source.source), PSA_ERROR_BAD_STATE);
	CHECK_EQ(noise_read(&noise, data, sizeof data), PSA_SUCCESS);
}
