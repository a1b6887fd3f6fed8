/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/epoch.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <string.h>

static struct sim_power power;
static struct sim_flash requests, otp;

static void begin(void)
{
	sim_flash_deinit(&requests);
	sim_flash_deinit(&otp);
	sim_power_init(&power, 1);
	sim_flash_init(&requests, &power, 8192, 4096, 8);
	sim_otp_init(&otp, &power, OTP_SIZE, OTP_WRITE_SIZE);
}

static uint32_t advance(void)
{
	uint32_t epoch;
	CHECK_EQ(epoch_advance(&requests.medium, &otp.medium, &epoch), PSA_SUCCESS);
	return epoch;
}

/* All of one-time memory's epochs, one after the other; a start without a request takes none. */
TEST(rises_by_one_when_asked, CLAIM("ps.epoch_wear"), FUNCTIONAL)
{
	uint32_t epoch;
	begin();
	CHECK_EQ(advance(), 0);
	for (uint32_t i = 1; i <= EPOCH_MAX; i++) {
		CHECK_EQ(epoch_request(&requests.medium, i), PSA_SUCCESS);
		CHECK_EQ(epoch_request(&requests.medium, i), PSA_SUCCESS);
		CHECK_EQ(advance(), i);
		CHECK_EQ(advance(), i);
	}
	CHECK_EQ(epoch_request(&requests.medium, EPOCH_MAX + 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(epoch_get(&otp.medium, &epoch), PSA_SUCCESS);
	CHECK_EQ(epoch, EPOCH_MAX);
	/* Nothing beside the epochs was touched. */
	for (uint32_t at = 0; at < OTP_SIZE; at++)
		CHECK_EQ(otp.cells[at], at >= EPOCH_OTP_OFFSET && at < EPOCH_OTP_OFFSET + EPOCH_OTP_SIZE ? 0 : 0xff);
	CHECK_EQ(otp.programs, EPOCH_MAX);
}

/* Requests are in flash that a thief can write: he gets no more than one bit for each start and each writing. */
TEST(a_request_far_ahead_is_none, CLAIM("ps.epoch_wear"), ATTACK)
{
	begin();
	CHECK_EQ(epoch_request(&requests.medium, 3), PSA_SUCCESS);
	CHECK_EQ(advance(), 0);
	CHECK_EQ(epoch_request(&requests.medium, EPOCH_MAX), PSA_SUCCESS);
	CHECK_EQ(advance(), 0);
	memset(requests.cells, 0x5a, 8192);
	memset(requests.cells + 4096, 0x00, 4096);
	requests.strict = false;
	CHECK_EQ(advance(), 0);
	/* And Protected Storage is not stopped by nonsense there. */
	CHECK_EQ(epoch_request(&requests.medium, 1), PSA_SUCCESS);
	CHECK_EQ(advance(), 1);
}

/* A bit that fell by itself behind the present place is no epoch until the count comes to it. */
TEST(a_fallen_bit_is_no_epoch, CLAIM("ps.epoch"), MALFORMED)
{
	begin();
	otp.cells[EPOCH_OTP_OFFSET + 1] = 0xfe; /* bit 8 */
	for (uint32_t i = 1; i <= 8; i++) {
		CHECK_EQ(advance(), i - 1);
		CHECK_EQ(epoch_request(&requests.medium, i), PSA_SUCCESS);
	}
	uint32_t epoch;
	CHECK_EQ(epoch_advance(&requests.medium, &otp.medium, &epoch), PSA_SUCCESS);
	CHECK_EQ(epoch_get(&otp.medium, &epoch), PSA_SUCCESS);
	CHECK_EQ(epoch, 9);
}

static void setup(void *context)
{
	(void)context;
	begin();
	for (uint32_t i = 1; i <= 3; i++) {
		CHECK_EQ(epoch_request(&requests.medium, i), PSA_SUCCESS);
		CHECK_EQ(advance(), i);
	}
	power.whole_readings = true;
	requests.strict = false;
}

static void body(void *context)
{
	(void)context;
	if (epoch_request(&requests.medium, 4) == PSA_SUCCESS)
		(void)advance();
}

static void check(void *context, bool cut)
{
	uint32_t epoch = advance();
	(void)context, (void)cut;
	CHECK_THAT(epoch == 3 || epoch == 4, "epoch %u, %s", epoch, sim_power_where(&power));
	CHECK_EQ(epoch_request(&requests.medium, 4), PSA_SUCCESS);
	epoch = advance();
	CHECK_THAT(epoch == 3 || epoch == 4 || epoch == 5, "epoch %u, %s", epoch, sim_power_where(&power));
}

TEST(a_cut_loses_no_epoch, CLAIM("ps.epoch"), POWER_CUT)
{
	struct sim_campaign campaign = sim_cut_everywhere(
		&(struct sim_scenario) { .power = &power, .setup = setup, .body = body, .check = check, .marginal = true });
	CHECK(campaign.cuts > 0);
}
