/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"
#include <merlon/board/flash_map.h>
#include <psa_manifest/pid.h>

#define AREA(name)                                                                                                                 \
	{                                                                                                                          \
		BOARD_FLASH_##name##_OFFSET, BOARD_FLASH_##name##_SIZE                                                             \
	}

const struct flash_range flash_areas[MERLON_FLASH_AREA_COUNT] = {
	[MERLON_FLASH_S_PRIMARY] = AREA(S_PRIMARY),
	[MERLON_FLASH_NS_PRIMARY] = AREA(NS_PRIMARY),
	[MERLON_FLASH_S_SECONDARY] = AREA(S_SECONDARY),
	[MERLON_FLASH_NS_SECONDARY] = AREA(NS_SECONDARY),
	[MERLON_FLASH_JOURNAL] = AREA(JOURNAL),
	[MERLON_FLASH_FWU_STATE] = AREA(FWU_STATE),
	[MERLON_FLASH_ITS] = AREA(ITS),
	[MERLON_FLASH_FACTORY] = AREA(FACTORY),
	[MERLON_FLASH_AUDIT] = AREA(AUDIT),
	[MERLON_FLASH_EPOCH] = AREA(EPOCH),
	[MERLON_FLASH_PS] = AREA(PS),
	[MERLON_FLASH_STAGING] = AREA(STAGING),
};

/* The last unit of a slot, the larger of both slots' sectors, holds the trailer, whose image_ok the update service may set. */
enum {
	UNIT = BOARD_FLASH_S_SECONDARY_ERASE_SIZE > BOARD_FLASH_ERASE_SIZE ? BOARD_FLASH_S_SECONDARY_ERASE_SIZE
									   : BOARD_FLASH_ERASE_SIZE,
	TRAILER = BOARD_SLOT_SIZE - UNIT,
	ALL = INT32_MAX,
};

const struct flash_range flash_locked[] = {
	{ BOARD_FLASH_S_PRIMARY_OFFSET, TRAILER },
	{ BOARD_FLASH_NS_PRIMARY_OFFSET, TRAILER },
	AREA(FACTORY),
};
const size_t flash_locked_count = sizeof flash_locked / sizeof flash_locked[0];

/* What is not in this table is not allowed. */
static const struct {
	int32_t client;
	enum merlon_flash_area area;
	unsigned rights;
	uint32_t begin, end; /* of the area; ALL: to its end */
} access[] = {
	{ SP_ITS, MERLON_FLASH_ITS, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_AUDIT, MERLON_FLASH_AUDIT, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_PS, MERLON_FLASH_EPOCH, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_PS, MERLON_FLASH_PS, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_FWU, MERLON_FLASH_S_SECONDARY, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_FWU, MERLON_FLASH_NS_SECONDARY, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_FWU, MERLON_FLASH_JOURNAL, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_FWU, MERLON_FLASH_FWU_STATE, FLASH_READ | FLASH_PROGRAM | FLASH_ERASE, 0, ALL },
	{ SP_FWU, MERLON_FLASH_S_PRIMARY, FLASH_READ, 0, ALL },
	{ SP_FWU, MERLON_FLASH_NS_PRIMARY, FLASH_READ, 0, ALL },
	{ SP_FWU, MERLON_FLASH_S_PRIMARY, FLASH_PROGRAM, TRAILER, ALL },
	{ SP_FWU, MERLON_FLASH_NS_PRIMARY, FLASH_PROGRAM, TRAILER, ALL },
	{ SP_PLATFORM, MERLON_FLASH_FACTORY, FLASH_READ, 0, ALL },
	{ SP_PLATFORM, MERLON_FLASH_S_PRIMARY, FLASH_READ, 0, ALL },
	{ SP_PLATFORM, MERLON_FLASH_NS_PRIMARY, FLASH_READ, 0, ALL },
};

bool flash_may(int32_t client_id, enum flash_right right, uint32_t area, uint32_t offset, uint32_t size)
{
	if (area >= MERLON_FLASH_AREA_COUNT || offset > flash_areas[area].size || size > flash_areas[area].size - offset)
		return false;
	for (size_t i = 0; i < sizeof access / sizeof access[0]; i++)
		if (access[i].client == client_id && access[i].area == area && (access[i].rights & right) != 0 &&
		    offset >= access[i].begin && offset <= access[i].end && size <= access[i].end - offset)
			return true;
	return false;
}
