/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator is what all power-cut tests stand on: its rules, its tears and its campaign are tested first. */
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 64, UNIT = 8, SECTORS = 4, SIZE = SECTORS * SECTOR };

static struct sim_power power;
static struct sim_flash flash;

static void fresh(void)
{
	sim_flash_deinit(&flash);
	sim_power_init(&power, 1);
	sim_flash_init(&flash, &power, SIZE, SECTOR, UNIT);
}

TEST(a_breach_of_nor_rules_is_refused_and_counted, CLAIM("sim.flash.rules"), FUNCTIONAL)
{
	static const uint8_t ones[UNIT] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, data[2 * UNIT] = { 1 };
	fresh();
	flash.strict = false;
	CHECK_EQ(medium_program(&flash.medium, UNIT, ones, UNIT), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, UNIT, data, UNIT), PSA_ERROR_NOT_PERMITTED); /* also after all ones */
	CHECK_EQ(medium_program(&flash.medium, 0, data, 2 * UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK(mem_is_filled(flash.cells, 0xff, SIZE)); /* a refused call changes nothing, not even its first unit */
	CHECK_EQ(medium_erase(&flash.medium, 0, SECTOR), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, UNIT, data, UNIT), PSA_SUCCESS);
	CHECK_EQ(flash.breaches, 2);
	CHECK_EQ(medium_program(&flash.medium, 1, data, UNIT), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_erase(&flash.medium, UNIT, SECTOR), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(medium_read(&flash.medium, SIZE, &(uint8_t) { 0 }, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(sim_flash_wear(&flash), 1);
}

TEST(otp_bits_go_one_way, CLAIM("sim.otp.rules"), FUNCTIONAL)
{
	struct sim_flash otp;
	uint8_t found[4];
	sim_power_init(&power, 1);
	sim_otp_init(&otp, &power, 64, 4);
	otp.strict = false;
	CHECK_EQ(medium_program(&otp.medium, 0, "\x7f\xff\xff\xff", 4), PSA_SUCCESS);
	CHECK_EQ(medium_program(&otp.medium, 0, "\x3f\xff\xff\xff", 4), PSA_SUCCESS);
	CHECK_EQ(medium_program(&otp.medium, 0, "\x7f\xff\xff\xff", 4), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_erase(&otp.medium, 0, 64), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(medium_read(&otp.medium, 0, found, 4), PSA_SUCCESS);
	CHECK_EQ(found[0], 0x3f);
	CHECK_EQ(otp.breaches, 1);
	sim_flash_deinit(&otp);
}

static void program_two_units(void *context)
{
	uint8_t data[2 * UNIT] = { 0 };
	(void)context;
	(void)medium_program(&flash.medium, 0, data, sizeof data);
}

static void erase_first_sector(void *context)
{
	(void)context;
	(void)medium_erase(&flash.medium, 0, SECTOR);
}

TEST(each_tear_leaves_what_its_name_says, CLAIM("sim.power.tears"), FUNCTIONAL)
{
	static const unsigned programmed[] = {
		[SIM_TEAR_BEFORE] = 0, [SIM_TEAR_HALFWAY] = UNIT + UNIT / 2, [SIM_TEAR_AFTER] = 2 * UNIT
	};
	for (enum sim_tear tear = SIM_TEAR_BEFORE; tear <= SIM_TEAR_AFTER; tear++) {
		fresh();
		sim_power_cut(&power, 0, tear);
		CHECK(sim_power_run(&power, program_two_units, NULL));
		CHECK_THAT(mem_is_filled(flash.cells, 0, programmed[tear]), "tear %d", tear);
		CHECK_THAT(mem_is_filled(flash.cells + programmed[tear], 0xff, SIZE - programmed[tear]), "tear %d", tear);
	}
	fresh();
	program_two_units(NULL);
	sim_power_cut(&power, 0, SIM_TEAR_HALFWAY);
	CHECK(sim_power_run(&power, erase_first_sector, NULL));
	CHECK(mem_is_filled(flash.cells, 0xff, SIZE)); /* what was programmed lay in the half that was erased */
}

TEST(marginal_bits_read_differently_until_erased, CLAIM("sim.power.tears"), FUNCTIONAL)
{
	unsigned differences = 0;
	fresh();
	sim_power_cut(&power, 0, SIM_TEAR_MARGINAL);
	CHECK(sim_power_run(&power, program_two_units, NULL));
	for (int i = 0; i < 16; i++) {
		uint8_t first[2 * UNIT], second[2 * UNIT];
		CHECK_EQ(medium_read(&flash.medium, 0, first, sizeof first), PSA_SUCCESS);
		CHECK_EQ(medium_read(&flash.medium, 0, second, sizeof second), PSA_SUCCESS);
		differences += memcmp(first, second, sizeof first) != 0;
	}
	CHECK(differences > 8);
	CHECK_EQ(medium_erase(&flash.medium, 0, SECTOR), PSA_SUCCESS);
	uint8_t after[SECTOR];
	CHECK_EQ(medium_read(&flash.medium, 0, after, sizeof after), PSA_SUCCESS);
	CHECK(mem_is_filled(after, 0xff, sizeof after));
}

static void program_one_bit(void *context)
{
	(void)context;
	(void)medium_program(&flash.medium, 0, "\xfe\xff\xff\xff\xff\xff\xff\xff", UNIT);
}

TEST(a_unit_that_was_begun_is_not_programmed_though_it_may_read_as_blank, CLAIM("sim.flash.rules"), FUNCTIONAL)
{
	fresh();
	sim_power_cut(&power, 0, SIM_TEAR_MARGINAL);
	CHECK(sim_power_run(&power, program_one_bit, NULL));
	flash.strict = false;
	CHECK_EQ(medium_program(&flash.medium, 0, "12345678", UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(medium_erase(&flash.medium, 0, SECTOR), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, 0, "12345678", UNIT), PSA_SUCCESS);
}

/* A record in two copies, so weak that a campaign must find it out: the check only sees that one of them is whole. */
struct copies {
	bool in_place; /* the mistake: both copies are erased before one is written */
	unsigned lost;
};

static void write_copy(uint32_t sector, uint32_t value)
{
	uint8_t unit[UNIT];
	le32_store(unit, value);
	le32_store(unit + 4, ~value);
	(void)medium_erase(&flash.medium, sector * SECTOR, SECTOR);
	(void)medium_program(&flash.medium, sector * SECTOR, unit, sizeof unit);
}

static bool is_whole(uint32_t sector)
{
	uint8_t unit[UNIT];
	return medium_read(&flash.medium, sector * SECTOR, unit, sizeof unit) == PSA_SUCCESS &&
	       le32_load(unit) == ~le32_load(unit + 4);
}

static void set_up(void *context)
{
	(void)context;
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, &power, SIZE, SECTOR, UNIT);
	write_copy(0, 1);
	write_copy(1, 1);
}

static void update(void *context)
{
	const struct copies *copies = context;
	if (copies->in_place)
		(void)medium_erase(&flash.medium, 0, 2 * SECTOR);
	write_copy(0, 2);
	write_copy(1, 2);
}

static void recover(void *context)
{
	(void)context;
	if (!is_whole(0))
		write_copy(0, 1);
}

static void check(void *context, bool cut)
{
	struct copies *copies = context;
	(void)cut;
	copies->lost += !is_whole(0) && !is_whole(1);
	if (!copies->in_place)
		CHECK_THAT(is_whole(0) || is_whole(1), "%s", sim_power_where(&power));
}

TEST(a_campaign_cuts_every_change_in_every_tear, CLAIM("sim.power.campaign"), POWER_CUT)
{
	struct copies copies = { .in_place = false };
	sim_power_init(&power, 1);
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &power,
										   .context = &copies,
										   .setup = set_up,
										   .body = update,
										   .recover = recover,
										   .check = check,
										   .pairs = 40 });
	CHECK_EQ(campaign.changes, 4);
	CHECK_EQ(campaign.cuts, 4 * SIM_TEAR_MARGINAL);
	CHECK(campaign.pairs > 0);
}

static void recover_nothing(void *context)
{
	(void)context;
}

TEST(a_campaign_finds_a_store_that_a_cut_destroys, CLAIM("sim.power.campaign"), POWER_CUT)
{
	struct copies copies = { .in_place = true };
	sim_power_init(&power, 1);
	sim_cut_everywhere(&(struct sim_scenario) {
		.power = &power, .context = &copies, .setup = set_up, .body = update, .recover = recover_nothing, .check = check });
	CHECK(copies.lost > 0);
}

TEST(faults_hit_their_range_only, CLAIM("sim.flash.faults"), FUNCTIONAL)
{
	uint8_t byte;
	fresh();
	sim_flash_fail(&flash, SIM_FAULT_READ | SIM_FAULT_PROGRAM | SIM_FAULT_ERASE, SECTOR, UNIT);
	CHECK_EQ(medium_read(&flash.medium, SECTOR - 1, &byte, 1), PSA_SUCCESS);
	CHECK_EQ(medium_read(&flash.medium, SECTOR, &byte, 1), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(medium_read(&flash.medium, SECTOR + UNIT, &byte, 1), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, SECTOR, "12345678", UNIT), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(medium_erase(&flash.medium, SECTOR, SECTOR), PSA_ERROR_STORAGE_FAILURE);
	sim_flash_fail(&flash, 0, 0, 0);
	CHECK_EQ(medium_erase(&flash.medium, SECTOR, SECTOR), PSA_SUCCESS);
}

TEST(one_read_is_odd_and_no_other, CLAIM("sim.flash.faults"), FUNCTIONAL)
{
	uint8_t bytes[UNIT];
	fresh();
	CHECK_EQ(medium_program(&flash.medium, 0, "12345678", UNIT), PSA_SUCCESS);
	for (unsigned odd = SIM_ODD_NONE; odd <= SIM_ODD_FLIPS; odd++) {
		sim_flash_odd_read(&flash, (enum sim_odd)odd, 2);
		for (unsigned i = 0; i < 5; i++) {
			psa_status_t status = medium_read(&flash.medium, 0, bytes, sizeof bytes);
			CHECK_EQ(status, i == 2 && odd == SIM_ODD_FAILS ? PSA_ERROR_STORAGE_FAILURE : PSA_SUCCESS);
			if (status == PSA_SUCCESS)
				CHECK_EQ(memcmp(bytes, "12345678", sizeof bytes) != 0, i == 2 && odd == SIM_ODD_FLIPS);
		}
	}
}

TEST(a_file_keeps_what_was_written, CLAIM("sim.flash.file"), FUNCTIONAL)
{
	char path[] = "/tmp/merlon-sim-XXXXXX";
	int file = mkstemp(path);
	CHECK(file >= 0);
	close(file);
	unlink(path);
	fresh();
	CHECK_EQ(sim_flash_map(&flash, path, false), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(sim_flash_map(&flash, path, true), PSA_SUCCESS);
	CHECK_EQ(medium_program(&flash.medium, 0, "12345678", UNIT), PSA_SUCCESS);
	fresh();
	CHECK_EQ(sim_flash_map(&flash, path, false), PSA_SUCCESS);
	CHECK_EQ(memcmp(flash.cells, "12345678", UNIT), 0);
	CHECK_EQ(medium_program(&flash.medium, 0, "12345678", UNIT), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(truncate(path, SIZE - 1), 0);
	fresh();
	CHECK_EQ(sim_flash_map(&flash, path, false), PSA_ERROR_INVALID_ARGUMENT);
	unlink(path);
}
