/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: bounds, order, resume, and what they cost in erases. */
#include "bench.h"
#include <merlon/lib/service_wire.h>
#include <merlon/test.h>
#include <psa_manifest/sid.h>
#include <string.h>

static struct bench bench;

static const struct rig_image next = { .image = 1, .major = 2, .counter = 2 };

static psa_status_t raw_write(uint32_t component, uint32_t offset, const void *block, size_t size)
{
	struct fwu_request request = { component, offset };
	psa_invec in[] = { { &request, sizeof request }, { block, size } };
	return psa_call(FIRMWARE_UPDATE_HANDLE, FWU_CALL_WRITE, in, 2, NULL, 0);
}

/* TFMV-5 (CVE-2021-43619): a block larger than the buffer overflowed in the Secure world. */
TEST(tfmv_5_no_block_is_too_large, CLAIM("fwu.write.bounds"), ATTACK)
{
	static uint8_t block[70000];
	static const size_t sizes[] = {
		0, PSA_FWU_MAX_WRITE_SIZE + 1, PSA_FWU_MAX_WRITE_SIZE + 8, 2 * PSA_FWU_MAX_WRITE_SIZE, 65536, sizeof block
	};
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	uint32_t programs = bench.rig.secondary[1].programs;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		CHECK_EQ(raw_write(1, 0, block, sizes[i]), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(bench.rig.secondary[1].programs, programs);
	CHECK_EQ(bench_state(1), PSA_FWU_WRITING);
	bench_deinit(&bench);
}

TEST(no_block_lies_outside, CLAIM("fwu.write.bounds"), ATTACK)
{
	enum { LIMIT = RIG_SLOT - RIG_UNIT };
	static uint8_t block[PSA_FWU_MAX_WRITE_SIZE];
	static const struct {
		uint32_t offset;
		size_t size;
	} cases[] = {
		{ 1, 8 },
		{ 7, 8 },
		{ LIMIT, 1 },
		{ LIMIT - 8, 9 },
		{ LIMIT - 1024 + 8, 1024 },
		{ 0xfffffff8, 8 },
		{ 0xfffffc00, 1024 },
		{ 0x80000000, 8 },
		{ 0xfffffff0, 1000 },
		{ RIG_SLOT, 8 },
		{ RIG_SLOT - 8, 8 },
	};
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK_THAT(raw_write(1, cases[i].offset, block, cases[i].size) == PSA_ERROR_INVALID_ARGUMENT, "case %zu", i);
	CHECK_EQ(raw_write(1, LIMIT - 8, block, 8), PSA_SUCCESS);
	CHECK_EQ(raw_write(1, LIMIT - 1024, block, 1016), PSA_SUCCESS);
	CHECK_EQ(raw_write(257, 0, block, 8), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(psa_fwu_write(1, (size_t)1 << 32, block, 8), PSA_ERROR_INVALID_ARGUMENT);
	bench_deinit(&bench);
}

TEST(malformed_messages_are_refused, CLAIM("fwu.message.refused"), MALFORMED)
{
	static uint8_t data[64];
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	for (int32_t type = 0; type < 40; type++) {
		for (size_t in_size = 0; in_size < 20; in_size++) {
			for (size_t out_size = 0; out_size < 64; out_size += 4) {
				struct fwu_request request = { 9, 9 };
				psa_invec in[] = { { &request, in_size > sizeof request ? sizeof request : in_size },
						   { data, in_size } };
				psa_outvec out[] = { { data, out_size } };
				if (type == FWU_CALL_REBOOT || in_size == sizeof(psa_status_t))
					continue; /* these have an effect of their own */
				psa_status_t status = psa_call(FIRMWARE_UPDATE_HANDLE, type, in, 1 + in_size % 2, out, 1);
				CHECK_THAT(status < 0, "type %d, %zu, %zu", (int)type, in_size, out_size);
			}
		}
	}
	CHECK_EQ(bench_state(1), PSA_FWU_WRITING);
	bench_deinit(&bench);
}

/* Any size of blocks, any order, twice: the same image. */
TEST(blocks_come_in_any_size_and_order, CLAIM("fwu.write"), PROPERTY)
{
	uint32_t size;
	static uint8_t bytes[RIG_SLOT];
	memcpy(bytes, rig_image_build(&next, &size), sizeof bytes);
	for (uint32_t block = 8; block <= PSA_FWU_MAX_WRITE_SIZE; block += 8) {
		bench_init(&bench);
		CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
		uint32_t count = (size + block - 1) / block;
		for (uint32_t i = 0; i < 2 * count; i++) {
			uint32_t offset = (count - 1 - i % count) * block;
			CHECK_EQ(psa_fwu_write(1, offset, bytes + offset, size - offset < block ? size - offset : block),
				 PSA_SUCCESS);
		}
		CHECK_EQ(psa_fwu_finish(1), PSA_SUCCESS);
		bench_deinit(&bench);
	}
}

TEST(a_block_does_not_replace_another, CLAIM("fwu.write.bounds"), ATTACK)
{
	uint8_t block[16] = { 1, 2, 3 };
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_write(1, 8, block, 16), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_write(1, 8, block, 16), PSA_SUCCESS);
	block[9] = 1;
	CHECK_EQ(psa_fwu_write(1, 8, block, 16), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(bench_state(1), PSA_FWU_WRITING);
	bench_deinit(&bench);
}

/* The last block may have any size. */
TEST(an_odd_end_is_padded, CLAIM("fwu.write"), FUNCTIONAL)
{
	const uint8_t block[5] = { 1, 2, 3, 4, 5 };
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_write(1, 16, block, sizeof block), PSA_SUCCESS);
	CHECK(memcmp(bench.rig.secondary[1].cells + 16, "\1\2\3\4\5\xff\xff\xff", 8) == 0);
	bench_deinit(&bench);
}

TEST(a_transfer_resumes_at_the_last_full_sector, CLAIM("fwu.resume"), FUNCTIONAL)
{
	static uint8_t bytes[RIG_SLOT];
	uint32_t size;
	memcpy(bytes, rig_image_build(&next, &size), sizeof bytes);
	for (uint32_t reached = 0; reached < size; reached += 8) {
		bench_init(&bench);
		CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
		for (uint32_t offset = 0; offset < reached; offset += 8)
			CHECK_EQ(psa_fwu_write(1, offset, bytes + offset, 8), PSA_SUCCESS);
		bench_restart(&bench);
		psa_fwu_component_info_t info = bench_info(1);
		CHECK_EQ(info.state, PSA_FWU_WRITING);
		CHECK_EQ(info.impl.resume_offset, reached / RIG_UNIT * RIG_UNIT);
		CHECK_EQ(bench_write(&next, info.impl.resume_offset, 72), PSA_SUCCESS);
		CHECK_EQ(psa_fwu_finish(1), PSA_SUCCESS);
		bench_deinit(&bench);
	}
}

/* A client that starts over without asking finds its own data there. */
TEST(a_transfer_may_start_over_from_the_beginning, CLAIM("fwu.resume"), FUNCTIONAL)
{
	bench_init(&bench);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(bench_write(&next, 0, 1024), PSA_SUCCESS);
	bench_restart(&bench);
	CHECK_EQ(bench_write(&next, 0, 256), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_finish(1), PSA_SUCCESS);
	bench_deinit(&bench);
}

/* No call keeps the device busy for long: two sectors at the start, then at most those that the block reaches, and one of the log. */
TEST(erases_are_spread, CLAIM("fwu.write.erases"), PROPERTY)
{
	static uint8_t bytes[RIG_SLOT];
	uint32_t size, erases, slot_erases;
	memcpy(bytes, rig_image_build(&next, &size), sizeof bytes);
	bench_init(&bench);
	erases = bench.rig.secondary[1].erases;
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(bench.rig.secondary[1].erases - erases, 2);
	for (uint32_t offset = 0; offset < size; offset += 64) {
		erases = bench.rig.secondary[1].erases + bench.state.erases;
		CHECK_EQ(psa_fwu_write(1, offset, bytes + offset, size - offset < 64 ? size - offset : 64), PSA_SUCCESS);
		CHECK(bench.rig.secondary[1].erases + bench.state.erases - erases <= 2);
	}
	slot_erases = bench.rig.secondary[1].erases;
	CHECK_EQ(psa_fwu_finish(1), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	CHECK_EQ(bench.rig.secondary[1].erases, slot_erases);
	bench_deinit(&bench);
}

/* Neither the rest of an older image nor an older request survives psa_fwu_start(). */
TEST(start_forgets_what_was_there, CLAIM("fwu.start.clean"), ATTACK)
{
	bench_init(&bench);
	rig_flash(&bench.rig, true, &next);
	rig_pad(&bench.rig, 1, false);
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_fwu_finish(1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(bench_info(1).impl.refusal, REFUSAL_EMPTY);
	CHECK(bench_boot(&bench));
	CHECK_EQ(bench.rig.version[1], 1);
	CHECK(!rig_said(&bench.rig, "refused"));
	bench_deinit(&bench);
}
