/* SPDX-License-Identifier: Apache-2.0 */
/* The flash partition behind the partition manager, called by a partition of which the test chooses who it is. */
#include "access.h"
#include <merlon/board/flash_map.h>
#include <merlon/lib/medium.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/sim/flash.h>
#include <merlon/spm/spm.h>
#include <merlon/test.h>
#include <psa/client.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <string.h>

enum { CALLER_HANDLE = SPM_STATELESS_FLAG | 1, CALLER_SID = 0x7000, SECTOR = BOARD_FLASH_ERASE_SIZE };

/* The service of the calling partition: it runs what the test left here. */
static struct {
	enum merlon_flash_call call;
	enum merlon_flash_area area;
	uint32_t offset;
	uint8_t *data;
	size_t size;
} order;

static psa_status_t caller_sfn(const psa_msg_t *msg)
{
	const struct medium *medium = merlon_flash_area(order.area);
	(void)msg;
	switch (order.call) {
	case MERLON_FLASH_READ:
		return medium_read(medium, order.offset, order.data, order.size);
	case MERLON_FLASH_PROGRAM:
		return medium_program(medium, order.offset, order.data, order.size);
	default:
		return medium_erase(medium, order.offset, order.size);
	}
}

struct spm spm;
static struct spm_partition partitions[] = {
	{ .name = "SP_FLASH", .id = SP_FLASH, .init = flash_init },
	{ .name = "SP_CALLER", .dependencies = 1 },
};
static const struct spm_service services[] = {
	{ .function = flash_sfn, .sid = FLASH_SID, .version = 1, .partition = 0, .strict = true },
	{ .function = caller_sfn, .sid = CALLER_SID, .version = 1, .partition = 1, .strict = true, .nonsecure = true },
};
static uint8_t stateless[SPM_SERVICES_MAX + 1];
const struct spm_table spm_table = {
	.partitions = partitions, .services = services, .stateless = stateless, .partition_count = 2, .service_count = 2
};

static struct sim_flash flash;

static void begin(int32_t caller)
{
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	memset(stateless, 0xff, sizeof stateless);
	stateless[FLASH_HANDLE & ~SPM_STATELESS_FLAG] = 0;
	stateless[CALLER_HANDLE & ~SPM_STATELESS_FLAG] = 1;
	partitions[1].id = caller;
	memset(&spm, 0, sizeof spm);
	flash_configure(&flash.medium);
	CHECK_EQ(spm_start(), PSA_SUCCESS);
}

static psa_status_t run(enum merlon_flash_call call, enum merlon_flash_area area, uint32_t offset, void *data, size_t size)
{
	order.call = call;
	order.area = area;
	order.offset = offset;
	order.data = data;
	order.size = size;
	return psa_call(CALLER_HANDLE, 0, NULL, 0, NULL, 0);
}

TEST(an_area_is_a_medium, CLAIM("flash.area"), FUNCTIONAL)
{
	static uint8_t written[3 * SECTOR], read[3 * SECTOR];
	begin(SP_ITS);
	for (size_t i = 0; i < sizeof written; i++)
		written[i] = (uint8_t)(i * 7 + i / 256);
	CHECK_EQ(run(MERLON_FLASH_ERASE, MERLON_FLASH_ITS, SECTOR, NULL, 3 * SECTOR), PSA_SUCCESS);
	CHECK_EQ(run(MERLON_FLASH_PROGRAM, MERLON_FLASH_ITS, SECTOR, written, sizeof written), PSA_SUCCESS);
	CHECK(memcmp(flash.cells + BOARD_FLASH_ITS_OFFSET + SECTOR, written, sizeof written) == 0);
	CHECK_EQ(run(MERLON_FLASH_READ, MERLON_FLASH_ITS, SECTOR + 3, read, 1000), PSA_SUCCESS);
	CHECK(memcmp(read, written + 3, 1000) == 0);
	CHECK_EQ(run(MERLON_FLASH_READ, MERLON_FLASH_ITS, BOARD_FLASH_ITS_SIZE - 1, read, 2), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(flash.sector_erases[BOARD_FLASH_ITS_OFFSET / SECTOR], 0);
	CHECK(merlon_flash_area(MERLON_FLASH_AREA_COUNT) == NULL);
}

/* One letter per client, area and right: who may do what. Written from the design, not from the table under test. */
TEST(each_client_has_its_areas_and_no_other, CLAIM("flash.access"), PROPERTY)
{
	static const struct {
		int32_t client;
		const char *rights[MERLON_FLASH_AREA_COUNT];
	} expected[] = {
		/*          s_pri  ns_pri s_sec  ns_sec jrnl   state  its    fact   audit  epoch  ps     staging */
		{ SP_FLASH, { "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---" } },
		{ SP_ITS, { "---", "---", "---", "---", "---", "---", "rpe", "---", "---", "---", "---", "---" } },
		{ SP_AUDIT, { "---", "---", "---", "---", "---", "---", "---", "---", "rpe", "---", "---", "---" } },
		{ SP_PS, { "---", "---", "---", "---", "---", "---", "---", "---", "---", "rpe", "rpe", "---" } },
		{ SP_CRYPTO, { "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---" } },
		{ SP_FWU, { "r--", "r--", "rpe", "rpe", "rpe", "rpe", "---", "---", "---", "---", "---", "---" } },
		{ SP_PLATFORM, { "r--", "r--", "---", "---", "---", "---", "---", "r--", "---", "---", "---", "---" } },
		{ -1, { "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---" } },
		{ 0x12345, { "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---" } },
	};
	for (size_t c = 0; c < sizeof expected / sizeof expected[0]; c++)
		for (uint32_t area = 0; area < MERLON_FLASH_AREA_COUNT; area++)
			for (unsigned right = 0; right < 3; right++)
				for (uint32_t offset = 0; offset < flash_areas[area].size - SECTOR; offset += SECTOR)
					CHECK_THAT(flash_may(expected[c].client, (enum flash_right)(1u << right), area, offset,
							     SECTOR) == (expected[c].rights[area][right] != '-'),
						   "client %zu area %u right %u offset 0x%x", c, area, right, offset);
	/* The one exception: image_ok in the trailers of the running slots. */
	for (uint32_t area = MERLON_FLASH_S_PRIMARY; area <= MERLON_FLASH_NS_PRIMARY; area++) {
		CHECK(flash_may(SP_FWU, FLASH_PROGRAM, area, BOARD_SLOT_SIZE - 24, 8));
		CHECK(!flash_may(SP_FWU, FLASH_PROGRAM, area, BOARD_SLOT_SIZE - SECTOR - 8, 16));
		CHECK(!flash_may(SP_FWU, FLASH_ERASE, area, BOARD_SLOT_SIZE - SECTOR, SECTOR));
	}
}

/* The one right over a running slot that there is, and that the lock leaves. */
TEST(the_trailer_of_what_runs_stays_open, CLAIM("flash.access"), FUNCTIONAL)
{
	uint8_t unit[8] = { 0 };
	begin(SP_FWU);
	CHECK_EQ(run(MERLON_FLASH_PROGRAM, MERLON_FLASH_S_PRIMARY, BOARD_SLOT_SIZE - 24, unit, 8), PSA_SUCCESS);
	CHECK_EQ(flash.cells[BOARD_FLASH_S_PRIMARY_OFFSET + BOARD_SLOT_SIZE - 24], 0);
}

TEST(refuses_what_is_outside_or_forbidden, CLAIM("flash.access"), ATTACK)
{
	static uint8_t data[SECTOR];
	begin(SP_ITS);
	for (uint32_t area = 0; area < MERLON_FLASH_AREA_COUNT; area++) {
		psa_status_t wanted = area == MERLON_FLASH_ITS ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
		CHECK_EQ(run(MERLON_FLASH_READ, area, 0, data, 16), wanted);
		CHECK_EQ(run(MERLON_FLASH_PROGRAM, area, 0, data, 16), wanted);
		CHECK_EQ(run(MERLON_FLASH_ERASE, area, 0, NULL, SECTOR), wanted);
	}
	for (uint32_t area = 0; area < MERLON_FLASH_AREA_COUNT + 2u; area++) {
		CHECK(!flash_may(SP_ITS, FLASH_READ, area, UINT32_MAX, 2));
		CHECK(!flash_may(SP_ITS, FLASH_READ, area, 8, UINT32_MAX));
		CHECK(!flash_may(SP_ITS, FLASH_ERASE, area, BOARD_FLASH_ITS_SIZE, SECTOR));
	}
}

/* The Non-secure world does not reach the service at all. */
TEST(refuses_nonsecure_clients, CLAIM("isolation.flash_owner"), ATTACK)
{
	struct merlon_flash_request request = { MERLON_FLASH_ITS, 0, SECTOR };
	psa_invec in = { &request, sizeof request };
	begin(SP_ITS);
	CHECK_EQ(psa_version(FLASH_SID), PSA_VERSION_NONE);
	for (int32_t type = MERLON_FLASH_READ; type <= MERLON_FLASH_ERASE; type++)
		CHECK_EQ(psa_call(FLASH_HANDLE, type, &in, 1, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	CHECK_EQ(flash.erases, 0);
}
