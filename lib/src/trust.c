/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/trust.h>

static psa_status_t key_hash(struct image_key *key, const struct image_crypto *crypto)
{
	psa_status_t status = crypto->hash_begin(crypto->context);
	if (status == PSA_SUCCESS)
		status = crypto->hash_update(crypto->context, key->der, key->der_size);
	return status == PSA_SUCCESS ? crypto->hash_finish(crypto->context, key->hash) : status;
}

psa_status_t trust_load_counters(struct trust *trust, const struct medium *otp)
{
	psa_status_t status = PSA_SUCCESS;
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		status = otp_counter_get(otp, i, &trust->counters[i], &trust->counter_room[i]);
	return status;
}

static psa_status_t load(struct trust *trust, const struct medium *otp, const struct image_crypto *crypto)
{
	psa_status_t status = otp_lifecycle_get(otp, &trust->lifecycle);
	trust->development_allowed = lifecycle_allows(trust->lifecycle, LIFECYCLE_DEVELOPMENT_KEYS);
	if (status == PSA_SUCCESS)
		status = otp_keys_get(otp, trust->keys, &trust->key_count);
	for (uint8_t i = 0; i < trust->key_count && status == PSA_SUCCESS; i++)
		status = key_hash(&trust->keys[i], crypto);
	return status == PSA_SUCCESS ? trust_load_counters(trust, otp) : status;
}

psa_status_t trust_load(struct trust *trust, const struct medium *otp, const struct image_crypto *crypto)
{
	*trust = (struct trust) { .lifecycle = OTP_LIFECYCLE_UNKNOWN };
	psa_status_t status = load(trust, otp, crypto);
	if (status != PSA_SUCCESS)
		*trust = (struct trust) { .lifecycle = OTP_LIFECYCLE_UNKNOWN };
	return status;
}

struct image_policy trust_policy(const struct trust *trust, uint8_t image, uint32_t limit, uint32_t minimum)
{
	return (struct image_policy) { .keys = trust->keys,
				       .key_count = trust->key_count,
				       .image = image,
				       .key_forms = IMAGE_KEY_FORM_BOTH,
				       .development_allowed = trust->development_allowed,
				       .counter_checked = true,
				       .counter_minimum = minimum > trust->counters[image] ? minimum : trust->counters[image],
				       .limit = limit };
}

bool trust_can_count(const struct trust *trust, uint8_t image, const struct image_verdict *verdict)
{
	return verdict->counter <= trust->counters[image] || trust->counter_room[image] > 0;
}

bool trust_may_revoke(const struct trust *trust, uint8_t signer, uint8_t index, uint8_t in_use)
{
	const struct image_key *by = &trust->keys[signer], *key = &trust->keys[index];
	unsigned left = 0; /* images that can still be installed afterwards */
	for (uint8_t i = 0; i < trust->key_count; i++)
		if (i != index && !trust->keys[i].revoked && (!trust->keys[i].development || trust->development_allowed))
			left |= trust->keys[i].role;
	return signer < trust->key_count && index < trust->key_count && by->slot > key->slot && !by->revoked &&
	       (key->role & ~by->role) == 0 && (in_use >> index & 1) == 0 && left == IMAGE_KEY_FOR_BOTH;
}
