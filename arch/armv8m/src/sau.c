/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/sau.h>

psa_status_t sau_encode(const struct world_sau_region *region, struct sau_image *out)
{
	enum { ENABLE = 1u << 0, NSC = 1u << 1, GRANULE = 32 };
	if (region->base >= region->limit || region->base % GRANULE != 0 || region->limit % GRANULE != GRANULE - 1 ||
	    region->nsc > 1)
		return PSA_ERROR_INVALID_ARGUMENT;
	out->rbar = region->base;
	out->rlar = (region->limit & ~(uint32_t)(GRANULE - 1)) | (region->nsc ? NSC : 0) | ENABLE;
	return PSA_SUCCESS;
}
