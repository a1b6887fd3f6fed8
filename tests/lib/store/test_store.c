/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include <stdlib.h>
#include <time.h>

enum { AREA = 32 * SECTOR, OBJECTS = 64, STEPS = 20000, NIGHTLY_STEPS = 1000000, SETS = 100000 };

static struct sim_flash flash;
static struct store store;

static void begin(uint32_t size)
{
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, size, SECTOR, WRITE_SIZE);
	CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
}

TEST(keeps_objects_of_every_size, CLAIM("its.store"), FUNCTIONAL)
{
	static const uint32_t sizes[] = { 0, 1, 7, 8, 9, 95, 96, 97, 511, 512, 513, 1024, 4095, 4096 };
	enum { COUNT = sizeof sizes / sizeof sizes[0] };
	begin(AREA);
	for (uint32_t i = 0; i < COUNT; i++)
		CHECK_EQ(set(&store, -1, i + 1, sizes[i], i, 0), PSA_SUCCESS);
	for (int again = 0; again < 2; again++) {
		for (uint32_t i = 0; i < COUNT; i++)
			CHECK_THAT(holds(&store, -1, i + 1, sizes[i], i), "size %u", sizes[i]);
		CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
	}
	CHECK_EQ(set(&store, -1, 99, STORE_OBJECT_SIZE_MAX + 1, 0, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(set(&store, -1, 1, 0x10000, 0, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK(holds(&store, -1, 1, 0, 0));
}

TEST(clients_do_not_meet, CLAIM("its.separation"), FUNCTIONAL)
{
	struct store_object object;
	static const int32_t clients[] = { -1, 1, -2, 2, INT32_MIN, INT32_MAX };
	begin(AREA);
	for (uint32_t i = 0; i < 6; i++) {
		CHECK_EQ(store_find(&store, clients[i], 5, &object), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(store_remove(&store, clients[i], 5), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(set(&store, clients[i], 5, 20 + i, i, 0), PSA_SUCCESS);
	}
	CHECK_EQ(store_remove(&store, 1, 5), PSA_SUCCESS);
	for (uint32_t i = 0; i < 6; i++)
		CHECK(holds(&store, clients[i], 5, 20 + i, i) == (i != 1));
}

/* Names that share a hash are told apart by what is on flash. */
TEST(names_with_one_hash_do_not_meet, CLAIM("its.separation"), PROPERTY)
{
	uint64_t twins[2] = { 0, 0 };
	begin(AREA);
	CHECK_EQ(set(&store, -1, 1, 4, 0, 0), PSA_SUCCESS);
	uint16_t hash = store_entries[0].hash;
	for (uint64_t uid = 2; twins[1] == 0 && uid < 1000000; uid += 2) {
		CHECK_EQ(set(&store, -1, uid, 0, 1, 0), PSA_SUCCESS);
		if (store_entries[1].hash == hash)
			twins[twins[0] != 0] = uid;
		CHECK_EQ(store_remove(&store, -1, uid), PSA_SUCCESS);
	}
	CHECK(twins[1] != 0);
	for (uint32_t i = 0; i < 2; i++)
		CHECK_EQ(set(&store, -1, twins[i], 10 + i, i, 0), PSA_SUCCESS);
	CHECK_EQ(store_remove(&store, -1, 1), PSA_SUCCESS);
	CHECK(holds(&store, -1, twins[0], 10, 0) && holds(&store, -1, twins[1], 11, 1));
}

TEST(write_once_is_for_ever, CLAIM("its.write_once"), FUNCTIONAL)
{
	begin(AREA);
	CHECK_EQ(set(&store, -1, 1, 16, 1, PSA_STORAGE_FLAG_WRITE_ONCE), PSA_SUCCESS);
	for (int again = 0; again < 2; again++) {
		CHECK_EQ(set(&store, -1, 1, 16, 2, 0), PSA_ERROR_NOT_PERMITTED);
		CHECK_EQ(store_remove(&store, -1, 1), PSA_ERROR_NOT_PERMITTED);
		CHECK(holds(&store, -1, 1, 16, 1));
		for (uint32_t i = 0; i < 3000; i++)
			CHECK_EQ(set(&store, -1, 2, 100, i, 0), PSA_SUCCESS);
		CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
	}
}

/* Fill with objects of one size; @return how many fit. */
static uint32_t fill(uint32_t size)
{
	uint32_t count = 0;
	psa_status_t status;
	while ((status = set(&store, -1, count + 1, size, count, 0)) == PSA_SUCCESS)
		count++;
	CHECK_EQ(status, PSA_ERROR_INSUFFICIENT_STORAGE);
	return count;
}

TEST(fills_to_the_same_count_each_time, CLAIM("its.bounded"), FUNCTIONAL)
{
	static const uint32_t sizes[] = { 0, 32, 100, 300, 1000, 2000, 3000, 4096 };
	begin(AREA);
	for (uint32_t k = 0; k < 8; k++) {
		uint32_t capacity = store_capacity(&store) / store_record_size(sizes[k]);
		uint32_t expected = capacity < STORE_OBJECTS_MAX ? capacity : STORE_OBJECTS_MAX;
		for (int again = 0; again < 4; again++) {
			CHECK_EQ(fill(sizes[k]), expected);
			/* Full, every object can still be replaced by one of its size. */
			for (uint32_t i = 0; i < expected; i++)
				CHECK_EQ(set(&store, -1, i + 1, sizes[k], i + 7, 0), PSA_SUCCESS);
			for (uint32_t i = 0; i < expected; i++)
				CHECK(holds(&store, -1, i + 1, sizes[k], i + 7));
			if (again == 2)
				CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
			for (uint32_t i = 0; i < expected; i++)
				CHECK_EQ(store_remove(&store, -1, i + 1), PSA_SUCCESS);
		}
	}
	CHECK(store_capacity(&store) / store_record_size(100) >= 200);
}

struct model {
	bool exists;
	uint32_t size, seed;
};

static void check_model(const struct model *model, int step)
{
	struct store_object object;
	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (model[i].exists)
			CHECK_THAT(holds(&store, -1 - (int32_t)(i % 3), i + 1, model[i].size, model[i].seed), "object %u, step %d",
				   i, step);
		else
			CHECK_EQ(store_find(&store, -1 - (int32_t)(i % 3), i + 1, &object), PSA_ERROR_DOES_NOT_EXIST);
	}
}

/* Random calls against a model, on the smallest area and the real one, nearly full. By night more of them, with another seed each time. */
static void play(uint32_t area, uint32_t size_max, unsigned seed)
{
	const char *given = getenv("MERLON_SEED");
	bool night = getenv("MERLON_NIGHTLY") != NULL;
	int steps = night ? NIGHTLY_STEPS : STEPS;
	seed = given != NULL ? (unsigned)strtoul(given, NULL, 0) : night ? (unsigned)time(NULL) : seed;
	printf("store: %d random calls, seed %u\n", steps, seed);
	static struct model model[OBJECTS];
	memset(model, 0, sizeof model);
	begin(area);
	srand(seed);
	uint32_t refused = 0;
	for (int step = 0; step < steps; step++) {
		uint32_t i = (uint32_t)rand() % OBJECTS, size = (uint32_t)rand() % size_max, what = (uint32_t)rand() % 100;
		int32_t client = -1 - (int32_t)(i % 3);
		if (what < 30) {
			CHECK_EQ(store_remove(&store, client, i + 1), model[i].exists ? PSA_SUCCESS : PSA_ERROR_DOES_NOT_EXIST);
			model[i].exists = false;
		} else if (what < 99) {
			psa_status_t status = set(&store, client, i + 1, size, (uint32_t)step, 0);
			refused += status == PSA_ERROR_INSUFFICIENT_STORAGE;
			CHECK(status == PSA_SUCCESS || status == PSA_ERROR_INSUFFICIENT_STORAGE);
			if (status == PSA_SUCCESS)
				model[i] = (struct model) { true, size, (uint32_t)step };
		} else {
			CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
			check_model(model, step);
		}
	}
	check_model(model, steps);
	CHECK(refused > 0);
}

TEST(follows_a_model_when_nearly_full, CLAIM("its.store"), PROPERTY)
{
	play(AREA, 4097, 1);
	play(6 * SECTOR, 700, 2);
}

/* Some objects never change, some always: the sectors wear alike. */
TEST(sectors_wear_alike, CLAIM("its.wear"), PROPERTY)
{
	uint32_t least = UINT32_MAX, most = 0;
	begin(AREA);
	for (uint32_t i = 0; i < 20; i++)
		CHECK_EQ(set(&store, -1, 100 + i, 1500, i, 0), PSA_SUCCESS);
	for (uint32_t i = 0; i < SETS; i++)
		CHECK_EQ(set(&store, -1, 1 + i % 5, 32, i, 0), PSA_SUCCESS);
	for (uint32_t i = 0; i < AREA / SECTOR; i++) {
		least = flash.sector_erases[i] < least ? flash.sector_erases[i] : least;
		most = flash.sector_erases[i] > most ? flash.sector_erases[i] : most;
	}
	printf("store: %u sets of 32 bytes, sectors erased %u to %u times\n", SETS, least, most);
	CHECK(most * 10 <= least * 12);
	for (uint32_t i = 0; i < 20; i++)
		CHECK(holds(&store, -1, 100 + i, 1500, i));
}

TEST(a_failing_medium_leaves_objects_whole, CLAIM("its.fault"), MALFORMED)
{
	begin(6 * SECTOR);
	for (uint32_t i = 0; i < 3; i++)
		CHECK_EQ(set(&store, -1, i + 1, 500, i, 0), PSA_SUCCESS);
	uint32_t seeds[3] = { 0, 1, 2 };
	uint32_t failed = 0;
	for (uint32_t at = 0; at < 6 * SECTOR; at += 128) {
		static const unsigned kinds[] = { SIM_FAULT_PROGRAM, SIM_FAULT_ERASE, SIM_FAULT_READ };
		for (unsigned k = 0; k < 3; k++) {
			uint32_t i = (at / 128 + k) % 3, seed = 1000 + at + k;
			sim_flash_fail(&flash, kinds[k], at, 128);
			psa_status_t status = set(&store, -1, i + 1, 500, seed, 0);
			sim_flash_fail(&flash, 0, 0, 0);
			CHECK(status == PSA_SUCCESS || status == PSA_ERROR_STORAGE_FAILURE);
			failed += status != PSA_SUCCESS;
			if (status == PSA_SUCCESS || holds(&store, -1, i + 1, 500, seed))
				seeds[i] = seed;
			for (uint32_t j = 0; j < 3; j++)
				CHECK_THAT(holds(&store, -1, j + 1, 500, seeds[j]), "object %u, fault %u at 0x%x", j, kinds[k], at);
			CHECK_EQ(open_store(&store, &flash.medium), PSA_SUCCESS);
			if (!holds(&store, -1, i + 1, 500, seeds[i]) && holds(&store, -1, i + 1, 500, seed))
				seeds[i] = seed;
		}
	}
	CHECK(failed > 10);
}

TEST(refuses_another_geometry, CLAIM("its.store"), MALFORMED)
{
	static const uint32_t bad[][3] = { { 4 * SECTOR, SECTOR, 8 },
					   { 66 * SECTOR, SECTOR, 8 },
					   { 32 * SECTOR, SECTOR, 4 },
					   { 7 * SECTOR, SECTOR, 8 },
					   { 32 * SECTOR, 2048, 8 } };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct medium medium = { .size = bad[i][0], .erase_size = bad[i][1], .write_size = bad[i][2] };
		CHECK_EQ(open_store(&store, &medium), PSA_ERROR_INVALID_ARGUMENT);
	}
}
