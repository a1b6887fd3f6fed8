/* SPDX-License-Identifier: Apache-2.0 */
/* Power goes at every change of internal and external flash and of one-time memory: each object is old or new, whole. */
#include "rig.h"
#include <merlon/test.h>
#include <string.h>

enum { TARGET = 50, OTHERS = 4, OLD = 1, NEW = 2 };

enum act { ACT_SET, ACT_REMOVE, ACT_EXTEND };

static struct scene {
	struct rig_flash before;
	enum act act;
	bool exists;
	uint32_t size;
} scene;

static void copy_back(struct rig_flash *to, const struct rig_flash *from)
{
	sim_flash_copy(&to->internal, &from->internal);
	sim_flash_copy(&to->external, &from->external);
	sim_flash_copy(&to->requests, &from->requests);
	sim_flash_copy(&to->audit, &from->audit);
	sim_flash_copy(&to->otp, &from->otp);
}

static void setup(void *context)
{
	(void)context;
	copy_back(&rig.flash, &scene.before);
	rig_start();
}

static psa_status_t set(uint64_t uid, uint32_t size, uint8_t seed)
{
	uint8_t data[600];
	memset(data, seed, sizeof data);
	return psa_ps_set(uid, size, data, 0);
}

static bool holds(uint64_t uid, uint32_t size, uint8_t seed)
{
	uint8_t data[600];
	size_t length;
	if (psa_ps_get(uid, 0, sizeof data, data, &length) != PSA_SUCCESS || length != size)
		return false;
	for (uint32_t i = 0; i < size; i++)
		if (data[i] != seed)
			return false;
	return true;
}

static void body(void *context)
{
	(void)context;
	if (scene.act == ACT_REMOVE)
		(void)psa_ps_remove(TARGET);
	else if (scene.act == ACT_EXTEND)
		(void)psa_ps_set_extended(TARGET, 0, 30, "\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2");
	else
		(void)set(TARGET, scene.size, NEW);
}

static void recover(void *context)
{
	(void)context;
	rig_start();
	(void)holds(TARGET, 1, 1); /* the first call opens the storage */
}

static bool is_absent(void)
{
	struct psa_storage_info_t info;
	return psa_ps_get_info(TARGET, &info) == PSA_ERROR_DOES_NOT_EXIST;
}

static void check(void *context, bool cut)
{
	const char *where = sim_power_where(&rig.power);
	(void)context;
	bool old = scene.exists ? holds(TARGET, 30, OLD) : is_absent();
	bool new = scene.act == ACT_REMOVE ? is_absent() : holds(TARGET, scene.size, NEW);
	CHECK_THAT(new || (cut && old), "%s", where);
	for (uint32_t i = 0; i < OTHERS; i++)
		CHECK_THAT(holds(i + 1, 40 + 100 * i, (uint8_t)(10 + i)), "object %u, %s", i, where);
	recover(NULL);
	CHECK_THAT(new == (scene.act == ACT_REMOVE ? is_absent() : holds(TARGET, scene.size, NEW)), "another answer, %s", where);
	CHECK_THAT(set(TARGET, 64, 9) == PSA_SUCCESS, "%s", where);
	recover(NULL);
	CHECK_THAT(holds(TARGET, 64, 9), "%s", where);
}

static uint32_t run(enum act act, bool exists, uint32_t size, bool has_epoch, uint32_t fillers, bool is_new)
{
	rig_new(1, has_epoch);
	for (uint32_t i = 0; i < OTHERS && !is_new; i++)
		CHECK_EQ(set(i + 1, 40 + 100 * i, (uint8_t)(10 + i)), PSA_SUCCESS);
	for (uint32_t i = 0; i < fillers; i++)
		CHECK_EQ(set(77, 100, (uint8_t)i), PSA_SUCCESS);
	if (exists)
		CHECK_EQ(set(TARGET, 30, OLD), PSA_SUCCESS);
	scene.act = act;
	scene.exists = exists;
	scene.size = size;
	rig.power.whole_readings = true;
	/* A place that was begun and reads as blank may be tried: the flash refuses. */
	rig.flash.internal.strict = rig.flash.external.strict = rig.flash.requests.strict = false;
	rig_copy_new(&scene.before);
	rig_take(&scene.before);
	return sim_cut_everywhere(&(struct sim_scenario) { .power = &rig.power,
							   .setup = setup,
							   .body = body,
							   .recover = recover,
							   .check = check,
							   .pairs = 8,
							   .marginal = true })
		.cuts;
}

TEST(set_is_atomic, CLAIM("ps.power_cut"), POWER_CUT)
{
	uint32_t cuts = 0;
	for (uint32_t fillers = 0; fillers < 60; fillers += 12)
		cuts += run(ACT_SET, fillers % 24 == 0, fillers % 36 == 0 ? 500 : 32, fillers % 48 == 12, fillers, false);
	CHECK(cuts > 350);
}

TEST(remove_is_atomic, CLAIM("ps.power_cut"), POWER_CUT)
{
	CHECK(run(ACT_REMOVE, true, 0, false, 7, false) > 0);
}

TEST(set_extended_is_atomic, CLAIM("ps.power_cut"), POWER_CUT)
{
	CHECK(run(ACT_EXTEND, true, 30, true, 3, false) > 0);
}

/* Every nonce that sealing has used, over all cuts and starts, was seen by the rig. */
TEST(no_nonce_comes_twice, CLAIM("ps.nonce"), POWER_CUT)
{
	CHECK(run(ACT_SET, true, 32, true, 0, false) > 0);
	CHECK(rig.nonces_used > 1000);
	CHECK_EQ(rig.nonces_repeated, 0);
}
