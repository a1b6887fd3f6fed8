/* SPDX-License-Identifier: Apache-2.0 */
/* Flash forgets: what cannot be trusted is reported, never returned. */
#include "bench.h"
#include <stdlib.h>

enum { AREA = 6 * SECTOR, OBJECTS = 9 };

static struct sim_flash flash, spoilt;
static struct store store;
static uint32_t sizes[OBJECTS];

/* Two blocks of objects, each replaced once, so that an older version of each lies on flash. */
static void begin(void)
{
	sim_flash_deinit(&flash);
	sim_flash_deinit(&spoilt);
	sim_flash_init(&flash, NULL, AREA, SECTOR, WRITE_SIZE);
	sim_flash_init(&spoilt, NULL, AREA, SECTOR, WRITE_SIZE);
	CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
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
	static uint8_t data[STORE_OBJECT_SIZE_MAX];
	uint32_t damaged = 0, size;
	CHECK_THAT(open_store(&store, &spoilt.medium) == PSA_SUCCESS, "%s 0x%x", what, at);
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
	printf("store: %u flips reported as damage\n", reported);
	CHECK(reported > 1000);
}

/* A whole unit is gone. Behind a record's head nothing older may pass for the newest. */
TEST(a_lost_record_head_hides_nothing, CLAIM("its.rot"), MALFORMED)
{
	begin();
	for (uint32_t i = 0; i < store.count; i++) {
		sim_flash_copy(&spoilt, &flash);
		memset(spoilt.cells + store_entries[i].where * STORE_UNIT, 0x5a, STORE_UNIT);
		struct store_entry kept = store_entries[i];
		CHECK_THAT(judge("head", kept.where) > 0, "entry %u", i);
		/* Whoever stores anew ends the doubt. */
		for (uint32_t j = 0; j < OBJECTS; j++)
			CHECK_EQ(set(&store, -1, j + 1, sizes[j], 100 + j, 0), PSA_SUCCESS);
		CHECK_EQ(judge("healed", kept.where), 0);
		CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
	}
}

TEST(damage_stays_damage_when_its_block_is_copied, CLAIM("its.rot"), MALFORMED)
{
	static uint8_t data[STORE_OBJECT_SIZE_MAX];
	uint32_t size;
	struct store_object object;
	begin();
	CHECK_EQ(store_find(&store, -1, 3, &object), PSA_SUCCESS);
	flash.cells[object.where * STORE_UNIT + STORE_RECORD_DATA + 50] ^= 4;
	for (uint32_t i = 0; i < 1000; i++) {
		CHECK_EQ(set(&store, -1, 99, 100, i, 0), PSA_SUCCESS);
		CHECK_EQ(get(&store, -1, 3, data, &size), PSA_ERROR_DATA_CORRUPT);
	}
	CHECK_EQ(set(&store, -1, 3, 20, 5, 0), PSA_SUCCESS);
	CHECK(holds(&store, -1, 3, 20, 5));
}

/* A head with a right checksum and wrong content, where one could be. */
static void forge(uint8_t *cells)
{
	uint32_t at = (uint32_t)rand() % (AREA / STORE_UNIT - 4) * STORE_UNIT;
	if (rand() % 3 == 0) {
		struct store_block_head head = { (uint32_t)rand() % 12, (uint32_t)rand() % 16 };
		store_block_encode(&head, cells + at / (2 * SECTOR) * 2 * SECTOR);
	} else {
		struct store_record record = {
			.uid = (uint64_t)rand() % 12, .client = -1, .size = (uint16_t)rand(), .kind = (uint8_t)(1 + rand() % 2)
		};
		store_record_encode(&record, cells + at);
	}
}

/* Whatever is on flash: an answer from each call, nothing outside the store is touched, and what is then stored is kept. */
TEST(any_bytes_have_an_answer, CLAIM("its.rot"), MALFORMED)
{
	static uint8_t data[2 * SECTOR];
	unsigned opened = 0, kept = 0;
	begin();
	srand(5);
	for (unsigned round = 0; round < 4000; round++) {
		uint32_t size;
		sim_flash_copy(&spoilt, &flash);
		memset(spoilt.programmed, 0, AREA / WRITE_SIZE);
		for (int i = rand() % 40; i > 0; i--)
			forge(spoilt.cells);
		for (int i = round % 3 == 0 ? rand() % 3000 : 0; i > 0; i--)
			spoilt.cells[rand() % AREA] = (uint8_t)rand();
		opened += open_store(&store, &spoilt.medium) == PSA_SUCCESS;
		for (uint64_t uid = 0; uid < 12; uid++) {
			(void)get(&store, -1, uid, data, &size);
			if (set(&store, -1, uid, 100, round, 0) == PSA_SUCCESS) {
				CHECK_THAT(holds(&store, -1, uid, 100, round), "round %u, object %u", round, (unsigned)uid);
				kept++;
			}
			(void)store_remove(&store, -1, uid);
		}
		CHECK(store.count <= STORE_OBJECTS_MAX && store.head <= STORE_BLOCKS_MAX);
	}
	printf("store: %u of 4000 spoilt stores opened, %u objects stored in them\n", opened, kept);
	CHECK(opened > 1000 && kept > 1000);
}
