/* SPDX-License-Identifier: Apache-2.0 */
/* Power goes at every change of the flash, in every way: each object is old or new, whole, and all others are as they were. */
#include "bench.h"
#include <stdlib.h>

enum { AREA = 6 * SECTOR, OTHERS = 6 };

struct scene {
	struct sim_power power;
	struct sim_flash flash, before;
	struct store store;
	uint32_t fillers; /* sets before the body, to move the log to where it hurts */
	uint32_t old_size, new_size;
	bool exists, removes;
	uint32_t copies; /* block rewrites seen in bodies */
};

enum { TARGET = 50, OLD = 1, NEW = 2 };

static void setup(void *context)
{
	struct scene *scene = context;
	sim_flash_copy(&scene->flash, &scene->before);
	CHECK_EQ(open_store(&scene->store, &scene->flash.medium), PSA_SUCCESS);
}

static void body(void *context)
{
	struct scene *scene = context;
	uint32_t sequence = scene->store.sequence;
	if (scene->removes)
		(void)store_remove(&scene->store, -1, TARGET);
	else
		(void)set(&scene->store, -1, TARGET, scene->new_size, NEW, 0);
	scene->copies += scene->store.sequence != sequence;
}

static void restart(void *context)
{
	struct scene *scene = context;
	CHECK_THAT(open_store(&scene->store, &scene->flash.medium) == PSA_SUCCESS, "%s", sim_power_where(&scene->power));
}

static bool is_old(struct scene *scene)
{
	struct store_object object;
	if (scene->exists)
		return holds(&scene->store, -1, TARGET, scene->old_size, OLD);
	return store_find(&scene->store, -1, TARGET, &object) == PSA_ERROR_DOES_NOT_EXIST;
}

static bool is_new(struct scene *scene)
{
	struct store_object object;
	if (!scene->removes)
		return holds(&scene->store, -1, TARGET, scene->new_size, NEW);
	return store_find(&scene->store, -1, TARGET, &object) == PSA_ERROR_DOES_NOT_EXIST;
}

static void check(void *context, bool cut)
{
	struct scene *scene = context;
	const char *where = sim_power_where(&scene->power);
	bool new = is_new(scene), old = is_old(scene);
	CHECK_THAT(new || (cut && old), "%s", where);
	for (uint32_t i = 0; i < OTHERS; i++)
		CHECK_THAT(holds(&scene->store, -1, i + 1, 200 + 100 * i, i), "object %u, %s", i, where);
	/* What was decided stays decided, also where a bit is still undecided. */
	for (int again = 0; again < 3; again++) {
		restart(scene);
		CHECK_THAT(is_new(scene) == new &&is_old(scene) == old, "another answer after a restart, %s", where);
	}
	CHECK_THAT(set(&scene->store, -1, TARGET, 40, 9, 0) == PSA_SUCCESS, "%s", where);
	restart(scene);
	CHECK_THAT(holds(&scene->store, -1, TARGET, 40, 9), "%s", where);
}

/* One campaign: `fillers` sets of another object move the end of the log before the body runs. */
static struct sim_campaign run(struct scene *scene)
{
	sim_flash_init(&scene->flash, &scene->power, AREA, SECTOR, WRITE_SIZE);
	sim_flash_init(&scene->before, NULL, AREA, SECTOR, WRITE_SIZE);
	sim_power_init(&scene->power, 1);
	scene->power.whole_readings = true;
	scene->flash.strict = false; /* a place that was begun and reads as blank may be tried: the flash refuses */
	CHECK_EQ(open_store(&scene->store, &scene->before.medium), PSA_SUCCESS);
	for (uint32_t i = 0; i < OTHERS; i++)
		CHECK_EQ(set(&scene->store, -1, i + 1, 200 + 100 * i, i, 0), PSA_SUCCESS);
	if (scene->exists)
		CHECK_EQ(set(&scene->store, -1, TARGET, scene->old_size, OLD, 0), PSA_SUCCESS);
	for (uint32_t i = 0; i < scene->fillers; i++)
		CHECK_EQ(set(&scene->store, -1, 77, 96, i, 0), PSA_SUCCESS);
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &scene->power,
										   .context = scene,
										   .setup = setup,
										   .body = body,
										   .recover = restart,
										   .check = check,
										   .pairs = 60,
										   .marginal = true });
	sim_flash_deinit(&scene->flash);
	sim_flash_deinit(&scene->before);
	CHECK(campaign.cuts > 0);
	return campaign;
}

TEST(set_is_atomic, CLAIM("its.power_cut"), POWER_CUT)
{
	static const uint32_t sizes[] = { 0, 5, 64, 1500, 4096 };
	uint32_t copies = 0;
	for (uint32_t i = 0; i < 5; i++)
		for (uint32_t fillers = 0; fillers < 260; fillers += 13) {
			static struct scene scene;
			scene = (struct scene) { .fillers = fillers, .exists = i % 2 == 0, .old_size = 30, .new_size = sizes[i] };
			run(&scene);
			copies += scene.copies;
		}
	CHECK(copies > 0); /* blocks were opened or rewritten under the cuts */
}

TEST(remove_is_atomic, CLAIM("its.power_cut"), POWER_CUT)
{
	for (uint32_t fillers = 0; fillers < 260; fillers += 9) {
		static struct scene scene;
		scene = (struct scene) { .fillers = fillers, .exists = true, .removes = true, .old_size = 30 };
		run(&scene);
	}
}

struct storm {
	struct sim_power power;
	struct sim_flash flash;
	struct store store;
	uint32_t object, size, seed;
};

static void storm_body(void *context)
{
	struct storm *storm = context;
	if (open_store(&storm->store, &storm->flash.medium) == PSA_SUCCESS)
		(void)set(&storm->store, -1, storm->object + 1, storm->size, storm->seed, 0);
}

/* Thousands of cuts in a row, never a quiet moment, on a store that is nearly full: no space is lost for good. */
TEST(survives_a_storm_of_cuts, CLAIM("its.power_cut"), POWER_CUT)
{
	static struct storm storm;
	uint32_t sizes[10], seeds[10], progress = 0;
	sim_power_init(&storm.power, 7);
	storm.power.whole_readings = true;
	sim_flash_init(&storm.flash, &storm.power, AREA, SECTOR, WRITE_SIZE);
	storm.flash.strict = false;
	CHECK_EQ(open_store(&storm.store, &storm.flash.medium), PSA_SUCCESS);
	for (uint32_t i = 0; i < 10; i++) {
		sizes[i] = 740;
		seeds[i] = i;
		CHECK_EQ(set(&storm.store, -1, i + 1, sizes[i], seeds[i], 0), PSA_SUCCESS);
	}
	for (uint32_t step = 0; step < 6000; step++) {
		uint64_t dice = sim_power_random(&storm.power);
		storm.object = (uint32_t)(dice % 10);
		storm.size = 680 + (uint32_t)(dice >> 8) % 60;
		storm.seed = 1000 + step;
		sim_power_cut(&storm.power, (uint32_t)(dice >> 16) % 44, (enum sim_tear)((dice >> 32) % SIM_TEAR_COUNT));
		storm.power.where[0] = '\0';
		bool cut = sim_power_run(&storm.power, storm_body, &storm);
		CHECK_EQ(open_store(&storm.store, &storm.flash.medium), PSA_SUCCESS);
		bool new = holds(&storm.store, -1, storm.object + 1, storm.size, storm.seed);
		CHECK_THAT(new || cut, "step %u", step);
		progress += new;
		if (new) {
			sizes[storm.object] = storm.size;
			seeds[storm.object] = storm.seed;
		}
		for (uint32_t i = 0; i < 10; i++)
			CHECK_THAT(holds(&storm.store, -1, i + 1, sizes[i], seeds[i]), "object %u, step %u", i, step);
	}
	printf("store: a storm of %u cuts, %u objects stored\n", storm.power.cuts, progress);
	CHECK(storm.power.cuts > 500 && progress > 500);
	sim_flash_deinit(&storm.flash);
}
