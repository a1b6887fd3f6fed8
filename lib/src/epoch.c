/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/epoch.h>
#include <merlon/lib/le.h>
#include <merlon/lib/log.h>

enum { TYPE_REQUEST = 1, WORD = 4, WORD_BITS = 32 };

static bool apply(void *context, const struct log_unit *unit)
{
	uint32_t *wanted = context;
	if (unit->type != TYPE_REQUEST || unit->value <= *wanted || unit->value > EPOCH_MAX)
		return false;
	*wanted = unit->value;
	return true;
}

static unsigned snapshot(const void *context, struct log_unit units[LOG_SNAPSHOT_MAX])
{
	const uint32_t *wanted = context;
	units[0] = (struct log_unit) { .type = TYPE_REQUEST, .value = (uint16_t)*wanted };
	return *wanted != 0;
}

static const struct log_client client = { apply, snapshot };

/* Bits become 0 from the lowest of the first word on. The first one that is 1 ends the count: what lies behind it is no epoch. */
psa_status_t epoch_get(const struct medium *otp, uint32_t *epoch)
{
	*epoch = 0;
	for (uint32_t offset = 0; offset < EPOCH_OTP_SIZE; offset += WORD) {
		uint8_t bytes[WORD];
		psa_status_t status = medium_read(otp, EPOCH_OTP_OFFSET + offset, bytes, sizeof bytes);
		if (status != PSA_SUCCESS)
			return status;
		for (uint32_t word = le32_load(bytes), bit = 0; bit < WORD_BITS; bit++, word >>= 1) {
			if ((word & 1) != 0)
				return PSA_SUCCESS;
			++*epoch;
		}
	}
	return PSA_SUCCESS;
}

psa_status_t epoch_request(const struct medium *requests, uint32_t epoch)
{
	struct log log;
	uint32_t wanted = 0;
	if (epoch > EPOCH_MAX)
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = log_open(&log, requests, &client, &wanted);
	if (status == PSA_ERROR_DATA_CORRUPT) {
		/* What cannot be read asks for nothing: begin anew. */
		status = medium_erase(requests, 0, requests->size);
		wanted = 0;
		if (status == PSA_SUCCESS)
			status = log_open(&log, requests, &client, &wanted);
	}
	if (status != PSA_SUCCESS || wanted >= epoch)
		return status;
	status = log_append(&log, &(struct log_unit) { .type = TYPE_REQUEST, .value = (uint16_t)epoch });
	return status == PSA_SUCCESS ? log_seal(&log) : status;
}

psa_status_t epoch_advance(const struct medium *requests, const struct medium *otp, uint32_t *epoch)
{
	struct log log;
	uint32_t wanted = 0;
	psa_status_t status = epoch_get(otp, epoch);
	if (status != PSA_SUCCESS || log_open(&log, requests, &client, &wanted) != PSA_SUCCESS || wanted <= *epoch ||
	    wanted > *epoch + EPOCH_AHEAD_MAX)
		return status;
	uint8_t bytes[WORD];
	uint32_t offset = EPOCH_OTP_OFFSET + *epoch / WORD_BITS * WORD;
	status = medium_read(otp, offset, bytes, sizeof bytes);
	le32_store(bytes, le32_load(bytes) & ~(1u << *epoch % WORD_BITS));
	if (status == PSA_SUCCESS)
		status = medium_program(otp, offset, bytes, sizeof bytes);
	*epoch += status == PSA_SUCCESS;
	return status;
}
