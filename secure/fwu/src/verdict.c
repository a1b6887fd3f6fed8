/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"
#include <merlon/lib/le.h>

static psa_status_t judge(const struct fwu *fwu, const struct medium *slot, uint8_t image, uint32_t minimum, struct trust *trust,
			  struct image_verdict *verdict)
{
	psa_status_t status = trust_load(trust, fwu->config->otp, fwu->config->crypto);
	if (status != PSA_SUCCESS)
		return status;
	struct image_policy policy = trust_policy(trust, image, fwu->config->slot_size - fwu_unit(fwu, image), minimum);
	policy.address_checked = true;
	policy.address = (slot == fwu->config->secondary[image] ? fwu->config->candidate_address : fwu->config->run_address)[image];
	if (image_judge(slot, &policy, fwu->config->crypto, verdict) == REFUSAL_NONE)
		verdict->refusal = image_entry_judge(slot, policy.address, verdict);
	return verdict->refusal == REFUSAL_READ ? PSA_ERROR_STORAGE_FAILURE : PSA_SUCCESS;
}

/* The security counter of the active image, which BL2 has verified: stored only at the first start after its confirm, and a minimum
 * from the confirm on. 0 when it has none. */
static uint32_t active_counter(const struct fwu *fwu, uint8_t image)
{
	const struct medium *slot = fwu->config->primary[image];
	uint32_t limit = fwu->config->slot_size - fwu_unit(fwu, image);
	struct image_header header;
	struct image_tlv_iterator it;
	struct image_tlv_entry entry;
	enum refusal refusal = image_header_read(slot, limit, &header);
	uint8_t counter[4];
	if (refusal == REFUSAL_NONE)
		refusal = image_tlv_begin(&it, slot, limit, &header);
	while (refusal == REFUSAL_NONE && image_tlv_next(&it, &entry, &refusal))
		if (entry.is_protected && entry.type == IMAGE_TLV_SEC_CNT && entry.size == sizeof counter &&
		    medium_read(slot, entry.offset, counter, sizeof counter) == PSA_SUCCESS)
			return le32_load(counter);
	return 0;
}

psa_status_t verdict_candidate(const struct fwu *fwu, uint8_t component, struct image_verdict *verdict)
{
	struct trust trust;
	const struct fwu_config *config = fwu->config;
	psa_status_t status = judge(fwu, config->secondary[component], component, active_counter(fwu, component), &trust, verdict);
	if (status == PSA_SUCCESS && verdict->refusal == REFUSAL_NONE && !trust_can_count(&trust, component, verdict))
		verdict->refusal = REFUSAL_COUNTER_FULL;
	return status;
}

psa_status_t verdict_dependencies(const struct fwu *fwu, uint8_t images, struct image_verdict candidates[IMAGE_COUNT],
				  enum refusal *refusal)
{
	struct image_version versions[IMAGE_COUNT];
	struct image_dependency unmet;
	struct trust trust;
	*refusal = REFUSAL_NONE;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		if ((images >> i & 1) == 0) { /* an image that stays has dependencies, too */
			psa_status_t status = judge(fwu, fwu->config->primary[i], i, 0, &trust, &candidates[i]);
			if (status != PSA_SUCCESS)
				return status;
		}
		versions[i] = candidates[i].header.version;
	}
	for (uint8_t i = 0; i < IMAGE_COUNT && *refusal == REFUSAL_NONE; i++)
		*refusal = image_dependencies_judge(&candidates[i], versions, &unmet);
	return PSA_SUCCESS;
}
