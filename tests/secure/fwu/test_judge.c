/* SPDX-License-Identifier: Apache-2.0 */
/* psa_fwu_finish() and psa_fwu_install() judge as BL2 does. */
#include "bench.h"
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static struct bench bench;

static const struct {
	struct rig_image image;
	enum refusal refusal;
	psa_status_t status;
} refused[] = {
	{ { .image = 1, .major = 2, .counter = 2, .spoil_payload = true }, REFUSAL_HASH, PSA_ERROR_INVALID_SIGNATURE },
	{ { .image = 1, .major = 2, .counter = 2, .spoil_signature = true }, REFUSAL_SIGNATURE, PSA_ERROR_INVALID_SIGNATURE },
	{ { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_STRANGER }, REFUSAL_KEY_UNKNOWN, PSA_ERROR_INVALID_SIGNATURE },
	{ { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_SECURE }, REFUSAL_KEY_ROLE, PSA_ERROR_NOT_PERMITTED },
	{ { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_DEVELOPMENT }, REFUSAL_KEY_DEVELOPMENT, PSA_ERROR_NOT_PERMITTED },
	{ { .image = 1, .major = 2, .counter = 0 }, REFUSAL_COUNTER, PSA_ERROR_NOT_PERMITTED },
	{ { .image = 1, .major = 2, .no_counter = true }, REFUSAL_COUNTER_MISSING, PSA_ERROR_NOT_PERMITTED },
	{ { .image = 1, .major = 2, .counter = 2, .wrong_address = true }, REFUSAL_ADDRESS, PSA_ERROR_INVALID_ARGUMENT },
};

TEST(finish_refuses_what_bl2_refuses, CLAIM("fwu.finish.verifies"), ATTACK)
{
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		bench_init(&bench);
		CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
		CHECK_EQ(bench_write(&refused[i].image, 0, 256), PSA_SUCCESS);
		psa_status_t status = psa_fwu_finish(1);
		CHECK_THAT(status == refused[i].status, "case %zu: %d", i, (int)status);
		CHECK(bench.refusals == 1 && bench.refused == refused[i].refusal);
		for (unsigned reset = 0; reset < 2; reset++) {
			psa_fwu_component_info_t info = bench_info(1);
			CHECK_EQ(info.state, PSA_FWU_FAILED);
			CHECK_EQ(info.error, refused[i].status);
			CHECK_EQ(info.impl.refusal, refused[i].refusal);
			bench_restart(&bench);
		}
		CHECK_EQ(psa_fwu_install(), PSA_ERROR_BAD_STATE);
		bench_deinit(&bench);
	}
}

/* TFMV-9 (CVE-2025-53022): the update service trusted the length of a TLV. */
TEST(tfmv_9_no_length_in_the_image_is_trusted, CLAIM("fwu.finish.verifies"), ATTACK)
{
	static const uint16_t lengths[] = { 0, 1, 3, 31, 33, 0x7fff, 0xfffc, 0xffff };
	static uint8_t bytes[RIG_SLOT];
	const struct rig_image image = { .image = 1, .major = 2, .counter = 2, .boot_record = true };
	uint32_t size;
	(void)rig_image_build(&image, &size);
	uint32_t payload_end = RIG_HEADER + 2 * RIG_UNIT + 100;
	for (uint32_t at = payload_end; at + 2 <= size; at += 2) {
		for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
			bench_init(&bench);
			memcpy(bytes, rig_image_build(&image, &size), sizeof bytes);
			if (le16_load(bytes + at) == lengths[i]) {
				bench_deinit(&bench);
				continue;
			}
			le16_store(bytes + at, lengths[i]);
			CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
			for (uint32_t offset = 0; offset < size; offset += 512)
				CHECK_EQ(psa_fwu_write(1, offset, bytes + offset, size - offset < 512 ? size - offset : 512),
					 PSA_SUCCESS);
			CHECK(psa_fwu_finish(1) < 0);
			CHECK_EQ(bench_state(1), PSA_FWU_FAILED);
			bench_deinit(&bench);
		}
	}
}

/* Every header field pulled to its limits: refused, and the simulator ends the test at a read outside the slot. */
TEST(no_field_of_the_header_is_trusted, CLAIM("fwu.finish.verifies"), MALFORMED)
{
	static const uint32_t values[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffe0, 0xffffffff };
	static uint8_t bytes[RIG_SLOT];
	const struct rig_image image = { .image = 1, .major = 2, .counter = 2 };
	uint32_t size;
	for (uint32_t at = 0; at < 32; at += 4) {
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
			memcpy(bytes, rig_image_build(&image, &size), sizeof bytes);
			if (le32_load(bytes + at) == values[i])
				continue;
			le32_store(bytes + at, values[i]);
			bench_init(&bench);
			CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
			for (uint32_t offset = 0; offset < size; offset += 512)
				CHECK_EQ(psa_fwu_write(1, offset, bytes + offset, size - offset < 512 ? size - offset : 512),
					 PSA_SUCCESS);
			CHECK(psa_fwu_finish(1) < 0);
			bench_deinit(&bench);
		}
	}
}

TEST(install_judges_the_dependencies_of_the_whole_set, CLAIM("fwu.install.dependencies"), FUNCTIONAL)
{
	const struct rig_image secure = { .image = 0, .major = 2, .counter = 2 };
	const struct rig_image needy = { .image = 1, .major = 2, .counter = 2, .needs = 2 };
	bench_init(&bench);
	bench_stage(&needy);
	CHECK_EQ(psa_fwu_install(), PSA_ERROR_DEPENDENCY_NEEDED);
	CHECK_EQ(bench_state(1), PSA_FWU_CANDIDATE);
	CHECK_EQ(rig_state(&bench.rig).phase, JOURNAL_IDLE);
	bench_stage(&secure);
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	CHECK(bench_boot(&bench));
	CHECK(bench.rig.version[0] == 2 && bench.rig.version[1] == 2);
	bench_deinit(&bench);
}

/* An image that stays has dependencies, too. */
TEST(install_judges_what_the_running_images_need, CLAIM("fwu.install.dependencies"), FUNCTIONAL)
{
	bench_init(&bench);
	rig_flash(&bench.rig, false, &(struct rig_image) { .image = 0, .major = 3, .counter = 1, .needs = 2 });
	rig_flash(&bench.rig, false, &(struct rig_image) { .image = 1, .major = 2, .counter = 1 });
	CHECK(bench_boot(&bench));
	bench_stage(&(struct rig_image) { .image = 1, .major = 1, .counter = 1 });
	CHECK_EQ(psa_fwu_install(), PSA_ERROR_DEPENDENCY_NEEDED);
	CHECK_EQ(bench_state(1), PSA_FWU_CANDIDATE);
	bench_deinit(&bench);
}

/* The staged image is judged again: what was good at finish need not be good any more. */
TEST(install_notices_a_change_since_finish, CLAIM("fwu.install.judges_again"), ATTACK)
{
	bench_init(&bench);
	bench_reach(&bench, PSA_FWU_CANDIDATE);
	bench.rig.secondary[1].cells[RIG_HEADER + 40] ^= 1;
	CHECK_EQ(psa_fwu_install(), PSA_ERROR_INVALID_SIGNATURE);
	CHECK_EQ(bench_state(1), PSA_FWU_FAILED);
	CHECK_EQ(rig_state(&bench.rig).phase, JOURNAL_IDLE);
	bench_deinit(&bench);
}

/* Confirmed, but its counter not stored yet: it is a minimum all the same. */
TEST(the_confirmed_image_is_a_minimum_before_it_is_counted, CLAIM("fwu.counter.confirmed"), ATTACK)
{
	bench_init(&bench);
	bench_stage(&(struct rig_image) { .image = 1, .major = 2, .counter = 5 });
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	CHECK(bench_boot(&bench));
	CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
	CHECK_EQ(rig_counter(&bench.rig, 1), 1);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(bench_write(&(struct rig_image) { .image = 1, .major = 3, .counter = 4 }, 0, 512), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_finish(1), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(bench_info(1).impl.refusal, REFUSAL_COUNTER);
	bench_deinit(&bench);
}

TEST(what_cannot_be_read_says_nothing_about_the_image, CLAIM("fwu.finish.verifies"), FUNCTIONAL)
{
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(bench_write(&(struct rig_image) { .image = 1, .major = 2, .counter = 2 }, 0, 512), PSA_SUCCESS);
	sim_flash_fail(&bench.rig.secondary[1], SIM_FAULT_READ, 0, RIG_SLOT);
	CHECK_EQ(psa_fwu_finish(1), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(bench_state(1), PSA_FWU_WRITING);
	sim_flash_fail(&bench.rig.secondary[1], 0, 0, 0);
	sim_flash_fail(&bench.rig.otp, SIM_FAULT_READ, 0, OTP_SIZE);
	CHECK_EQ(psa_fwu_finish(1), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(bench_state(1), PSA_FWU_WRITING);
	sim_flash_fail(&bench.rig.otp, 0, 0, 0);
	CHECK_EQ(psa_fwu_finish(1), PSA_SUCCESS);
	bench_deinit(&bench);
}

TEST(every_refusal_has_a_status, CLAIM("fwu.finish.verifies"), PROPERTY)
{
	CHECK_EQ(fwu_status_of(REFUSAL_NONE), PSA_SUCCESS);
	for (unsigned code = REFUSAL_NONE + 1; code <= REFUSAL_COUNT; code++)
		CHECK_THAT(fwu_status_of((enum refusal)code) < 0, "refusal %u", code);
}
