/* SPDX-License-Identifier: Apache-2.0 */
/* Confirm window, watchdog and reset belong to the platform partition: this one asks it. */
#include "fwu_otp.h"
#include "start.h"
#include <merlon/audit.h>
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/flash.h>
#include <merlon/platform.h>
#include <merlon/product/config.h>
#include <merlon/secure_fwu/fwu.h>
#include <psa/client.h>
#include <psa_manifest/sid.h>
#include <string.h>

/* Where a candidate will run: in direct-XIP in its own slot, else where the active image runs. */
#define CANDIDATE_ADDRESS(world, active)                                                                                           \
	(MERLON_UPGRADE_MODE == MERLON_UPGRADE_MODE_XIP ? BOARD_FLASH_BASE + BOARD_FLASH_##world##_SECONDARY_OFFSET : (active))

static struct fwu_config config;
static struct image_crypto crypto;

static void on_accepted(void)
{
	(void)merlon_platform_window_close();
}

static void reboot(void)
{
	(void)merlon_platform_reset(MERLON_RESET_REQUESTED);
}

/* As BL2's refusals, for the audit log of a product that has one. */
static void on_refused(uint8_t component, const struct image_verdict *verdict)
{
	const struct image_version *version = &verdict->header.version;
	struct merlon_audit_record record = { .kind = MERLON_AUDIT_REFUSED };
	record.data.refused = (struct merlon_audit_refused) { .code = (uint8_t)verdict->refusal,
							      .image = component,
							      .major = version->major,
							      .minor = version->minor,
							      .revision = version->revision,
							      .build = version->build };
	memcpy(record.data.refused.digest_prefix, verdict->digest, sizeof record.data.refused.digest_prefix);
	if (psa_version(AUDIT_SID) != PSA_VERSION_NONE)
		(void)merlon_audit_add(&record);
}

/* Judging an image takes its time. */
static void on_progress(void *context)
{
	(void)context;
	(void)merlon_platform_alive();
}

void prepare_fwu(void)
{
	fwu_crypto_init(&crypto, on_progress);
	config = (struct fwu_config) {
		.primary = { merlon_flash_area(MERLON_FLASH_S_PRIMARY), merlon_flash_area(MERLON_FLASH_NS_PRIMARY) },
		.secondary = { merlon_flash_area(MERLON_FLASH_S_SECONDARY), merlon_flash_area(MERLON_FLASH_NS_SECONDARY) },
		.journal = merlon_flash_area(MERLON_FLASH_JOURNAL),
		.state = merlon_flash_area(MERLON_FLASH_FWU_STATE),
		.otp = fwu_otp(),
		.crypto = &crypto,
		.run_address = { BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_NS_IMAGE_BASE },
		.candidate_address = { CANDIDATE_ADDRESS(S, BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET),
				       CANDIDATE_ADDRESS(NS, BOARD_NS_IMAGE_BASE) },
		.slot_size = BOARD_SLOT_SIZE,
		.attempts = MERLON_TRIAL_ATTEMPTS,
		.accepted = on_accepted,
		.reboot = reboot,
		.refused = on_refused,
	};
	fwu_configure(&config);
}
