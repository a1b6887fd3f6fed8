/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <merlon/sim/noise.h>
#include <string.h>
#include <unistd.h>

static uint8_t draw(struct sim_noise *noise)
{
	noise->random = noise->random * 6364136223846793005u + 1442695040888963407u;
	uint64_t z = (noise->random ^ noise->random >> 30) * 0xbf58476d1ce4e5b9u;
	return (uint8_t)(z >> 32);
}

static uint8_t next_byte(struct sim_noise *noise)
{
	uint8_t byte = draw(noise);
	switch (noise->kind) {
	case SIM_NOISE_STUCK:
		return 0x55;
	case SIM_NOISE_BIASED:
		return (uint8_t)(byte & ((1u << noise->bits) - 1));
	case SIM_NOISE_LUMPED:
		return byte < 1u << (8 - noise->bits) ? 0 : draw(noise);
	default:
		return byte;
	}
}

static psa_status_t read_system(uint8_t *raw, size_t size)
{
	int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	for (ssize_t got = 0; file >= 0 && done < size && (got = read(file, raw + done, size - done)) > 0;)
		done += (size_t)got;
	if (file >= 0)
		close(file);
	return done == size ? PSA_SUCCESS : PSA_ERROR_HARDWARE_FAILURE;
}

static psa_status_t sim_read(const struct noise_source *source, uint8_t *raw, size_t size)
{
	struct sim_noise *noise = (struct sim_noise *)(uintptr_t)source;
	if (noise->kind == SIM_NOISE_SILENT)
		return PSA_ERROR_HARDWARE_FAILURE;
	if (noise->kind == SIM_NOISE_SYSTEM && read_system(raw, size) != PSA_SUCCESS)
		return PSA_ERROR_HARDWARE_FAILURE;
	for (size_t i = 0; i < size; i++) {
		if (noise->kind != SIM_NOISE_SYSTEM)
			raw[i] = next_byte(noise);
		if (noise->bytes++ >= noise->fault_at)
			raw[i] = 0xff;
	}
	return PSA_SUCCESS;
}

void sim_noise_init(struct sim_noise *noise, enum sim_noise_kind kind, uint64_t seed)
{
	static const struct noise_source_ops ops = { .read = sim_read };
	*noise = (struct sim_noise) { .source = { &ops }, .kind = kind, .bits = 8, .random = seed, .fault_at = UINT64_MAX };
}
