/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include <merlon/lib/service_wire.h>
#include <merlon/test.h>
#include <psa_manifest/sid.h>
#include <string.h>

static struct bench *current;

static void accepted(void)
{
	current->accepted++;
}

static void refused(uint8_t component, const struct image_verdict *verdict)
{
	(void)component;
	current->refused = verdict->refusal;
	current->refusals++;
}

static void reboot(void)
{
	current->reboots++;
}

void bench_restart(struct bench *bench)
{
	current = bench;
	spm_client = CLIENT;
	spm_fail(PSA_SUCCESS);
	spm_register(FIRMWARE_UPDATE_HANDLE, firmware_update_sfn, 257);
	fwu_configure(&bench->config);
	CHECK_EQ(fwu_init(), PSA_SUCCESS);
}

void bench_init(struct bench *bench)
{
	struct rig *rig = &bench->rig;
	memset(bench, 0, sizeof *bench);
	rig_init(rig, OTP_LIFECYCLE_SECURED);
	sim_flash_init(&bench->state, &rig->power, 2 * BENCH_LOG_HALF, BENCH_LOG_HALF, 8);
	bench->config = (struct fwu_config) {
		.primary = { &rig->primary[0].medium, &rig->primary[1].medium },
		.secondary = { &rig->secondary[0].medium, &rig->secondary[1].medium },
		.journal = &rig->journal.medium,
		.state = &bench->state.medium,
		.otp = &rig->otp.medium,
		.crypto = &rig->crypto,
		.run_address = { RIG_RUN_SECURE, RIG_RUN_NONSECURE },
		.candidate_address = { RIG_RUN_SECURE, RIG_RUN_NONSECURE },
		.slot_size = RIG_SLOT,
		.attempts = 1,
		.accepted = accepted,
		.reboot = reboot,
		.refused = refused,
	};
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		rig_flash(rig, false, &(struct rig_image) { .image = i, .major = 1, .counter = 1 });
	CHECK(bench_boot(bench));
}

void bench_deinit(struct bench *bench)
{
	rig_deinit(&bench->rig);
	sim_flash_deinit(&bench->state);
}

void bench_copy(struct bench *to, const struct bench *from)
{
	rig_copy(&to->rig, &from->rig);
	sim_flash_copy(&to->state, &from->state);
	bench_restart(to);
}

bool bench_boot(struct bench *bench)
{
	if (rig_boot(&bench->rig) != BOOT_START)
		return false;
	bench_restart(bench);
	return true;
}

psa_fwu_component_info_t bench_info(uint8_t component)
{
	psa_fwu_component_info_t info;
	psa_status_t status = psa_fwu_query(component, &info);
	CHECK_THAT(status == PSA_SUCCESS, "%d: %s", (int)status, sim_power_where(&current->rig.power));
	return info;
}

uint8_t bench_state(uint8_t component)
{
	return bench_info(component).state;
}

psa_status_t bench_write(const struct rig_image *image, uint32_t offset, uint32_t block)
{
	static uint8_t bytes[RIG_SLOT];
	uint32_t size;
	psa_status_t status = PSA_SUCCESS;
	memcpy(bytes, rig_image_build(image, &size), sizeof bytes);
	for (uint32_t piece; offset < size && status == PSA_SUCCESS; offset += piece) {
		piece = size - offset < block ? size - offset : block;
		status = psa_fwu_write(image->image, offset, bytes + offset, piece);
	}
	return status;
}

void bench_stage(const struct rig_image *image)
{
	CHECK_EQ(psa_fwu_start(image->image, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(bench_write(image, 0, 200), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_finish(image->image), PSA_SUCCESS);
}

void bench_reach(struct bench *bench, uint8_t state)
{
	const struct rig_image image = { .image = 1, .major = 2, .counter = 2 };
	if (state == PSA_FWU_READY)
		return;
	if (state == PSA_FWU_WRITING || state == PSA_FWU_FAILED) {
		CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
		CHECK_EQ(bench_write(&image, 0, PSA_FWU_MAX_WRITE_SIZE), PSA_SUCCESS);
		if (state == PSA_FWU_FAILED)
			CHECK_EQ(psa_fwu_cancel(1), PSA_SUCCESS);
		return;
	}
	bench_stage(&image);
	if (state == PSA_FWU_CANDIDATE)
		return;
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	if (state == PSA_FWU_STAGED)
		return;
	CHECK(bench_boot(bench));
	if (state == PSA_FWU_UPDATED)
		CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
	if (state == PSA_FWU_REJECTED)
		CHECK_EQ(psa_fwu_reject(-1234), PSA_SUCCESS_REBOOT);
}
