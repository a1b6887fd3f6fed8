/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/noise.h>
#include <merlon/lib/mem.h>

enum { CHUNK = 32 };

/* SP 800-90B, 4.4.1. */
static bool repetition_passes(struct noise *noise, uint8_t sample)
{
	if (noise->repetitions > 0 && sample == noise->last)
		return ++noise->repetitions < NOISE_REPETITION_CUTOFF;
	noise->last = sample;
	noise->repetitions = 1;
	return true;
}

/* SP 800-90B, 4.4.2. The first sample of a window counts as its own first match. */
static bool proportion_passes(struct noise *noise, uint8_t sample)
{
	if (noise->seen == 0) {
		noise->first = sample;
		noise->matches = 0;
	}
	noise->matches += sample == noise->first;
	noise->seen = noise->seen + 1 < NOISE_WINDOW ? noise->seen + 1 : 0;
	return noise->matches < NOISE_PROPORTION_CUTOFF;
}

/* Both tests see every sample, also when the first has failed. */
static bool sample_passes(struct noise *noise, uint8_t sample)
{
	bool repetition = repetition_passes(noise, sample), proportion = proportion_passes(noise, sample);
	return repetition && proportion;
}

static psa_status_t read_tested(struct noise *noise, uint8_t *data, size_t size)
{
	bool good = noise->source->ops->read(noise->source, data, size) == PSA_SUCCESS;
	for (size_t i = 0; i < size && good; i++)
		good = sample_passes(noise, data[i]);
	if (good)
		return PSA_SUCCESS;
	noise->state = NOISE_FAILED;
	mem_wipe(data, size);
	return PSA_ERROR_HARDWARE_FAILURE;
}

psa_status_t noise_start(struct noise *noise, const struct noise_source *source)
{
	uint8_t chunk[CHUNK];
	psa_status_t status = PSA_SUCCESS;
	if (noise->state != NOISE_STOPPED)
		return noise->state == NOISE_FAILED ? PSA_ERROR_HARDWARE_FAILURE : PSA_ERROR_BAD_STATE;
	*noise = (struct noise) { .source = source, .state = NOISE_RUNNING };
	for (size_t done = 0; done < NOISE_STARTUP_SAMPLES && status == PSA_SUCCESS; done += sizeof chunk)
		status = read_tested(noise, chunk, sizeof chunk);
	mem_wipe(chunk, sizeof chunk);
	return status;
}

psa_status_t noise_read(struct noise *noise, uint8_t *data, size_t size)
{
	psa_status_t status = PSA_ERROR_BAD_STATE;
	if (noise->state == NOISE_RUNNING)
		status = size > 0 ? read_tested(noise, data, size) : PSA_SUCCESS;
	else if (noise->state == NOISE_FAILED)
		status = PSA_ERROR_HARDWARE_FAILURE;
	if (status != PSA_SUCCESS)
		mem_wipe(data, size);
	return status;
}
