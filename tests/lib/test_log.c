/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/log.h>
#include <merlon/sim/flash.h>
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
	struct sim_power power;
	struct sim_flash flash;
	struct log log;
	uint16_t count;    /* the client's state */
	uint16_t promised; /* what stands: appends that returned, and what was read and settled */
	bool seal, alive;
};

static void open_log(struct device *device)
{
	device->count = 0;
	psa_status_t status = log_open(&device->log, &device->flash.medium, &client, &device->count);
	CHECK_THAT(status == PSA_SUCCESS, "%s: %d", sim_power_where(&device->power), status);
	CHECK_THAT(device->count == device->promised || device->count == device->promised + 1, "%s: %u after %u",
		   sim_power_where(&device->power), device->count, device->promised);
}

static void count_on(struct device *device, unsigned more)
{
	CHECK(log_settle(&device->log) == PSA_SUCCESS);
	device->promised = device->count;
	for (unsigned i = 0; i < more; i++) {
		struct log_unit unit = { COUNT, device->count & LOG_ARGUMENT_MAX, (uint16_t)(device->count + 1) };
		CHECK(log_append(&device->log, &unit) == PSA_SUCCESS);
		device->promised = device->count;
		if (device->seal)
			CHECK(log_seal(&device->log) == PSA_SUCCESS);
	}
}

/* A blank log. What looks blank after a marginal tear and is not is refused by the flash, and the log takes another place. */
static void make(void *context)
{
	struct device *device = context;
	if (device->alive)
		sim_flash_deinit(&device->flash);
	sim_flash_init(&device->flash, &device->power, 2 * SMALL, SMALL, LOG_UNIT_SIZE);
	device->flash.strict = false;
	device->alive = true;
	device->promised = 0;
	open_log(device);
}

static void use(void *context)
{
	count_on(context, 100); /* over several rotations */
}

static void use_again(void *context)
{
	open_log(context);
	count_on(context, 5);
}

/* Whatever was read once is read for ever. */
static void check_stable(void *context, bool cut)
{
	struct device *device = context;
	(void)cut;
	open_log(device);
	count_on(device, 0);
	for (unsigned again = 0; again < 8; again++) {
		open_log(device);
		CHECK_THAT(device->count == device->promised, "%s: %u, then %u", sim_power_where(&device->power), device->promised,
			   device->count);
		count_on(device, 0);
	}
}

static void survives_cuts(bool seal)
{
	static struct device device;
	device = (struct device) { .seal = seal };
	sim_power_init(&device.power, 1);
	device.power.whole_readings = true;
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &device.power,
										   .context = &device,
										   .setup = make,
										   .body = use,
										   .recover = use_again,
										   .check = check_stable,
										   .pairs = 5000,
										   .marginal = true });
	CHECK(campaign.cuts > 500 && campaign.pairs > 1000);
	sim_flash_deinit(&device.flash);
}

TEST(survives_every_cut, CLAIM("lib.log.power-cut"), POWER_CUT)
{
	survives_cuts(false);
}

TEST(survives_every_cut_sealed, CLAIM("lib.log.power-cut"), POWER_CUT)
{
	survives_cuts(true);
}

static void check_idle(void *context, bool cut)
{
	struct device *device = context;
	(void)cut;
	open_log(device);
	CHECK(log_seal(&device->log) == PSA_SUCCESS);
	device->promised = device->count;
	uint32_t before = device->power.changes;
	open_log(device);
	CHECK(log_seal(&device->log) == PSA_SUCCESS);
	CHECK_THAT(device->power.changes == before, "%s: %u writes", sim_power_where(&device->power),
		   device->power.changes - before);
}

TEST(settled_log_is_not_written, CLAIM("lib.log.idle"), PROPERTY)
{
	static struct device device;
	device = (struct device) { .seal = true };
	sim_power_init(&device.power, 1);
	device.power.whole_readings = true;
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) {
		.power = &device.power, .context = &device, .setup = make, .body = use, .check = check_idle });
	CHECK(campaign.cuts > 500);
	sim_flash_deinit(&device.flash);
}
