/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/board/flash_map.h>
#include <merlon/flash.h>
#include <merlon/lib/medium.h>
#include <psa/client.h>
#include <psa_manifest/sid.h>

struct area {
	struct medium medium;
	uint32_t area;
};

static psa_status_t area_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	struct merlon_flash_request request = { ((const struct area *)medium)->area, offset, 0 };
	psa_invec in = { &request, sizeof request };
	psa_outvec out = { data, size };
	return psa_call(FLASH_HANDLE, MERLON_FLASH_READ, &in, 1, &out, 1);
}

static psa_status_t area_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	struct merlon_flash_request request = { ((const struct area *)medium)->area, offset, 0 };
	psa_invec in[2] = { { &request, sizeof request }, { data, size } };
	return psa_call(FLASH_HANDLE, MERLON_FLASH_PROGRAM, in, 2, NULL, 0);
}

static psa_status_t area_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	struct merlon_flash_request request = { ((const struct area *)medium)->area, offset, (uint32_t)size };
	psa_invec in = { &request, sizeof request };
	return psa_call(FLASH_HANDLE, MERLON_FLASH_ERASE, &in, 1, NULL, 0);
}

static const struct medium_ops ops = { .read = area_read, .program = area_program, .erase = area_erase };

#define AREA(name)                                                                                                                 \
	[MERLON_FLASH_##name] = { { &ops, BOARD_FLASH_##name##_SIZE, BOARD_FLASH_##name##_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE },    \
				  MERLON_FLASH_##name }

static const struct area areas[MERLON_FLASH_AREA_COUNT] = {
	AREA(S_PRIMARY), AREA(NS_PRIMARY), AREA(S_SECONDARY), AREA(NS_SECONDARY), AREA(JOURNAL), AREA(FWU_STATE),
	AREA(ITS),       AREA(FACTORY),    AREA(AUDIT),       AREA(EPOCH),        AREA(PS),      AREA(STAGING),
};

const struct medium *merlon_flash_area(enum merlon_flash_area area)
{
	return (unsigned)area < MERLON_FLASH_AREA_COUNT ? &areas[area].medium : NULL;
}
