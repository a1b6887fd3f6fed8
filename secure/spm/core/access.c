/* SPDX-License-Identifier: Apache-2.0 */
/* Who may use which service, and which memory. */
#include "core.h"
#include <string.h>

enum { RBAR_UNPRIVILEGED = 1 << 1, RBAR_READ_ONLY = 1 << 2, GRANULE = 32 };

bool spm_may_use(uint8_t partition, uint8_t index)
{
	const struct spm_service *service = &spm_table.services[index];
	if (partition == SPM_NONSECURE)
		return service->nonsecure;
	return service->partition != partition && (spm_table.partitions[partition].dependencies >> index & 1) != 0;
}

uint8_t spm_find_sid(uint32_t sid)
{
	const struct spm_service *first = spm_table.services, *end = first + spm_table.service_count;
	for (const struct spm_service *service = first; service != end; service++)
		if (service->sid == sid)
			return (uint8_t)(service - first);
	return SPM_NO_SERVICE;
}

uint32_t spm_version_of(uint8_t partition, uint32_t sid)
{
	uint8_t index = spm_find_sid(sid);
	return index != SPM_NO_SERVICE && spm_may_use(partition, index) ? spm_table.services[index].version : PSA_VERSION_NONE;
}

const char *spm_partition_name(int32_t id)
{
	for (uint8_t i = 0; i < spm_table.partition_count; i++)
		if (spm_table.partitions[i].id == id)
			return spm_table.partitions[i].name;
	return "the partition manager";
}

/* Does one region hold all of the range, for this kind of access? Regions do not overlap. */
static bool map_allows(const struct spm_region *map, bool privileged, uintptr_t base, size_t size, bool write)
{
	for (size_t i = 0; i < SPM_MAP_REGIONS; i++) {
		uintptr_t start = map[i].rbar & ~(uintptr_t)(GRANULE - 1), limit = map[i].rlar | (GRANULE - 1);
		if (map[i].rlar == 0 || base < start || base > limit)
			continue;
		return size - 1 <= limit - base && (privileged || (map[i].rbar & RBAR_UNPRIVILEGED) != 0) &&
		       !(write && (map[i].rbar & RBAR_READ_ONLY) != 0);
	}
	return false;
}

/* Where nothing is protected (a host program), any range that does not wrap is good. */
bool spm_may_access(uint8_t partition, const void *base, size_t size, bool write)
{
	if (size == 0)
		return true;
	if (partition == SPM_NONSECURE)
		return write ? spm_machine_may_write(base, size) : spm_machine_may_read(base, size);
	const struct spm_region *own = spm_table.partitions[partition].map, *map = own != NULL ? own : spm_table.privileged;
	if (base == NULL || map == NULL)
		return base != NULL && size - 1 <= UINTPTR_MAX - (uintptr_t)base;
	return map_allows(map, own == NULL, (uintptr_t)base, size, write);
}

void spm_copy(uint8_t *to, const uint8_t *from, size_t size)
{
	uint32_t a, b, c, d; /* a load and a store each */
	for (; size >= 4 * sizeof a; size -= 4 * sizeof a, from += 4 * sizeof a, to += 4 * sizeof a) {
		memcpy(&a, from, sizeof a);
		memcpy(&b, from + 1 * sizeof a, sizeof b);
		memcpy(&c, from + 2 * sizeof a, sizeof c);
		memcpy(&d, from + 3 * sizeof a, sizeof d);
		memcpy(to, &a, sizeof a);
		memcpy(to + 1 * sizeof a, &b, sizeof b);
		memcpy(to + 2 * sizeof a, &c, sizeof c);
		memcpy(to + 3 * sizeof a, &d, sizeof d);
	}
	for (; size >= sizeof a; size -= sizeof a, from += sizeof a, to += sizeof a) {
		memcpy(&a, from, sizeof a);
		memcpy(to, &a, sizeof a);
	}
	while (size-- > 0)
		*to++ = *from++;
}
