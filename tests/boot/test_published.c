/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bugs that other boot loaders published, as regressions: `mcuboot_N` is issue N of mcu-tools/mcuboot, `wolfboot_N` of wolfSSL/wolfBoot.
 * docs/published_bugs.md lists all that were looked at, with what answers each and which do not apply.
 */
#include "rig.h"
#include <merlon/lib/le.h>
#include <merlon/lib/trailer.h>
#include <merlon/test.h>

static struct rig rig;

static void begin(void)
{
	rig_init(&rig, OTP_LIFECYCLE_SECURED);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		rig_flash(&rig, false, &(struct rig_image) { .image = i, .major = 2, .counter = 2 });
	CHECK_EQ(rig_boot(&rig), BOOT_START);
}

static void offer(uint8_t image, uint8_t major, uint32_t counter)
{
	rig_flash(&rig, true, &(struct rig_image) { .image = image, .major = major, .counter = counter });
}

static void check_runs(uint8_t secure, uint8_t nonsecure)
{
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	CHECK_THAT(rig.version[0] == secure && rig.version[1] == nonsecure, "%u and %u: %s", rig.version[0], rig.version[1],
		   rig.said);
}

/* The counter was burnt while the image was still on trial, and the way back was refused. Also #2282, #628. */
TEST(mcuboot_2549_the_counter_never_locks_the_way_back, CLAIM("boot.published"), FUNCTIONAL)
{
	begin();
	offer(0, 3, 9);
	offer(1, 3, 9);
	CHECK_EQ(rig_request(&rig, 3, false, 1), PSA_SUCCESS);
	check_runs(3, 3);
	CHECK(rig_counter(&rig, 0) == 2 && rig_counter(&rig, 1) == 2);
	check_runs(2, 2);
	check_runs(2, 2);
	rig_deinit(&rig);
}

/* Of two images one was swapped and the other refused. Also #1841, #1950, #2812, #849. */
TEST(mcuboot_954_a_set_is_installed_whole_or_not_at_all, CLAIM("boot.published"), ATTACK)
{
	for (uint8_t bad = 0; bad < IMAGE_COUNT; bad++) {
		begin();
		offer(!bad, 3, 3);
		rig_flash(&rig, true, &(struct rig_image) { .image = bad, .major = 3, .counter = 3, .spoil_signature = true });
		for (uint8_t i = 0; i < IMAGE_COUNT; i++)
			rig_pad(&rig, i, i == 0);
		check_runs(2, 2);
		check_runs(2, 2);
		rig_deinit(&rig);
	}
}

/* One read that failed had the candidate erased. Also #2385. */
TEST(mcuboot_1446_a_failed_read_deletes_no_image, CLAIM("boot.published"), PROPERTY)
{
	begin();
	offer(1, 3, 3);
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	sim_flash_fail(&rig.secondary[1], SIM_FAULT_READ, 0, 8);
	check_runs(2, 2);
	sim_flash_fail(&rig.secondary[1], 0, 0, 0);
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	check_runs(2, 3);
	rig_deinit(&rig);
}

/* An image that reaches into the trailer was installed and destroyed by it. Also #176, #494, #1225, #2283. */
TEST(mcuboot_1845_an_image_does_not_reach_the_trailer, CLAIM("boot.published"), MALFORMED)
{
	begin();
	offer(1, 3, 3);
	uint8_t *header = rig.secondary[1].cells;
	for (uint32_t size = RIG_SLOT - RIG_UNIT - RIG_HEADER - 8; size <= RIG_SLOT; size++) {
		le32_store(header + 12, size);
		CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
		check_runs(2, 2);
		CHECK_THAT(rig_said(&rig, "refused: SIZE (5)") || rig_said(&rig, "refused: TLV (7)"), "%u: %s", (unsigned)size,
			   rig.said);
	}
	rig_deinit(&rig);
}

/* Downgrade prevention was got round by a padded image, a permanent one, or a reset at the right time. Also #224, #2225. */
TEST(mcuboot_1708_no_way_to_an_older_counter, CLAIM("boot.published"), ATTACK)
{
	for (unsigned permanent = 0; permanent < 2; permanent++) {
		begin();
		offer(0, 1, 1);
		rig_pad(&rig, 0, permanent != 0);
		check_runs(2, 2);
		CHECK(rig_said(&rig, "image 0 refused: COUNTER (18)"));
		check_runs(2, 2);
		rig_deinit(&rig);
	}
	/* An older version with a counter that is not older is the maker's decision. */
	begin();
	offer(0, 1, 2);
	rig_pad(&rig, 0, true);
	check_runs(1, 2);
	rig_deinit(&rig);
}

/* A refused older image was tried again at every start. */
TEST(wolfboot_751_a_refused_update_is_answered_once, CLAIM("boot.published"), FUNCTIONAL)
{
	begin();
	offer(1, 1, 1);
	rig_pad(&rig, 1, false);
	check_runs(2, 2);
	CHECK(rig_said(&rig, "REFUSED_SET"));
	uint32_t before = rig.power.changes;
	check_runs(2, 2);
	CHECK(!rig_said(&rig, "REFUSED_SET") && rig.power.changes == before);
	rig_deinit(&rig);
}

/* The watchdog bit in a long swap or hash. Also #838, #2638; the hash loop: nrfconnect/sdk-mcuboot #740. */
TEST(mcuboot_480_the_watchdog_is_fed_in_every_loop, CLAIM("boot.published"), PROPERTY)
{
	begin();
	uint32_t before = rig.feeds;
	check_runs(2, 2);
	uint32_t idle = rig.feeds - before;
	CHECK(idle >= 4); /* both images hashed, one copied */
	offer(1, 3, 3);
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	before = rig.feeds;
	check_runs(2, 3);
	CHECK(rig.feeds - before >= idle + 2 * 2 * 3); /* three units, twice, each erased and copied */
	rig_deinit(&rig);
}
