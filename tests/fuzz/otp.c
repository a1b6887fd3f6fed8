/* SPDX-License-Identifier: Apache-2.0 */
/* OTP under libFuzzer: any content has an answer, and writing to it keeps what the records promise. */
#include <merlon/hal/otp.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/sim/flash.h>
#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_keys(const struct medium *otp)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	psa_status_t status = otp_keys_get(otp, keys, &count);
	require(status == PSA_SUCCESS ? count <= IMAGE_KEY_MAX : status == PSA_ERROR_DATA_CORRUPT && count == 0);
	for (uint8_t i = 0; i < count; i++)
		require(keys[i].der_size > 0 && keys[i].der_size <= IMAGE_KEY_DER_MAX && keys[i].role >= 1 && keys[i].role <= 3);
	if (count == 0 || otp_key_revoke(otp, keys[0].slot) != PSA_SUCCESS)
		return;
	status = otp_keys_get(otp, keys, &count);
	require(status == PSA_ERROR_DATA_CORRUPT || (status == PSA_SUCCESS && keys[0].revoked));
}

/* What stands behind eight blank slots counts from the moment the table reaches it: a counter may then be higher, never lower. */
static void check_counter(const struct medium *otp, uint8_t image)
{
	uint32_t before, after, room, left;
	if (otp_counter_get(otp, image, &before, &room) != PSA_SUCCESS)
		return;
	require(room <= OTP_COUNTER_SLOTS);
	uint32_t wanted = before < UINT32_MAX ? before + 1 : before;
	psa_status_t raised = otp_counter_raise(otp, image, wanted), read = otp_counter_get(otp, image, &after, &left);
	if (raised != PSA_SUCCESS)
		require(raised == PSA_ERROR_INSUFFICIENT_STORAGE && room == 0 && after == before);
	else
		require(read == PSA_ERROR_DATA_CORRUPT || (read == PSA_SUCCESS && after >= wanted));
}

static void check_identity(const struct medium *otp)
{
	struct otp_identity identity, given = { .serial = "S" };
	psa_status_t status = otp_identity_get(otp, &identity);
	require(status == PSA_SUCCESS || (status == PSA_ERROR_DOES_NOT_EXIST && mem_is_filled(&identity, 0, sizeof identity)));
	require(identity.serial[OTP_SERIAL_MAX] == '\0');
	if (otp_identity_set(otp, &given) == PSA_SUCCESS)
		require(otp_identity_get(otp, &identity) == PSA_SUCCESS && memcmp(&identity, &given, sizeof given) == 0);
}

static void check_lifecycle(const struct medium *otp)
{
	enum otp_lifecycle before, after;
	psa_status_t status = otp_lifecycle_get(otp, &before);
	require((status == PSA_SUCCESS) == (before != OTP_LIFECYCLE_UNKNOWN));
	for (unsigned i = 1; i <= 6; i++) {
		if (otp_lifecycle_set(otp, (enum otp_lifecycle)(0x1000 * i)) != PSA_SUCCESS)
			continue;
		if (otp_lifecycle_get(otp, &after) != PSA_SUCCESS)
			return;
		require(before < OTP_LIFECYCLE_SECURED || after >= OTP_LIFECYCLE_SECURED);
		before = after;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_flash device;
	struct otp_guard guard;
	sim_otp_init(&device, NULL, OTP_SIZE, 4);
	memcpy(device.cells, data, size < OTP_SIZE ? size : OTP_SIZE);
	otp_guard_init(&guard, &device.medium);
	check_keys(&guard.medium);
	check_identity(&guard.medium);
	check_counter(&guard.medium, 0);
	check_counter(&guard.medium, 1);
	check_lifecycle(&guard.medium);
	sim_flash_deinit(&device);
	return 0;
}
