/* SPDX-License-Identifier: Apache-2.0 */
#include "nor.h"
#include <merlon/lib/log.h>
#include <merlon/test.h>
#include <string.h>

/* A client that counts: unit COUNT must carry the next number, unit SUM begins a half with the number reached. */
enum { COUNT = 1, SUM = 2, SMALL = 128 };

static bool apply(void *context, const struct log_unit *unit)
{
	uint16_t *count = context;
	if (unit->type == SUM ? *count != 0 : unit->type != COUNT || unit->value != *count + 1)
		return false;
	*count = unit->value;
	return true;
}

static unsigned snapshot(const void *context, struct log_unit units[LOG_SNAPSHOT_MAX])
{
	units[0] = (struct log_unit) { SUM, 0, *(const uint16_t *)context };
	return units[0].value > 0;
}

static const struct log_client client = { apply, snapshot };

struct device {
	struct nor nor;
	struct log log;
	uint16_t count;    /* the client's state */
	uint16_t promised; /* appends that returned */
	uint16_t target;
	bool seal;
};

static psa_status_t open_log(struct device *device)
{
	device->count = 0;
	return log_open(&device->log, &device->nor.base, &client, &device->count);
}

static void count_on(void *context)
{
	struct device *device = context;
	CHECK(log_settle(&device->log) == PSA_SUCCESS);
	device->promised = device->count; /* from here on what was read stands */
	while (device->count < device->target) {
		struct log_unit unit = { COUNT, device->count & LOG_ARGUMENT_MAX, (uint16_t)(device->count + 1) };
		CHECK(log_append(&device->log, &unit) == PSA_SUCCESS);
		device->promised = device->count;
		if (device->seal)
			CHECK(log_seal(&device->log) == PSA_SUCCESS);
	}
}

static void settle(void *context)
{
	struct device *device = context;
	CHECK(log_settle(&device->log) == PSA_SUCCESS);
}

static void check_stable(struct device *device, unsigned operation, unsigned tear)
{
	CHECK_THAT(open_log(device) == PSA_SUCCESS, "operation %u, tear %u: corrupt", operation, tear);
	CHECK_THAT(device->count == device->promised || device->count == device->promised + 1, "operation %u, tear %u: %u after %u",
		   operation, tear, device->count, device->promised);
	CHECK(!nor_run(&device->nor, settle, device));
	uint16_t first = device->count;
	for (unsigned again = 0; again < 8; again++) {
		CHECK_THAT(open_log(device) == PSA_SUCCESS, "operation %u, tear %u: corrupt, reading %u", operation, tear, again);
		CHECK_THAT(device->count == first, "operation %u, tear %u: %u, then %u", operation, tear, first, device->count);
		CHECK(!nor_run(&device->nor, settle, device));
	}
	device->promised = first;
}

static void survives_cuts(bool seal)
{
	static struct device device;
	unsigned cuts = 0;
	for (unsigned tear = 0; tear < NOR_TEAR_COUNT; tear++) {
		for (int32_t operation = 0;; operation++, cuts++) {
			nor_init(&device.nor, SMALL, (uint32_t)(operation * 8 + (int32_t)tear) + 1);
			device.promised = 0;
			device.target = 100; /* over several rotations */
			device.seal = seal;
			CHECK(open_log(&device) == PSA_SUCCESS);
			nor_cut(&device.nor, operation, (enum nor_tear)tear);
			bool cut = nor_run(&device.nor, count_on, &device);
			check_stable(&device, (unsigned)operation, tear);
			device.target = (uint16_t)(device.promised + 20);
			CHECK(!nor_run(&device.nor, count_on, &device));
			check_stable(&device, (unsigned)operation, tear);
			CHECK_EQ(device.promised, device.target);
			CHECK_THAT(device.nor.breaches == 0, "operation %d, tear %u: %u units programmed twice", operation, tear,
				   device.nor.breaches);
			if (!cut)
				break;
		}
	}
	CHECK(cuts > 300);
}

TEST(survives_every_cut, CLAIM("lib.log.power-cut"), POWER_CUT)
{
	survives_cuts(false);
}
TEST(survives_every_cut_sealed, CLAIM("lib.log.power-cut"), POWER_CUT)
{
	survives_cuts(true);
}

TEST(settled_log_is_not_written, CLAIM("lib.log.idle"), PROPERTY)
{
	static struct device device;
	for (unsigned tear = 0; tear < NOR_UNSTABLE; tear++) {
		for (int32_t operation = 0; operation < 60; operation++) {
			nor_init(&device.nor, SMALL, (uint32_t)operation + 1);
			device = (struct device) { .nor = device.nor, .target = 30, .seal = true };
			CHECK(open_log(&device) == PSA_SUCCESS);
			nor_cut(&device.nor, operation, (enum nor_tear)tear);
			nor_run(&device.nor, count_on, &device);
			CHECK(open_log(&device) == PSA_SUCCESS);
			CHECK(log_seal(&device.log) == PSA_SUCCESS);
			device.nor.operations = 0;
			CHECK(open_log(&device) == PSA_SUCCESS);
			CHECK(log_seal(&device.log) == PSA_SUCCESS);
			CHECK_THAT(device.nor.operations == 0, "operation %d, tear %u: %d writes", operation, tear,
				   device.nor.operations);
		}
	}
}

TEST(second_cut_in_recovery, CLAIM("lib.log.power-cut"), POWER_CUT)
{
	static struct device device;
	for (unsigned tears = 0; tears < NOR_TEAR_COUNT * NOR_TEAR_COUNT; tears++) {
		for (int32_t first = 0; first < 70; first++) {
			for (int32_t second = 0; second < 12; second++) {
				nor_init(&device.nor, SMALL, (uint32_t)(first * 100 + second * 7 + (int32_t)tears) + 1);
				device = (struct device) { .nor = device.nor, .target = 40, .seal = first % 2 == 0 };
				CHECK(open_log(&device) == PSA_SUCCESS);
				nor_cut(&device.nor, first, (enum nor_tear)(tears % NOR_TEAR_COUNT));
				nor_run(&device.nor, count_on, &device);
				CHECK(open_log(&device) == PSA_SUCCESS);
				device.target = (uint16_t)(device.count + 5);
				nor_cut(&device.nor, second, (enum nor_tear)(tears / NOR_TEAR_COUNT));
				nor_run(&device.nor, count_on, &device);
				check_stable(&device, (unsigned)(first * 100 + second), tears);
			}
		}
	}
}
