/* SPDX-License-Identifier: Apache-2.0 */
/* psa_its_*() as a client sees it: through the partition manager, ITS and the flash partition, down to simulated flash. */
#include <merlon/board/flash_map.h>
#include <merlon/flash.h>
#include <merlon/its_call.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/secure_its/its.h>
#include <merlon/sim/flash.h>
#include <merlon/spm/spm.h>
#include <merlon/test.h>
#include <psa/internal_trusted_storage.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <string.h>

enum { CALLER_HANDLE = SPM_STATELESS_FLAG | 1 };

static psa_status_t (*order)(void);

/* A Secure client: runs what the test asks for, under an identity of its own. */
static psa_status_t caller_sfn(const psa_msg_t *msg)
{
	(void)msg;
	return order();
}

struct spm spm;
static const struct spm_partition partitions[] = {
	{ .name = "SP_FLASH", .id = SP_FLASH, .init = flash_init },
	{ .name = "SP_ITS", .id = SP_ITS, .init = its_init, .dependencies = 1 },
	{ .name = "SP_CRYPTO", .id = SP_CRYPTO, .dependencies = 2 },
};
static const struct spm_service services[] = {
	{ .function = flash_sfn, .sid = FLASH_SID, .version = 1, .partition = 0, .strict = true },
	{ .function = internal_trusted_storage_sfn,
	  .sid = INTERNAL_TRUSTED_STORAGE_SID,
	  .version = 1,
	  .partition = 1,
	  .strict = true,
	  .nonsecure = true },
	{ .function = caller_sfn, .sid = 0x7000, .version = 1, .partition = 2, .strict = true, .nonsecure = true },
};
static uint8_t stateless[SPM_SERVICES_MAX + 1];
const struct spm_table spm_table = {
	.partitions = partitions, .services = services, .stateless = stateless, .partition_count = 3, .service_count = 3
};

static struct sim_flash flash;

static void restart(void)
{
	memset(&spm, 0, sizeof spm);
	flash_configure(&flash.medium);
	its_configure(merlon_flash_area(MERLON_FLASH_ITS));
	CHECK_EQ(spm_start(), PSA_SUCCESS);
}

static void begin(void)
{
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	memset(stateless, 0xff, sizeof stateless);
	stateless[FLASH_HANDLE & ~SPM_STATELESS_FLAG] = 0;
	stateless[INTERNAL_TRUSTED_STORAGE_HANDLE & ~SPM_STATELESS_FLAG] = 1;
	stateless[CALLER_HANDLE & ~SPM_STATELESS_FLAG] = 2;
	restart();
}

TEST(set_get_info_remove, CLAIM("its.api"), FUNCTIONAL)
{
	static const char text[] = "what is kept here survives";
	char read[64];
	size_t length = 99;
	struct psa_storage_info_t info;
	begin();
	CHECK_EQ(psa_its_set(7, sizeof text, text, PSA_STORAGE_FLAG_NO_CONFIDENTIALITY), PSA_SUCCESS);
	restart();
	CHECK_EQ(psa_its_get_info(7, &info), PSA_SUCCESS);
	CHECK(info.size == sizeof text && info.capacity == sizeof text && info.flags == PSA_STORAGE_FLAG_NO_CONFIDENTIALITY);
	CHECK_EQ(psa_its_get(7, 0, sizeof read, read, &length), PSA_SUCCESS);
	CHECK(length == sizeof text && memcmp(read, text, sizeof text) == 0);
	CHECK_EQ(psa_its_get(7, 5, 4, read, &length), PSA_SUCCESS);
	CHECK(length == 4 && memcmp(read, text + 5, 4) == 0);
	CHECK_EQ(psa_its_remove(7), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(7, 0, sizeof read, read, &length), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(length, 0);
	CHECK_EQ(psa_its_remove(7), PSA_ERROR_DOES_NOT_EXIST);
}

TEST(corner_cases, CLAIM("its.api"), MALFORMED)
{
	static uint8_t data[4096], read[4096];
	size_t length;
	struct psa_storage_info_t info;
	begin();
	CHECK_EQ(psa_its_set(0, 1, data, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get(0, 0, 1, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get_info(0, &info), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_remove(0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_set(1, 0, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(1, 0, 0, NULL, &length), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(1, 1, 0, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_set(1, 10, data, 0), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(1, 10, 5, read, &length), PSA_SUCCESS);
	CHECK_EQ(length, 0);
	memset(read, 0x77, sizeof read);
	CHECK_EQ(psa_its_get(1, 11, 5, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get(1, SIZE_MAX, 5, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get(1, 0, SIZE_MAX, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK(read[0] == 0x77 && read[4] == 0x77 && length == 0);
	CHECK_EQ(psa_its_get(1, 0, 5, NULL, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get(1, 0, 5, read, NULL), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_get_info(1, NULL), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_set(1, 10, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_its_set(1, 10, data, 8), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_its_set(1, 4096, data, 0), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(1, 0, 4096, read, &length), PSA_SUCCESS);
	CHECK(length == 4096 && memcmp(read, data, 4096) == 0);
	CHECK_EQ(psa_its_set(1, 10, data, PSA_STORAGE_FLAG_WRITE_ONCE), PSA_SUCCESS);
	CHECK_EQ(psa_its_set(1, 10, data, 0), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(psa_its_remove(1), PSA_ERROR_NOT_PERMITTED);
}

/* Messages that no client of ours would send. */
TEST(refuses_malformed_messages, CLAIM("its.api"), ATTACK)
{
	struct merlon_its_request request = { 5, 0, 0 };
	static uint8_t huge[70000];
	psa_invec in[2] = { { &request, sizeof request - 1 }, { huge, sizeof huge } };
	psa_outvec out = { huge, sizeof(struct merlon_its_info) - 1 };
	begin();
	for (int32_t type = MERLON_ITS_SET; type <= MERLON_ITS_REMOVE; type++) {
		CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, type, in, 1, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
		CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, type, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
	}
	in[0].len = sizeof request;
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, 0, in, 1, NULL, 0), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, 5, in, 1, NULL, 0), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_SET, in, 2, NULL, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_SET, in, 1, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_GET_INFO, in, 1, &out, 1), PSA_ERROR_BUFFER_TOO_SMALL);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_GET_INFO, in, 1, NULL, 0), PSA_ERROR_BUFFER_TOO_SMALL);
	CHECK_EQ(psa_call(INTERNAL_TRUSTED_STORAGE_HANDLE, MERLON_ITS_GET, in, 1, NULL, 0), PSA_SUCCESS);
}

static psa_status_t set_as_partition(void)
{
	return psa_its_set(9, 6, "secure", PSA_STORAGE_FLAG_NONE);
}

static psa_status_t check_as_partition(void)
{
	char read[8];
	size_t length;
	psa_status_t status = psa_its_get(9, 0, sizeof read, read, &length);
	return status == PSA_SUCCESS && (length != 6 || memcmp(read, "secure", 6) != 0) ? PSA_ERROR_DATA_INVALID : status;
}

TEST(worlds_do_not_meet, CLAIM("its.separation"), ATTACK)
{
	char read[8];
	size_t length;
	begin();
	order = set_as_partition;
	CHECK_EQ(psa_call(CALLER_HANDLE, 0, NULL, 0, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_its_get(9, 0, sizeof read, read, &length), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(psa_its_remove(9), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(psa_its_set(9, 3, "non", 0), PSA_SUCCESS);
	order = check_as_partition;
	CHECK_EQ(psa_call(CALLER_HANDLE, 0, NULL, 0, NULL, 0), PSA_SUCCESS);
}

/* Damage is told, and nothing of it reaches the client. */
TEST(damaged_data_never_reach_the_client, CLAIM("its.rot"), MALFORMED)
{
	static uint8_t data[1000], read[1000];
	size_t length;
	begin();
	memset(data, 0x3c, sizeof data);
	CHECK_EQ(psa_its_set(3, sizeof data, data, 0), PSA_SUCCESS);
	uint8_t *end = flash.cells + BOARD_FLASH_ITS_OFFSET;
	while (memcmp(end, data, 16) != 0)
		end++;
	end[sizeof data - 1] ^= 0x10;
	memset(read, 0x77, sizeof read);
	CHECK_EQ(psa_its_get(3, 0, sizeof read, read, &length), PSA_ERROR_DATA_CORRUPT);
	CHECK(length == 0 && read[0] == 0x77 && read[999] == 0x77);
}
