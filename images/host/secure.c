/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure image of the device in a host program: images/secure over simulated hardware. Its partitions are the very same. */
#include "device.h"
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/builtin_keys.h>
#include <merlon/flash.h>
#include <merlon/hal/flash.h>
#include <merlon/hal/otp.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/platform.h>
#include <merlon/product/config.h>
#include <merlon/secure_attest/attest.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/secure_fwu/fwu.h>
#include <merlon/secure_its/its.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/spm/machine.h>
#include <merlon/spm/spm.h>
#include <merlon/veneer.h>
#include <psa_manifest/pid.h>
#include <stdio.h>
#include <string.h>

struct spm spm;

static struct host_device *hardware;
static struct otp_guard otp;
static struct noise noise;
static struct image_crypto image_crypto;
static char serial[OTP_SERIAL_MAX + 1];

static void reset_because(enum reset_cause cause)
{
	hardware->cause = cause;
	hardware->restarts = true;
}

static void reboot(void)
{
	reset_because(RESET_CAUSE_REQUESTED);
}

/* The device restarts, as any does; what the client called never comes back to it as a success. */
_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	char why[64];
	snprintf(why, sizeof why, "%s: %s", spm_api_name(api), spm_error_text(error));
	host_complain(partition != SPM_NONSECURE ? spm_table.partitions[partition].name : "the partition manager", why);
	spm_machine_reset(RESET_CAUSE_PANIC);
}

_Noreturn void spm_machine_reset(uint32_t cause)
{
	hardware->cause = (enum reset_cause)cause;
	sim_power_off(&hardware->power);
}

static void on_accepted(void)
{
	(void)merlon_platform_window_close();
}

/* Time does not pass for the device: neither the watchdog nor the confirm window runs out in a debugger. A reset that the program
 * asks for takes their place. */
static psa_status_t timer_start(const struct timer *timer, uint32_t period_us, bool repeats)
{
	(void)timer, (void)period_us, (void)repeats;
	return PSA_SUCCESS;
}

static void timer_do(const struct timer *timer)
{
	(void)timer;
}

static void watchdog_do(const struct watchdog *watchdog)
{
	(void)watchdog;
}

/* As images/secure: they reach the Crypto partition alone. */
static void hand_out_secrets(void)
{
	static const struct crypto_builtin_user users[] = { { MERLON_KEY_IAK, SP_ATTEST } };
	struct crypto_builtin builtin = { .users = users, .user_count = sizeof users / sizeof users[0] };
	struct attest_config attest = {
		.handover = hardware->handover,
		.handover_size = sizeof hardware->handover,
		.implementation = "merlon host",
		.certification = MERLON_CERTIFICATION_REFERENCE,
		.service = MERLON_VERIFICATION_SERVICE,
	};
	struct otp_identity identity;
	bool has_identity = otp_identity_get(&otp.medium, &identity) == PSA_SUCCESS;
	memcpy(serial, identity.serial, sizeof serial);
	if (has_identity && lifecycle_allows(spm.lifecycle, LIFECYCLE_SECRETS)) {
		memcpy(builtin.huk, identity.huk, sizeof builtin.huk);
		memcpy(builtin.iak, identity.iak, sizeof builtin.iak);
		crypto_builtin_set(&builtin);
		attest.instance = identity.instance;
	}
	attest_configure(&attest);
	mem_wipe(&builtin, sizeof builtin);
	mem_wipe(&identity, sizeof identity);
}

static psa_status_t close_doors(void)
{
	otp_guard_init(&otp, &hardware->otp.medium);
	psa_status_t status = otp_lifecycle_settle(&otp.medium, spm.lifecycle);
	hand_out_secrets();
	if (status == PSA_SUCCESS)
		status = otp_guard_close_writing(&otp, OTP_LIFECYCLE_OFFSET + OTP_LIFECYCLE_SIZE, OTP_SIZE - OTP_LIFECYCLE_SIZE);
	return status == PSA_SUCCESS ? otp_guard_close_reading(&otp, OTP_IDENTITY_OFFSET, OTP_IDENTITY_SIZE) : status;
}

static psa_status_t clear_storage(void)
{
	static const struct {
		uint32_t offset, size;
	} areas[] = { { BOARD_FLASH_ITS_OFFSET, BOARD_FLASH_ITS_SIZE }, { BOARD_FLASH_PS_OFFSET, BOARD_FLASH_PS_SIZE } };
	psa_status_t status = PSA_SUCCESS;
	for (size_t i = 0; i < sizeof areas / sizeof areas[0] && status == PSA_SUCCESS; i++) {
		struct flash_window window;
		status = flash_window_init(&window, &hardware->flash.medium, areas[i].offset, areas[i].size);
		if (status == PSA_SUCCESS)
			status = medium_clear(&window.medium);
	}
	return status;
}

static void configure_partitions(void)
{
	static const struct timer_ops timer_ops = { timer_start, timer_do, timer_do };
	static const struct timer window = { &timer_ops };
	static const struct watchdog_ops watchdog_ops = { .feed = watchdog_do };
	static const struct watchdog watchdog = { &watchdog_ops };
	static struct fwu_config fwu;
	static struct platform_config platform;
	flash_configure(&hardware->flash.medium);
	its_configure(merlon_flash_area(MERLON_FLASH_ITS));
	crypto_noise_set(&noise);
	fwu_crypto_init(&image_crypto, NULL);
	fwu = (struct fwu_config) {
		.primary = { merlon_flash_area(MERLON_FLASH_S_PRIMARY), merlon_flash_area(MERLON_FLASH_NS_PRIMARY) },
		.secondary = { merlon_flash_area(MERLON_FLASH_S_SECONDARY), merlon_flash_area(MERLON_FLASH_NS_SECONDARY) },
		.journal = merlon_flash_area(MERLON_FLASH_JOURNAL),
		.state = merlon_flash_area(MERLON_FLASH_FWU_STATE),
		.otp = &otp.medium,
		.crypto = &image_crypto,
		.run_address = { BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_NS_IMAGE_BASE },
		.candidate_address = { BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_NS_IMAGE_BASE },
		.slot_size = BOARD_SLOT_SIZE,
		.attempts = MERLON_TRIAL_ATTEMPTS,
		.accepted = on_accepted,
		.reboot = reboot,
	};
	fwu_configure(&fwu);
	platform = (struct platform_config) {
		.handover = hardware->handover,
		.handover_size = sizeof hardware->handover,
		.factory = merlon_flash_area(MERLON_FLASH_FACTORY),
		.watchdog = &watchdog,
		.window = &window,
		.window_ms = MERLON_CONFIRM_WINDOW_S * 1000,
		.updater = SP_FWU,
		.reset = reset_because,
		.otp = &otp.medium,
		.serial = serial,
	};
	platform_configure(&platform);
}

psa_status_t host_secure_start(struct host_device *device)
{
	hardware = device;
	memset(&spm, 0, sizeof spm);
	noise = (struct noise) { 0 };
	psa_status_t status = handover_find_u32(device->handover, sizeof device->handover,
						HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), &spm.lifecycle);
	if (status == PSA_SUCCESS)
		status = noise_start(&noise, &device->noise.source);
	if (status == PSA_SUCCESS)
		status = close_doors();
	if (status == PSA_SUCCESS && spm.lifecycle == OTP_LIFECYCLE_DECOMMISSIONED)
		status = clear_storage();
	configure_partitions();
	return status == PSA_SUCCESS ? spm_start() : status;
}

uint32_t host_secure_version(uint32_t sid)
{
	return spm_version_of(SPM_NONSECURE, sid);
}

psa_handle_t host_secure_connect(uint32_t sid, uint32_t version)
{
	return spm_connect(SPM_CLIENT_NONSECURE, sid, version);
}

psa_status_t host_secure_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
			      size_t out_len)
{
	return spm_call(SPM_CLIENT_NONSECURE, handle, merlon_veneer_pack(type, in_len, out_len), in_vec, out_vec);
}

void host_secure_close(psa_handle_t handle)
{
	spm_close(SPM_CLIENT_NONSECURE, handle);
}
