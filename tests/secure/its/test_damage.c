/* SPDX-License-Identifier: Apache-2.0 */
/* Flash forgets: what cannot be trusted is reported, never returned. */
#include "bench.h"

enum { AREA = 6 * SECTOR, OBJECTS = 9 };

static struct sim_flash flash, spoilt;
static struct its_store store;
static uint32_t sizes[OBJECTS];

/* Two blocks of objects, each replaced once, so that an older version of each lies on flash. */
static void begin(void)
{
	sim_flash_deinit(&flash);
	sim_flash_deinit(&spoilt);
	sim_flash_init(&flash, NULL, AREA, SECTOR, WRITE_SIZE);
	sim_flash_init(&spoilt, NULL, AREA, SECTOR, WRITE_SIZE);
	CHECK_EQ(its_store_open(&store, &flash.medium), PSA_SUCCESS);
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < OBJECTS; i++) {
			sizes[i] = 10 + 130 * i;
			CHECK_EQ(set(&store, -1, i + 1, sizes[i], 100 * round + i, 0), PSA_SUCCESS);
		}
	spoilt.strict = false;
}

/* Each object is as it was last set, or reported damaged. @return How many are reported. */
static uint32_t judge(const char *what, uint32_t at)
{
	static uint8_t data[ITS_OBJECT_SIZE_MAX];
	uint32_t damaged = 0, size;
	CHECK_THAT(its_store_open(&store, &spoilt.medium) == PSA_SUCCESS, "%s 0x%x", what, at);
	for (uint32_t i = 0; i < OBJECTS; i++) {
		psa_status_t status = get(&store, -1, i + 1, data, &size);
		bool right = status == PSA_SUCCESS && size == sizes[i] && is_pattern(data, size, 100 + i);
		CHECK_THAT(right || status == PSA_ERROR_DATA_CORRUPT, "%s 0x%x: object %u: %d", what, at, i, status);
		damaged += !right;
	}
	return damaged;
}

/* Exhaustive: no flipped bit loses more than one object, or brings back an older one. */
TEST(each_flipped_bit_is_mended_or_reported, CLAIM("its.rot"), PROPERTY)
{
	uint32_t reported = 0;
	begin();
	for (uint32_t bit = 0; bit < 8u * AREA; bit++) {
		if (flash.cells[bit / 8] == 0xff && bit % 64 != 0)
			continue; /* of blank space one bit per unit */
		sim_flash_copy(&spoilt, &flash);
		spoilt.cells[bit / 8] ^= (uint8_t)(1u << bit % 8);
		uint32_t damaged = judge("bit", bit);
		CHECK_THAT(damaged <= 1, "bit 0x%x: %u objects", bit, damaged);
		reported += damaged;
	}
	printf("its: %u flips reported as damage\n", reported);
	CHECK(reported > 1000);
}

/* A whole unit is gone. Behind a record's head nothing older may pass for the newest. */
TEST(a_lost_record_head_hides_nothing, CLAIM("its.rot"), MALFORMED)
{
	begin();
	for (uint32_t i = 0; i < store.count; i++) {
		sim_flash_copy(&spoilt, &flash);
		memset(spoilt.cells + store.entries[i].where * ITS_UNIT, 0x5a, ITS_UNIT);
		struct its_entry kept = store.entries[i];
		CHECK_THAT(judge("head", kept.where) > 0, "entry %u", i);
		/* Whoever stores anew ends the doubt. */
		for (uint32_t j = 0; j < OBJECTS; j++)
			CHECK_EQ(set(&store, -1, j + 1, sizes[j], 100 + j, 0), PSA_SUCCESS);
		CHECK_EQ(judge("healed", kept.where), 0);
		CHECK_EQ(its_store_open(&store, &flash.medium), PSA_SUCCESS);
	}
}

TEST(damage_stays_damage_when_its_block_is_copied, CLAIM("its.rot"), MALFORMED)
{
	static uint8_t data[ITS_OBJECT_SIZE_MAX];
	uint32_t size;
	struct its_object object;
	begin();
	CHECK_EQ(its_store_find(&store, -1, 3, &object), PSA_SUCCESS);
	flash.cells[object.where * ITS_UNIT + ITS_RECORD_DATA + 50] ^= 4;
	for (uint32_t i = 0; i < 1000; i++) {
		CHECK_EQ(set(&store, -1, 99, 100, i, 0), PSA_SUCCESS);
		CHECK_EQ(get(&store, -1, 3, data, &size), PSA_ERROR_DATA_CORRUPT);
	}
	CHECK_EQ(set(&store, -1, 3, 20, 5, 0), PSA_SUCCESS);
	CHECK(holds(&store, -1, 3, 20, 5));
}
